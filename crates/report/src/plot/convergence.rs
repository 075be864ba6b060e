//! Metrics over epochs, steps, samples, cost, operations or time.

use super::spreads::{DIGITS, MAX_BANDS, bands, drawn};
use super::table::{SPREAD, first_cells};
use super::{
    Axis, Choice, Ink, Legend, Mark, Markers, Panel, Plot, Point, Scale, Span, Symbol, Table, Ticks, words,
};
use crate::analysis::{Analysis, Convergence, CurveLine, CurvePanel, CurvePoint, LineEnd};
use crate::number::{count, rounded};
use chainrule_record::XAxis;

const CAPTION: &str = "How fast each one learns: lower loss and higher accuracy, earlier, is better. Each line is the best configuration of its value. Overlapping bands do not mean a tie: comparisons are paired over the seeds (see Comparisons).";

const CAPTION_OF_CHECKS: &str = "Training with these gradients: lower loss and higher accuracy, earlier, is better. Each line is the best configuration of its value.";

/// The suffix of the table with every choice of x.
pub(super) const CHOICES: &str = "_axes";

/// The training curves.
pub(super) fn plot(analysis: &Analysis) -> Option<Plot> {
    captioned(analysis, CAPTION)
}

/// The curves beside gradient checks, if there was training.
pub(super) fn of_checks(analysis: &Analysis) -> Option<Plot> {
    captioned(analysis, CAPTION_OF_CHECKS).filter(|_| analysis.is_trained())
}

fn captioned(analysis: &Analysis, caption: &'static str) -> Option<Plot> {
    let curves = Convergence::over_all(analysis);
    let first = curves.first().filter(|first| !first.is_pointless(analysis))?;
    let y = |panel: &CurvePanel| Axis::new(words::metric(analysis.info, panel.metric), scale(panel));
    let panel = |(at, panel)| Panel::new(x_axis(first), y(panel), marks(&curves, at));
    let choice =
        |Convergence { x_axis, .. }: &_| Choice { name: words::over(*x_axis), label: words::x_axis(*x_axis) };
    let with_choices = table(analysis, &curves).with_suffix(CHOICES);
    Some(Plot {
        title: title(analysis, first),
        notes: notes(analysis, first),
        settings: words::fixed(analysis.info),
        caption,
        panels: first.panels.iter().enumerate().map(panel).collect(),
        nothing: "No loss was measured.".to_owned(),
        legend: legend(analysis, first),
        can_switch: true,
        x_choices: curves.iter().map(choice).collect(),
        tables: vec![table(analysis, &curves[..1]), with_choices],
        ..Plot::default()
    })
}

fn title(analysis: &Analysis, curves: &Convergence) -> String {
    let metric = curves.panels.first().map_or(analysis.info.metric, |panel| panel.metric);
    format!("{} over {}{}", words::title(metric), words::over(curves.x_axis), words::each(analysis))
}

/// The lines of the first panel; the other panel has the same.
fn first_lines(curves: &Convergence) -> &[CurveLine] {
    curves.panels.first().map(|panel| panel.lines.as_slice()).unwrap_or_default()
}

fn lines(curves: &Convergence) -> impl Iterator<Item = &CurveLine> {
    curves.panels.iter().flat_map(|panel| &panel.lines)
}

fn x_axis(curves: &Convergence) -> Axis {
    let furthest = lines(curves).flat_map(|line| &line.points).map(|point| point.x).fold(0.0, f64::max);
    let scale = Scale::exactly(0.0, if furthest > 0.0 { 1.02 * furthest } else { 1.0 });
    let ticks = if curves.x_axis == XAxis::Seconds { Ticks::Numbers } else { Ticks::Counts };
    Axis::new(words::x_axis(curves.x_axis), scale).with(ticks)
}

fn values(panel: &CurvePanel) -> Vec<f64> {
    panel.lines.iter().flat_map(|line| &line.points).flat_map(|point| drawn(&point.spread)).collect()
}

fn scale(panel: &CurvePanel) -> Scale {
    let values = values(panel);
    if panel.metric.is_loss() { Scale::logarithmic(values) } else { Scale::linear(values) }
}

