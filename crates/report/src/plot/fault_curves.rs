//! Training with each fault, compared with training without it.

use super::{Axis, Ink, Mark, Panel, Plot, Point, Scale, Stroke, Table, Ticks, words};
use crate::analysis::{Analysis, Checks, FaultPanel, FaultVerdict, fault_curves};
use crate::number::rounded;
use crate::table::Row;
use chainrule_record::{RunRecord, StopReason};

const CAPTION: &str = "Why the check is needed: many networks still learn with a wrong gradient, only worse, and their curves alone would not show it. Each panel is a fault in one network, with the same runs without it.";

const NOTES: [&str; 6] = [
    "orange: with the fault",
    "black: without",
    "a line: a seed",
    "cross: it diverged",
    "missed: the check passed",
    "at the upper edge: beyond it",
];

/// Losses of faulty runs are drawn up to this multiple of the largest loss of the correct runs.
const FURTHEST: f64 = 10.0;

/// A panel for each fault.
pub(super) fn plot(analysis: &Analysis, checks: &Checks) -> Option<Plot> {
    let found = Some(fault_curves(analysis, checks)).filter(|found| !found.is_empty())?;
    let (x, y) = axes(&found);
    Some(Plot {
        title: "Does training still work? Training loss over the epochs, with each fault".to_owned(),
        notes: NOTES.map(str::to_owned).to_vec(),
        settings: words::of_checks(analysis),
        caption: CAPTION,
        panels: found.iter().map(|one| panel(one, x.clone(), y.clone())).collect(),
        columns: columns(found.len()),
        tables: vec![table(&found)],
        ..Plot::default()
    })
}

/// Panels in a row: each is a little wider than high.
fn columns(panels: usize) -> usize {
    (1..=7).find(|columns| panels <= columns * (columns + 1) / 2).unwrap_or(7)
}

/// All panels have the same axes, so that they can be compared.
fn axes(found: &[FaultPanel]) -> (Axis, Axis) {
    let right = || found.iter().flat_map(|panel| &panel.right);
    let wrong = || found.iter().flat_map(|panel| &panel.wrong);
    let last = right().chain(wrong()).filter_map(|run| run.curve.epoch.last()).max().copied().unwrap_or(1);
    let losses = || right().flat_map(|run| points(run)).map(|(_, loss)| loss);
    let most = FURTHEST * losses().fold(0.0, f64::max);
    let wrong = wrong().flat_map(|run| points(run)).map(|(_, loss)| loss.min(most));
    let y = Axis::new("training loss", Scale::decades(losses().chain(wrong)));
    (Axis::new("epochs", Scale::exactly(0.0, last as f64)).with(Ticks::Counts), y)
}

fn points(run: &RunRecord) -> Vec<(f64, f64)> {
    let pairs = run.curve.epoch.iter().zip(&run.curve.train_loss);
    pairs.filter_map(|(epoch, loss)| Some((*epoch as f64, (*loss)?))).collect()
}

fn panel(panel: &FaultPanel, x: Axis, y: Axis) -> Panel {
    let right = panel.right.iter().flat_map(|run| marks(run, Ink::Text, 2.0, "without the fault"));
    let wrong = panel.wrong.iter().flat_map(|run| marks(run, Ink::Alarm, 2.6, "with the fault"));
    let missed = if panel.verdict == FaultVerdict::Missed { "missed · " } else { "" };
    Panel {
        title: panel.fault.clone(),
        subtitle: format!("{missed}{}", panel.network),
        ..Panel::new(x, y, right.chain(wrong).collect())
    }
}

fn marks(run: &RunRecord, ink: Ink, width: f64, name: &str) -> Vec<Mark> {
    let point = |(epoch, loss): (f64, f64)| {
        let hover = format!("{} at epoch {epoch}\n{name}, seed {}", rounded(loss, 4), run.spec.seed());
        Point::new(epoch, loss).saying(hover)
    };
    let points: Vec<Point> = points(run).into_iter().map(point).collect();
    let end = points.last().cloned().filter(|_| run.stop == StopReason::Diverged);
    let line = Mark::line(ink, Stroke::solid(width), points);
    [line].into_iter().chain(Mark::cross(ink, 6.0, end)).collect()
}

/// A row for each run and epoch.
fn table(found: &[FaultPanel]) -> Table {
    let titles =
        ["fault", "network", "verdict", "with_fault", "run_id", "seed", "stop", "epoch", "train_loss"];
    let mut table = Table::new(titles);
    for panel in found {
        let runs = panel.wrong.iter().map(|run| (true, run));
        for (is_wrong, run) in runs.chain(panel.right.iter().map(|run| (false, run))) {
            for (epoch, loss) in run.curve.epoch.iter().zip(&run.curve.train_loss) {
                let mut row = Row::default();
                row.text(&panel.fault).text(&panel.network).text(panel.verdict.name()).flag(Some(is_wrong));
                row.text(&run.run_id.to_string()).count(run.spec.seed()).text(run.stop.name());
                table.push(row.count(*epoch).number(*loss));
            }
        }
    }
    table
}
