//! Functions and their derivatives: together in two panels or, if there are many, each in its own panel.

use super::{Axis, Entry, Ink, Legend, Mark, Markers, Panel, Plot, Point, Scale, Stroke, Table};
use crate::analysis::{Argument, NamedFunction};
use crate::number::rounded;
use crate::table::Row;

const CAPTION: &str = "Each function and its derivative. Where the derivative is near 0, almost no gradient passes back; where it is above 1, gradients grow.";

/// More lines than this in one panel are hard to tell apart.
const MAX_TOGETHER: usize = 6;

/// Every function.
pub(super) fn plot(functions: &[NamedFunction]) -> Option<Plot> {
    let plot = match functions.len() {
        0 => return None,
        1..=MAX_TOGETHER => together(functions),
        _ => apart(functions),
    };
    let subject = if is_of_probability(functions) { "Losses" } else { "Activations" };
    let title = format!("{subject} and their derivatives");
    Some(Plot { title, caption: CAPTION, tables: vec![table(functions)], ..plot })
}

fn is_of_probability(functions: &[NamedFunction]) -> bool {
    functions.iter().any(|function| function.argument == Argument::Probability)
}

/// The names of the argument, the values and the derivatives.
fn labels(functions: &[NamedFunction]) -> [&'static str; 3] {
    match is_of_probability(functions) {
        true => {
            ["p, where the outputs are (p, 1 − p) and the target is (1, 0)", "loss L", "steepness |dL/dp|"]
        }
        false => ["z, the pre-activation", "a = φ(z)", "derivative φ'(z)"],
    }
}

fn x_axis(functions: &[NamedFunction], label: &str) -> Axis {
    let all = || functions.iter().flat_map(|function| function.curve.x.iter().copied());
    let (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    Axis::new(label, Scale::exactly(low, high))
}

/// The values of a function, or its derivatives.
type Column = fn(&NamedFunction) -> Vec<Option<f64>>;

/// Values in the upper panel, derivatives in the lower one.
fn together(functions: &[NamedFunction]) -> Plot {
    let [x_label, value, derivative] = labels(functions);
    // The axis includes zero, because readers look for the distance from it.
    let linear = |column: Column| Scale::linear(functions.iter().flat_map(column).flatten().chain([0.0]));
    let slopes_scale = match is_of_probability(functions) {
        true => Scale::logarithmic(functions.iter().flat_map(slopes).flatten()),
        false => linear(slopes),
    };
    let columns: [(&str, Scale, Column); 2] =
        [(value, linear(values), values), (derivative, slopes_scale, slopes)];
    let panels = columns.map(|(label, scale, column)| {
        let lines = functions.iter().enumerate().map(|(index, function)| {
            // Markers of different lines are at different places, so that overlapping lines remain distinguishable.
            let shift = (index + 1) as f64 / (functions.len() + 1) as f64;
            Mark::series(index, Markers::Some(shift), points(function, &column(function)))
        });
        Panel::new(x_axis(functions, x_label), Axis::new(label, scale), lines.collect())
    });
    let entries = functions.iter().enumerate().map(|(index, function)| Entry::series(index, &function.label));
    Plot { panels: panels.into(), legend: Legend::new("function", entries), ..Plot::default() }
}

/// Small panels with the same axes, so that the functions can be compared.
fn apart(functions: &[NamedFunction]) -> Plot {
    let [x_label, value, derivative] = labels(functions);
    let (x_name, y_name) = if is_of_probability(functions) { ("p", "L, |dL/dp|") } else { ("z", "φ, φ'") };
    let y = Axis::new(y_name, shared_scale(functions));
    let panel = |function: &NamedFunction| {
        let slopes = inside(points(function, &function.curve.derivative), y.scale);
        let values = inside(points(function, &function.curve.value), y.scale);
        let marks = vec![
            Mark::line(Ink::Series(1), Stroke::dashed(3.0), slopes),
            Mark::line(Ink::Series(0), Stroke::solid(3.6), values),
        ];
        Panel { title: function.label.clone(), ..Panel::new(x_axis(functions, x_name), y.clone(), marks) }
    };
    Plot {
        notes: vec![
            format!("solid, blue: {value}"),
            format!("dashed, orange: {derivative}"),
            format!("over {x_label}; all panels have the same axes"),
        ],
        panels: functions.iter().map(panel).collect(),
        columns: if functions.len() <= 12 { 4 } else { 5 },
        ..Plot::default()
    }
}

/// The axis covers the middle of the values, so that an exploding function does not flatten the others.
fn shared_scale(functions: &[NamedFunction]) -> Scale {
    let all =
        functions.iter().flat_map(|function| [values(function), function.curve.derivative.clone()].concat());
    let mut finite: Vec<f64> = all.flatten().filter(|value| value.is_finite()).collect();
    finite.sort_by(f64::total_cmp);
    let at = |share: f64| finite.get((share * (finite.len().max(1) - 1) as f64) as usize).copied();
    match (at(0.02), at(0.94)) {
        (Some(low), Some(high)) => Scale::linear([low.min(0.0), high.max(0.0)]),
        _ => Scale::Empty,
    }
}

fn values(function: &NamedFunction) -> Vec<Option<f64>> {
    function.curve.value.clone()
}

/// The slope of a loss goes to infinity: its magnitude is drawn over powers of ten, except where it is 0.
fn slopes(function: &NamedFunction) -> Vec<Option<f64>> {
    let slopes = function.curve.derivative.iter().copied();
    match function.argument {
        Argument::PreActivation => slopes.collect(),
        Argument::Probability => {
            slopes.map(|slope| slope.map(f64::abs).filter(|slope| *slope > 0.0)).collect()
        }
    }
}

/// The finite points of a column.
fn points(function: &NamedFunction, column: &[Option<f64>]) -> Vec<Point> {
    let point = |(x, value): (&f64, &Option<f64>)| {
        let value = value.filter(|value| value.is_finite())?;
        let hover = format!("{} at {}", rounded(value, 4), rounded(*x, 4));
        Some(Point::new(*x, value).saying(hover))
    };
    function.curve.x.iter().zip(column).filter_map(point).collect()
}

/// A line has a gap where it leaves the panel.
fn inside(mut points: Vec<Point>, scale: Scale) -> Vec<Point> {
    let outside = points.iter_mut().filter(|point| scale.is_outside(point.y));
    outside.for_each(|point| point.y = f64::NAN);
    points
}

fn table(functions: &[NamedFunction]) -> Table {
    let mut table = Table::new(["function", "x", "value", "derivative"]);
    for NamedFunction { label, curve, .. } in functions {
        for ((x, value), derivative) in curve.x.iter().zip(&curve.value).zip(&curve.derivative) {
            let mut row = Row::default();
            table.push(row.text(label).measured(Some(*x)).measured(*value).measured(*derivative));
        }
    }
    table
}
