//! Performance profiles over problems.

use super::{
    Anchor, Axis, Entry, Ink, Legend, Mark, Markers, Panel, Plot, Point, Scale, Stroke, Symbol, Table, words,
};
use crate::analysis::{Analysis, Measure, PerformanceLine, Profiles, SCORED_TO};
use crate::number::{count, rounded};
use crate::table::Row;

const CAPTION: &str = "The fraction of problems on which each value is within a factor of the best. The left edge shows how often it is the best; the right edge, how many problems it solves at all. A line above all others is better at every factor.";

/// Larger ratios are drawn at the edge.
const MAX_RATIO: f64 = 1000.0;

/// A line for each compared value.
pub(super) fn plot(analysis: &Analysis) -> Option<Plot> {
    let found = Profiles::new(analysis)?;
    let is_empty = found.lines.iter().all(|line| line.steps.is_empty());
    Some(Plot {
        title: format!("Performance profile over {}", count(found.common.len(), "problem")),
        notes: notes(analysis, &found),
        settings: words::fixed(analysis.info),
        caption: CAPTION,
        panels: (!is_empty).then(|| panel(&found)).into_iter().collect(),
        nothing: "No problem was solved.".to_owned(),
        legend: legend(analysis, &found),
        tables: vec![table(analysis, &found)],
        ..Plot::default()
    })
}

fn notes(analysis: &Analysis, found: &Profiles) -> Vec<String> {
    let notes = [
        Some(format!("a problem: {}", found.problems.name(&analysis.grid))),
        Some("left edge: how often it is best".into()),
        Some("right edge: how many problems it solves at all".into()),
        Some(format!("score: the area below, up to a ratio of {SCORED_TO}")),
        found.fresh.then_some("runs on fresh seeds".into()),
        words::edge(&Scale::exactly(0.0, MAX_RATIO), &[found.largest()]),
    ];
    notes.into_iter().flatten().collect()
}

/// The name of the compared measure for readers.
fn measure(measure: Measure) -> String {
    match measure {
        Measure::Time(clock) => format!("median {} to the target", words::clock(clock)),
        Measure::Final(metric) if metric.is_loss() => format!("median final {}", metric.label()),
        Measure::Final(metric) => format!("1 − median final {}", metric.label()),
    }
}

fn panel(found: &Profiles) -> Panel {
    let farthest = found.largest().clamp(1.2 * SCORED_TO, MAX_RATIO);
    let x = Scale::Logarithmic { low: -0.012, high: 1.03 * libm::log10(farthest) };
    let label = format!("{} divided by the best on the problem", measure(found.measure));
    let y = Axis::new("fraction of problems solved within the ratio", Scale::exactly(-0.03, 1.04));
    let end = x.ends().1;
    let lines = Mark::side_by_side(found.lines.iter().map(|one| line(found, one, end)).collect());
    let text = format!("scored up to {SCORED_TO}");
    let limit = [
        Mark::upright(Ink::Muted, SCORED_TO, Stroke::solid(1.0)),
        Mark::text(Ink::Muted, (SCORED_TO, 0.0), text, Anchor::Right, (-10.0, 0.0)),
    ];
    Panel::new(Axis::new(label, x), y, limit.into_iter().chain(lines).collect())
}

/// A line that is level until the next problem is solved, and continues to the edge.
fn line(found: &Profiles, line: &PerformanceLine, end: f64) -> [Mark; 2] {
    let point = |ratio: f64, share: f64| {
        let hover = format!(
            "{} within {} times the best\nscore {}, solves {} of {}",
            rounded(share, 3),
            rounded(ratio, 4),
            rounded(line.score, 3),
            line.solved,
            found.common.len()
        );
        Point::new(ratio, share).saying(hover)
    };
    let (mut corners, mut last) = (vec![point(1.0, 0.0)], 0.0);
    for (ratio, share) in &line.steps {
        corners.extend([point(*ratio, last), point(*ratio, *share)]);
        last = *share;
    }
    corners.push(point(end.max(found.largest()), last));
    let steps = line.steps.iter().map(|(ratio, share)| point(*ratio, *share)).collect();
    [
        Mark::series(line.compared, Markers::None, corners),
        Mark::points(Ink::Series(line.compared), Symbol::Series(line.compared), 8.0, steps),
    ]
}

/// Sorted by score, the best first.
fn legend(analysis: &Analysis, found: &Profiles) -> Legend {
    let entry = |index: usize| {
        let line = &found.lines[index];
        let solved = format!("solves {} of {}", line.solved, found.common.len());
        let note = format!("score {}, {solved}", rounded(line.score, 3));
        Entry::compared(analysis, line.compared).noting([note])
    };
    Legend::new(analysis.compared_name(), found.by_score().into_iter().map(entry))
}

/// The points at which each line rises, with the new values.
fn table(analysis: &Analysis, found: &Profiles) -> Table {
    let mut table = Table::new([analysis.compared_name(), "ratio", "share_of_problems"]);
    for line in &found.lines {
        for (ratio, share) in &line.steps {
            let mut row = Row::default();
            row.text(&analysis.compared[line.compared].label);
            table.push(row.number(Some(*ratio)).number(Some(*share)));
        }
    }
    table
}
