//! Performance profiles over problems.

use super::{
    Anchor, Axis, Entry, Ink, Legend, Mark, Markers, Panel, Plot, Point, Scale, Stroke, Symbol, Table, words,
};
use crate::analysis::{Analysis, Measure, PerformanceLine, Profiles, SCORED_TO};
use crate::number::{count, rounded};
use crate::table::Row;

const CAPTION: &str = "The share of problems on which each one is within a factor of the best. The left edge shows how often it is the best; the right edge, how many problems it solves at all. A line above all others is better at every factor.";

/// Larger ratios are drawn at the edge.
const MAX_RATIO: f64 = 1000.0;

/// The shift between overlapping lines, in pixels.
const APART: f64 = 3.0;

/// A line for each compared value.
pub(super) fn plots(analysis: &Analysis) -> Vec<Plot> {
    let Some(found) = Profiles::new(analysis) else { return Vec::new() };
    let is_empty = found.lines.iter().all(|line| line.steps.is_empty());
    vec![Plot {
        notes: notes(analysis, &found),
        settings: words::fixed(analysis.info),
        caption: CAPTION,
        panels: if is_empty { Vec::new() } else { vec![panel(&found)] },
        nothing: "No problem was solved.".to_owned(),
        legend: legend(analysis, &found),
        tables: vec![table(analysis, &found)],
        ..Plot::new(
            "performance_profile",
            format!("Performance profile over {}", count(found.common.len(), "problem")),
        )
    }]
}

fn notes(analysis: &Analysis, found: &Profiles) -> Vec<String> {
    let mut notes = vec![
        format!("a problem: {}", found.problems.name(&analysis.grid)),
        "left edge: how often it is best".to_owned(),
        "right edge: how many problems it solves at all".to_owned(),
        format!("score: the area below, up to a ratio of {SCORED_TO}"),
    ];
    if found.fresh {
        notes.push("runs on fresh seeds".to_owned());
    }
    if found.largest() > MAX_RATIO {
        notes.push(words::EDGE.to_owned());
    }
    notes
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
    let label = format!("{} over that of the best on the problem", measure(found.measure));
    let y = Axis::new("share of problems solved within the ratio", Scale::exactly(-0.03, 1.04));
    let middle = (found.lines.len() as f64 - 1.0) / 2.0;
    let end = x.ends().1;
    let lines = (0..)
        .zip(&found.lines)
        .flat_map(|(order, one)| line(found, one, end, APART * (f64::from(order) - middle)));
    let limit = [
        Mark::upright(Ink::Muted, SCORED_TO, Stroke::solid(1.0)),
        Mark::text(
            Ink::Muted,
            (SCORED_TO, 0.0),
            format!("scored up to {SCORED_TO}"),
            Anchor::Right,
            (-10.0, 0.0),
        ),
    ];
    Panel::new(Axis::new(label, x), y, limit.into_iter().chain(lines).collect())
}

/// A line that is level until the next problem is solved, and continues to the edge.
fn line(found: &Profiles, line: &PerformanceLine, end: f64, lift: f64) -> [Mark; 2] {
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
        Mark::series(line.compared, Markers::None, corners).lifted(lift),
        Mark::points(Ink::Series(line.compared), Symbol::Series(line.compared), 8.0, steps).lifted(lift),
    ]
}

/// Sorted by score, the best first.
fn legend(analysis: &Analysis, found: &Profiles) -> Legend {
    let entry = |index: usize| {
        let line = &found.lines[index];
        let solved = format!("solves {} of {}", line.solved, found.common.len());
        Entry {
            notes: vec![format!("score {}, {solved}", rounded(line.score, 3))],
            ..Entry::series(line.compared, &analysis.compared[line.compared].short)
        }
    };
    let entries = found.by_score().into_iter().map(entry).collect();
    Legend { title: analysis.compared_name().to_owned(), entries }
}

/// The points at which each line rises, with the new values.
fn table(analysis: &Analysis, found: &Profiles) -> Table {
    let titles = [analysis.compared_name(), "ratio", "share_of_problems"];
    let mut table = Table::new("performance_profile", titles);
    for line in &found.lines {
        for (ratio, share) in &line.steps {
            let mut row = Row::default();
            row.text(&analysis.compared[line.compared].label);
            table.push(row.number(Some(*ratio)).number(Some(*share)));
        }
    }
    table
}
