//! How many runs ended in which way.

use super::{Area, Axis, Ink, Mark, Name, Panel, Plot, Scale, Table};
use crate::analysis::Analysis;
use crate::number::count;
use crate::table::Row;

const CAPTION: &str = "Runs that diverged or failed count as worse than any number.";

/// A bar for each way to end.
pub(super) fn plot(analysis: &Analysis) -> Option<Plot> {
    let all = analysis.outcomes;
    let endings = [
        ("finished", all.finished),
        ("diverged", all.diverged),
        ("failed", all.failed),
        ("timed out", all.timed_out),
    ];
    let mut table = Table::new(["ending", "runs"]);
    let mut bars = Vec::new();
    for (at, (name, runs)) in endings.into_iter().enumerate() {
        table.push(Row::default().text(name).count(runs as u64));
        let x = at as f64;
        bars.push(Area { x: (x - 0.4, x + 0.4), y: (0.0, runs as f64), hover: count(runs, "run") });
    }
    let names = endings.map(|(name, _)| Name::new(name)).to_vec();
    let y = Axis::new("runs", Scale::exactly(0.0, 1.05 * all.total() as f64));
    let marks = vec![Mark::boxes(Ink::Series(0), 1.0, bars)];
    Some(Plot {
        title: "How runs ended".to_owned(),
        caption: CAPTION,
        panels: vec![Panel::new(Axis::names("ending", names), y, marks)],
        tables: vec![table],
        ..Plot::default()
    })
}