/// Bands, lines, and the symbols at their ends.
fn marks(curves: &[Convergence], panel: usize) -> Vec<Mark> {
    let numbered: Vec<(usize, &CurveLine)> = curves[0].panels[panel].lines.iter().enumerate().collect();
    let other_x = |line: usize, point: usize| -> Vec<f64> {
        curves[1..].iter().map(|curves| curves.panels[panel].lines[line].points[point].x).collect()
    };
    let band = |(at, line): &(usize, &CurveLine)| {
        let span = |(index, point): (usize, &CurvePoint)| {
            Some(Span { other_x: other_x(*at, index), ..Span::new(point.x, point.spread.band()?) })
        };
        Mark::band(Ink::Series(line.compared), line.points.iter().enumerate().filter_map(span).collect())
    };
    let curve = |(at, line): &(usize, &CurveLine)| {
        let point = |(index, point): (usize, &CurvePoint)| Point {
            x: point.x,
            y: point.spread.median.unwrap_or(f64::NAN),
            hover: hover(point),
            other_x: other_x(*at, index),
        };
        let points: Vec<Point> = line.points.iter().enumerate().map(point).collect();
        let end = points.last().cloned().zip(sign(line.end));
        let end = end
            .map(|(point, (sign, size))| Mark::points(Ink::Series(line.compared), sign, size, vec![point]));
        let share = *at as f64 / numbered.len() as f64;
        [Mark::series(line.compared, Markers::Some(share), points)].into_iter().chain(end)
    };
    bands(&numbered, band).chain(numbered.iter().flat_map(curve)).collect()
}

/// The symbol at the end of a line.
fn sign(end: LineEnd) -> Option<(Symbol, f64)> {
    match end {
        LineEnd::Complete => None,
        LineEnd::FirstEnded { .. } => Some((Symbol::Upright, 17.0)),
        LineEnd::Diverged => Some((Symbol::Cross, 13.0)),
    }
}

/// `0.0712 at epoch 5`, and the range of the seeds.
fn hover(point: &CurvePoint) -> String {
    let spread = &point.spread;
    let number = |value: f64| rounded(value, DIGITS);
    let median = spread.median.map(number).unwrap_or_default();
    let range = spread.min.zip(spread.max);
    let range = range.map(|(min, max)| format!("{} to {} over ", number(min), number(max)));
    let lost = if spread.worst > 0 { format!(", {} diverged", spread.worst) } else { String::new() };
    let seeds = count(spread.values, "seed");
    format!("{median} at epoch {}\n{}{seeds}{lost}", point.epoch, range.unwrap_or_default())
}

fn notes(analysis: &Analysis, curves: &Convergence) -> Vec<String> {
    let has_bands = curves.panels.iter().all(|panel| panel.lines.len() <= MAX_BANDS);
    let has_accuracy = curves.panels.iter().any(|panel| !panel.metric.is_loss());
    let has_diverged = lines(curves).any(|line| line.end == LineEnd::Diverged);
    let notes = [
        Some(format!("line: {}", words::over_shown(analysis))),
        words::band_shown(analysis).filter(|_| has_bands),
        has_accuracy.then_some("accuracy: from the first trained epoch on".into()),
        lines(curves).any(|line| line.x_differs).then_some("x: median over the seeds, which differ".into()),
        cut_short(curves),
        has_diverged.then_some("× half or more of the seeds have diverged".into()),
        curves.panels.iter().find_map(|panel| words::edge(&scale(panel), &values(panel))),
        words::left_out(analysis),
    ];
    notes.into_iter().flatten().collect()
}

/// The number of lines that end although some of their runs go on, and the number of such runs.
fn cut_short(curves: &Convergence) -> Option<String> {
    let lines = first_lines(curves);
    let beyond = lines.iter().filter_map(|line| match line.end {
        LineEnd::FirstEnded { went_on, .. } => Some(went_on),
        LineEnd::Complete | LineEnd::Diverged => None,
    });
    let beyond: Vec<usize> = beyond.collect();
    (!beyond.is_empty()).then(|| {
        let runs = count(beyond.iter().sum(), "run");
        let all = count(lines.len(), "line");
        format!("| a line ends where its first seed ended: {} of {all}, {runs} went on", beyond.len())
    })
}

