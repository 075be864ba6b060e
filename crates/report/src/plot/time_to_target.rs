//! The fraction of runs that have reached the target, over time.

use super::table::first_cells_of;
use super::{
    Axis, Entry, Ink, Legend, Mark, Markers, Panel, Plot, Point, Scale, Symbol, Table, Ticks, words,
};
use crate::analysis::{Analysis, Clock, Reaching, ReachingLine, ReachingPanel, TargetCell, TimeToTarget};
use crate::number::{count, rounded};

const CAPTION: &str = "How soon runs reach the target, and how many do: further left is faster, higher is more runs. A line ends when its last run ends; with a lost run it never reaches 1.";

/// If the longest time exceeds the shortest by more than this factor, the axis is logarithmic.
const WIDE: f64 = 30.0;

/// A panel for each problem, or one panel for the best configurations.
pub(super) fn plot(analysis: &Analysis) -> Option<Plot> {
    let found = TimeToTarget::new(analysis)?;
    let panels = found.panels(analysis);
    // Logarithmic in all panels or in none, so that they read alike.
    let is_wide = panels.iter().map(range).any(|(shortest, longest)| longest > WIDE * shortest);
    let columns = match panels.len() {
        0 | 1 => 1,
        2..=4 => 2,
        _ => 3,
    };
    Some(Plot {
        title: format!("Fraction of runs that have reached the target{}", words::each(analysis)),
        notes: notes(analysis, &found),
        settings: words::fixed(analysis.info),
        caption: CAPTION,
        panels: panels.iter().map(|one| panel(analysis, &found, one, is_wide)).collect(),
        columns,
        nothing: "No run was timed.".to_owned(),
        legend: legend(analysis, &found, &panels),
        tables: vec![table(analysis, &found, &panels)],
        ..Plot::default()
    })
}

fn notes(analysis: &Analysis, found: &TimeToTarget) -> Vec<String> {
    let notes = [
        Some(format!("target: {}", analysis.target())),
        Some("marker: half of the runs have reached it".into()),
        found.fresh.then_some("runs on fresh seeds".into()),
        Some("missed: not reached by its end; lost: never reached".into()),
    ];
    notes.into_iter().flatten().collect()
}

/// The shortest time after the start, and the longest.
fn range(panel: &ReachingPanel) -> (f64, f64) {
    let times = || panel.lines.iter().flat_map(|line| &line.points).map(|(time, _)| *time);
    let shortest = times().filter(|time| *time > 0.0).fold(f64::INFINITY, f64::min);
    (shortest, times().fold(0.0, f64::max))
}

fn scale(panel: &ReachingPanel, is_wide: bool) -> Scale {
    match range(panel) {
        (_, 0.0) => Scale::exactly(0.0, 1.0),
        (shortest, longest) if is_wide => Scale::logarithmic([shortest, longest]),
        (_, longest) => Scale::exactly(0.0, 1.02 * longest),
    }
}

fn panel(analysis: &Analysis, found: &TimeToTarget, panel: &ReachingPanel, is_wide: bool) -> Panel {
    let clock = analysis.clock();
    let ticks = if clock == Clock::Seconds { Ticks::Numbers } else { Ticks::Counts };
    let x = Axis::new(words::clock(clock), scale(panel, is_wide)).with(ticks);
    let y = Axis::new("fraction of runs", Scale::exactly(-0.03, 1.03));
    let lines = panel.lines.iter().map(|line| marks(analysis, found, line)).collect();
    let problem = panel.problem.map(|problem| found.problems.label(&analysis.grid, problem));
    Panel { title: problem.unwrap_or_default(), ..Panel::new(x, y, Mark::side_by_side(lines)) }
}

/// A line that is level until the next run reaches the target, and a mark where half of the runs have.
fn marks(analysis: &Analysis, found: &TimeToTarget, line: &ReachingLine) -> [Mark; 2] {
    let compared = line.cell.compared;
    let runs = line.cell.deciding(found.fresh);
    let clock = words::clock(analysis.clock());
    let point = |time: f64, share: f64| {
        let reached = format!("{} of {} reach it", runs.reached, count(runs.runs, "run"));
        let hover = format!("{} after {} {clock}\n{reached}", rounded(share, 3), rounded(time, 4));
        Point::new(time, share).saying(hover)
    };
    let first = line.points.first().map(|(time, share)| point(*time, *share));
    let corners =
        line.points.windows(2).flat_map(|pair| [point(pair[1].0, pair[0].1), point(pair[1].0, pair[1].1)]);
    let half = line.points.iter().find(|(_, share)| *share >= 0.5 - 1e-12);
    let half = half.map(|(time, share)| point(*time, *share)).into_iter().collect();
    [
        Mark::series(compared, Markers::None, first.into_iter().chain(corners).collect()),
        Mark::points(Ink::Series(compared), Symbol::Series(compared), 10.0, half),
    ]
}

/// The compared values of all panels, with the number of their runs that reach the target.
fn legend(analysis: &Analysis, found: &TimeToTarget, panels: &[ReachingPanel]) -> Legend {
    let cells = || panels.iter().flat_map(|panel| &panel.lines).map(|line| line.cell);
    let mut compared: Vec<usize> = cells().map(|cell| cell.compared).collect();
    compared.sort_unstable();
    compared.dedup();
    let is_alone = panels.len() == 1;
    let entry = |compared: usize| {
        let ours: Vec<&TargetCell> = cells().filter(|cell| cell.compared == compared).collect();
        let sum = |of: fn(&Reaching) -> usize| -> usize {
            ours.iter().map(|cell| of(cell.deciding(found.fresh))).sum()
        };
        let best = ours.first().filter(|_| is_alone).map(|cell| &analysis.configurations[cell.configuration]);
        Entry {
            details: best.map(|best| words::details(analysis, best)).unwrap_or_default(),
            notes: vec![format!("{} of {} runs", sum(|one| one.reached), sum(|one| one.runs))],
            ..Entry::compared(analysis, compared)
        }
    };
    Legend::new(analysis.compared_name(), compared.into_iter().map(entry))
}

/// Each row holds the fraction from that time on.
fn table(analysis: &Analysis, found: &TimeToTarget, panels: &[ReachingPanel]) -> Table {
    let mut table = Table::of_compared(analysis, ["seeds", analysis.clock().name(), "share_reached"]);
    for line in panels.iter().flat_map(|panel| &panel.lines) {
        for (time, share) in &line.points {
            let mut row = first_cells_of(analysis, line.cell.compared, line.cell.configuration);
            row.text(if found.fresh { "fresh" } else { "planned" }).number(Some(*time));
            table.push(row.number(Some(*share)));
        }
    }
    table
}
