//! The error of finite differences against their step: a V shape.

use super::{
    Anchor, Axis, Dash, Entry, Ink, Legend, Mark, Markers, Panel, Plot, Point, Scale, Stroke, Table, words,
};
use crate::analysis::{Analysis, Checks, Slope, StepLine, Steps};
use crate::number::rounded;
use crate::table::Row;

const CAPTION: &str = "Why the step matters: a large step makes the differences inaccurate, a small one leaves only rounding. The smaller the error of a scheme at its best step, the smaller the faults it can find.";

const NOTES: [&str; 3] = [
    "right: error of the differences, of the order of a power of h",
    "left: error of rounding, of the order of 1/h",
    "grey: these orders",
];

/// A line for each scheme and precision, and the orders that theory predicts.
pub(super) fn plot(analysis: &Analysis, checks: &Checks) -> Option<Plot> {
    let found = Steps::new(analysis, checks)?;
    Some(Plot {
        title: "Error of a gradient against the step of its differences".to_owned(),
        notes: NOTES.map(str::to_owned).to_vec(),
        settings: words::of_checks(analysis),
        caption: CAPTION,
        panels: vec![panel(&found)],
        legend: legend(&found),
        can_switch: true,
        tables: vec![table(&found)],
        ..Plot::default()
    })
}

fn panel(found: &Steps) -> Panel {
    let points = || found.lines.iter().flat_map(|line| &line.points);
    let ends = found.slopes.iter().flat_map(|slope| [slope.from.1, slope.to.1]);
    let x = Axis::new("step h of the differences", Scale::decades(points().map(|point| point.step)));
    let errors = points().map(|point| point.error).chain(ends);
    let y = Axis::new("median relative error", Scale::decades(errors));
    let lines = (0..found.lines.len()).map(|index| line(found, index));
    Panel::new(x, y, lines.chain(found.slopes.iter().flat_map(slope)).collect())
}

/// A colour and marker for each scheme; the first precision solid, the others dotted.
fn look(found: &Steps, index: usize) -> (usize, Stroke) {
    let line = &found.lines[index];
    let first = found.lines.iter().position(|other| other.scheme == line.scheme).unwrap_or(index);
    let mut schemes: Vec<&str> = found.lines[..first].iter().map(|other| other.scheme.as_str()).collect();
    schemes.dedup();
    let dash = if line.precision == found.lines[0].precision { Dash::Solid } else { Dash::Dotted };
    (schemes.len(), Stroke { width: 3.6, dash })
}

fn line(found: &Steps, index: usize) -> Mark {
    let (scheme, stroke) = look(found, index);
    let point = |point: &crate::analysis::StepPoint| {
        let hover = format!("h = {}: {}", rounded(point.step, 3), rounded(point.error, 3));
        Point::new(point.step, point.error).saying(hover)
    };
    let points = found.lines[index].points.iter().map(point).collect();
    Mark::line(Ink::Series(scheme), stroke, points).marked(Markers::All(8.0)).of_group(index)
}

/// The label with the power is beyond the left end, where the lines of the schemes are far apart.
fn slope(slope: &Slope) -> [Mark; 2] {
    let hover = format!("h to the power of {}", slope.power);
    let ends = [slope.from, slope.to].map(|(x, y)| Point::new(x, y).saying(&hover));
    let (aside, anchor) = if slope.power > 0 { (-10.0, Anchor::Right) } else { (12.0, Anchor::Left) };
    [
        Mark::line(Ink::Muted, Stroke::dashed(2.5), ends.to_vec()),
        Mark::text(Ink::Text, slope.from, name(slope.power), anchor, (aside, -6.0)),
    ]
}

fn name(power: i32) -> String {
    match power {
        -1 => "1/h".to_owned(),
        1 => "h".to_owned(),
        2 => "h²".to_owned(),
        4 => "h⁴".to_owned(),
        power => format!("h^{power}"),
    }
}

fn legend(found: &Steps) -> Legend {
    let is_one = found.lines.iter().all(|line| line.precision == found.lines[0].precision);
    let entry = |(index, line): (usize, &StepLine)| {
        let (scheme, stroke) = look(found, index);
        let label = if is_one { line.scheme.clone() } else { format!("{}, {}", line.scheme, line.precision) };
        let best = line.points.iter().min_by(|a, b| a.error.total_cmp(&b.error));
        let best =
            best.map(|point| format!("best: {} at h = {}", rounded(point.error, 2), rounded(point.step, 2)));
        Entry { group: index, stroke: Some(stroke), ..Entry::series(scheme, label) }.noting(best)
    };
    let title = if is_one { "scheme" } else { "scheme, precision" };
    Legend::new(title, found.lines.iter().enumerate().map(entry))
}

/// The measured points, and the ends of the theoretical lines.
fn table(found: &Steps) -> Table {
    let mut table = Table::new(["line", "precision", "step_size", "checks", "median_relative_error"]);
    for line in &found.lines {
        for point in &line.points {
            let mut row = Row::default();
            row.text(&line.scheme).text(&line.precision).number(Some(point.step));
            table.push(row.count(point.checks as u64).number(Some(point.error)));
        }
    }
    for slope in &found.slopes {
        for (step, error) in [slope.from, slope.to] {
            let mut row = Row::default();
            row.text(&format!("slope {}", slope.power)).text("").number(Some(step));
            table.push(row.text("").number(Some(error)));
        }
    }
    table
}