fn legend(analysis: &Analysis, curves: &Convergence) -> Legend {
    let shown = first_lines(curves).iter().map(|line| {
        let best = analysis.shown(line.compared);
        let ended = match line.end {
            LineEnd::FirstEnded { epoch, ended, .. } => best
                .map(|best| format!("{ended} of {} ended at epoch {epoch}", count(best.runs.len(), "seed"))),
            LineEnd::Complete | LineEnd::Diverged => None,
        };
        (line.compared, best, ended)
    });
    Legend::of_compared(analysis, shown)
}

/// The same curves for some choices of x. Epochs are always a column, whatever the x axis is.
fn table(analysis: &Analysis, curves: &[Convergence]) -> Table {
    let x: Vec<&Convergence> = curves.iter().filter(|curves| curves.x_axis != XAxis::Epochs).collect();
    let middle = ["epoch"].into_iter().chain(x.iter().map(|curves| curves.x_axis.name())).chain(["metric"]);
    let mut table = Table::of_compared(analysis, middle.chain(SPREAD));
    for (panel, here) in curves[0].panels.iter().enumerate() {
        for (line, known) in here.lines.iter().enumerate() {
            for (index, point) in known.points.iter().enumerate() {
                let mut row = first_cells(analysis, known.compared);
                row.count(point.epoch);
                for other in &x {
                    row.number(Some(other.panels[panel].lines[line].points[index].x));
                }
                table.push(row.text(here.metric.name()).seeds(&point.spread));
            }
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::{Synthetic, axis, run};
    use chainrule_record::{ExperimentInfo, RunRecord, StopReason, XAxis};
    use serde_json::json;

    fn experiment(rates: &[f64]) -> ExperimentInfo {
        let rates: Vec<_> = rates.iter().map(|rate| json!(rate)).collect();
        let axes = vec![("optimizer", axis(&[json!("sgd"), json!("adam")])), ("learning_rate", axis(&rates))];
        Synthetic { axes, compare: Some("optimizer"), seeds: 3, ..Synthetic::default() }.info()
    }

    /// Three seeds of each optimizer that end after these epochs.
    fn records(epochs: [[usize; 3]; 2]) -> Vec<RunRecord> {
        let one = |optimizer: &str, seed: usize, epochs: usize| {
            let settings = json!({"optimizer": optimizer, "learning_rate": 0.1, "seed": seed});
            run(settings, &[4.0, 3.0, 2.0, 1.0][..=epochs], StopReason::EarlyStopping)
        };
        let seeds = |(optimizer, epochs): (&str, [usize; 3])| {
            epochs
                .into_iter()
                .enumerate()
                .map(|(seed, epochs)| one(optimizer, seed, epochs))
                .collect::<Vec<_>>()
        };
        ["sgd", "adam"].into_iter().zip(epochs).flat_map(seeds).collect()
    }

    #[test]
    fn titles_say_over_what_and_whether_anything_was_chosen() {
        let records = records([[3, 3, 3], [3, 3, 3]]);
        let shown = |rates: &[f64], x_axis| {
            let info = ExperimentInfo { x_axis, ..experiment(rates) };
            let analysis = Analysis::new(&info, &records);
            title(&analysis, &Convergence::new(&analysis))
        };
        assert_eq!(
            shown(&[0.1, 0.2], XAxis::CostUnits),
            "Validation loss over cost units: each optimizer at its best"
        );
        assert_eq!(shown(&[0.1], XAxis::Epochs), "Validation loss over epochs, by optimizer");
    }

    #[test]
    fn lines_that_end_before_their_runs_are_counted() {
        let info = experiment(&[0.1]);
        let told = |epochs: [[usize; 3]; 2]| {
            let records = records(epochs);
            let analysis = Analysis::new(&info, &records);
            let plot = Convergence::new(&analysis);
            let notes: Vec<_> =
                legend(&analysis, &plot).entries.into_iter().map(|entry| entry.notes).collect();
            (cut_short(&plot), notes)
        };
        assert_eq!(told([[3, 3, 3], [2, 2, 2]]), (None, vec![vec![], vec![]]));
        let (subtitle, notes) = told([[3, 2, 3], [2, 2, 2]]);
        let expected = "| a line ends where its first seed ended: 1 of 2 lines, 2 runs went on";
        assert_eq!(subtitle.as_deref(), Some(expected));
        assert_eq!(notes, [vec!["1 of 3 seeds ended at epoch 2".to_owned()], vec![]]);
    }
}
