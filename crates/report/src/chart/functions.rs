//! Functions and their derivatives: together in two panels, or each in a panel of its own where there are many.

use super::canvas::{Anchor, BLACK, Canvas, Drawn, GREY, HEIGHT, WIDTH};
use super::page::{Entry, Frame, LEGEND, REMARK, TEXT, heading, legend};
use super::palette::look;
use super::scale::Scale;
use super::stroke::Stroke;
use super::wrap::shortened;
use crate::analysis::{Argument, NamedFunction};
use plotters::style::RGBColor;

/// More lines than this in one panel cannot be told apart.
const MOST_TOGETHER: usize = 6;
/// Value and derivative in a panel of one function.
const VALUE: RGBColor = RGBColor(0x00, 0x72, 0xb2);
const DERIVATIVE: RGBColor = RGBColor(0xd5, 0x5e, 0x00);
const DASHED: Stroke = Stroke { width: 3.0, dashes: &[9.0, 6.0] };

pub(super) fn draw(canvas: &mut Canvas, functions: &[NamedFunction]) -> Drawn {
    if functions.len() <= MOST_TOGETHER { together(canvas, functions) } else { apart(canvas, functions) }
}

fn is_of_probability(functions: &[NamedFunction]) -> bool {
    functions.iter().any(|function| function.argument == Argument::Probability)
}

/// What the argument and the values are called.
fn words(functions: &[NamedFunction]) -> [&'static str; 3] {
    if is_of_probability(functions) {
        ["p, where the outputs are (p, 1 − p) and the target is (1, 0)", "loss L", "steepness |dL/dp|"]
    } else {
        ["z, the pre-activation", "a = φ(z)", "derivative φ'(z)"]
    }
}

fn title(functions: &[NamedFunction]) -> &'static str {
    if is_of_probability(functions) {
        "Losses and their derivatives"
    } else {
        "Activations and their derivatives"
    }
}

/// The finite points of a column.
fn points(x: &[f64], column: &[Option<f64>]) -> Vec<(f64, f64)> {
    let finite = |value: &Option<f64>| value.filter(|value| value.is_finite());
    x.iter().zip(column).filter_map(|(x, value)| Some((*x, finite(value)?))).collect()
}

fn scale(functions: &[NamedFunction], column: impl Fn(&NamedFunction) -> Vec<Option<f64>>) -> Scale {
    // Zero belongs on the axis: how far a function is from it is what one looks for.
    Scale::linear(functions.iter().flat_map(column).flatten().chain([0.0]))
}

/// The slope of a loss goes to infinity: its size is drawn over powers of ten, but for where it is 0.
fn slopes(function: &NamedFunction) -> Vec<Option<f64>> {
    let slopes = function.curve.derivative.iter().copied();
    match function.argument {
        Argument::PreActivation => slopes.collect(),
        Argument::Probability => {
            slopes.map(|slope| slope.map(f64::abs).filter(|slope| *slope > 0.0)).collect()
        }
    }
}

fn slope_scale(functions: &[NamedFunction]) -> Scale {
    if is_of_probability(functions) {
        Scale::logarithmic(functions.iter().flat_map(slopes).flatten())
    } else {
        scale(functions, slopes)
    }
}

fn x_scale(functions: &[NamedFunction]) -> Scale {
    let ends = || functions.iter().flat_map(|function| function.curve.x.iter().copied());
    Scale::exactly(ends().fold(f64::INFINITY, f64::min), ends().fold(f64::NEG_INFINITY, f64::max))
}

fn together(canvas: &mut Canvas, functions: &[NamedFunction]) -> Drawn {
    let top = heading(canvas, title(functions), &[])? + 24.0;
    let [x_name, value_name, derivative_name] = words(functions);
    let (bottom, gap) = (f64::from(HEIGHT) - 90.0, 34.0);
    let height = (bottom - top - gap) / 2.0;
    let x = x_scale(functions);
    let upper = Frame {
        left: 190.0,
        top,
        right: LEGEND - 45.0,
        bottom: top + height,
        x,
        y: scale(functions, |function| function.curve.value.clone()),
    };
    let lower = Frame { top: top + height + gap, bottom, y: slope_scale(functions), ..upper };
    for (frame, name, below) in [(&upper, value_name, ""), (&lower, derivative_name, x_name)] {
        frame.draw_y_axis(canvas, name)?;
        frame.draw_x_axis(canvas, below)?;
        frame.draw_border(canvas)?;
    }
    for (index, function) in functions.iter().enumerate() {
        let (curve, slopes) = (function.curve, slopes(function));
        draw_line(canvas, &upper, &points(&curve.x, &curve.value), look(index).stroke, look(index).color)?;
        draw_line(canvas, &lower, &points(&curve.x, &slopes), look(index).stroke, look(index).color)?;
        for (frame, column) in [(&upper, &curve.value), (&lower, &slopes)] {
            // Markers of different lines stand at different places, so that lines that run together stay apart.
            let points = points(&curve.x, column);
            let every = (points.len() / 5).max(1);
            let first = every * (index + 1) / (functions.len() + 1);
            for (x, y) in points.iter().skip(first).step_by(every) {
                look(index).mark(canvas, frame.at(*x, *y), 9.0)?;
            }
        }
    }
    let entry = |(index, function): (usize, &NamedFunction)| Entry {
        look: look(index),
        label: function.label.clone(),
        details: Vec::new(),
        notes: Vec::new(),
    };
    let entries: Vec<_> = functions.iter().enumerate().map(entry).collect();
    legend(canvas, top, bottom + 70.0, "function", &entries)
}

fn draw_line(
    canvas: &mut Canvas,
    frame: &Frame,
    points: &[(f64, f64)],
    stroke: Stroke,
    color: RGBColor,
) -> Drawn {
    let points: Vec<_> = points.iter().map(|(x, y)| frame.at(*x, *y)).collect();
    canvas.line(&points, stroke, color)
}

/// Small panels, all with the same axes, so that the functions can be compared.
fn apart(canvas: &mut Canvas, functions: &[NamedFunction]) -> Drawn {
    let [x_name, value_name, derivative_name] = words(functions);
    let top = heading(canvas, title(functions), &[])? + 6.0;
    draw_key(canvas, top, [value_name, derivative_name, x_name])?;
    let columns = if functions.len() <= 12 { 4 } else { 5 };
    let rows = functions.len().div_ceil(columns);
    let (left, width) = (70.0, (f64::from(WIDTH) - 90.0) / columns as f64);
    let height = (f64::from(HEIGHT) - top - 60.0) / rows as f64;
    let both =
        |function: &NamedFunction| [function.curve.value.as_slice(), &function.curve.derivative].concat();
    let (x, y) = (x_scale(functions), shared_scale(functions, both));
    for (index, function) in functions.iter().enumerate() {
        let (column, row) = ((index % columns) as f64, (index / columns) as f64);
        let (panel_left, panel_top) = (left + column * width, top + 50.0 + row * height);
        let frame = Frame {
            left: panel_left,
            top: panel_top + 34.0,
            right: panel_left + width - 46.0,
            bottom: panel_top + height - 38.0,
            x,
            y,
        };
        draw_panel(canvas, &frame, function)?;
    }
    Ok(())
}

/// An exploding function must not flatten the others: the axis holds the middle of the values.
fn shared_scale(functions: &[NamedFunction], both: impl Fn(&NamedFunction) -> Vec<Option<f64>>) -> Scale {
    let all = functions.iter().flat_map(both).flatten();
    let mut values: Vec<f64> = all.filter(|value| value.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    let at = |share: f64| values.get((share * (values.len().max(1) - 1) as f64) as usize).copied();
    match (at(0.02), at(0.94)) {
        (Some(low), Some(high)) => Scale::linear([low.min(0.0), high.max(0.0)]),
        _ => Scale::Empty,
    }
}

fn draw_key(canvas: &mut Canvas, y: f64, [value, derivative, x]: [&str; 3]) -> Drawn {
    canvas.line(&[(36.0, y), (100.0, y)], Stroke::solid(3.6), VALUE)?;
    canvas.text(value, (112.0, y), TEXT, BLACK, Anchor::Left)?;
    canvas.line(&[(300.0, y), (364.0, y)], DASHED, DERIVATIVE)?;
    canvas.text(derivative, (376.0, y), TEXT, BLACK, Anchor::Left)?;
    canvas.text(&format!("over {x}; all panels have the same axes"), (640.0, y), TEXT, GREY, Anchor::Left)
}

fn draw_panel(canvas: &mut Canvas, frame: &Frame, function: &NamedFunction) -> Drawn {
    for tick in frame.x.ticks(3) {
        let x = frame.left + tick.position * (frame.right - frame.left);
        canvas.hairline((x, frame.top), (x, frame.bottom), super::canvas::GRID)?;
        canvas.text(&tick.label, (x, frame.bottom + 18.0), REMARK, GREY, Anchor::Center)?;
    }
    for tick in frame.y.ticks(6) {
        let y = frame.bottom - tick.position * (frame.bottom - frame.top);
        canvas.hairline((frame.left, y), (frame.right, y), super::canvas::GRID)?;
        canvas.text(&tick.label, (frame.left - 8.0, y), REMARK, GREY, Anchor::Right)?;
    }
    let name = shortened(&function.label, TEXT, frame.right - frame.left);
    canvas.text(&name, (frame.left, frame.top - 17.0), TEXT, BLACK, Anchor::Left)?;
    frame.draw_border(canvas)?;
    let curve = function.curve;
    for (column, stroke, color) in
        [(&curve.derivative, DASHED, DERIVATIVE), (&curve.value, Stroke::solid(3.6), VALUE)]
    {
        for piece in inside(frame, &points(&curve.x, column)) {
            draw_line(canvas, frame, &piece, stroke, color)?;
        }
    }
    Ok(())
}

/// The pieces of a line that lie within the frame: where it leaves, it ends.
fn inside(frame: &Frame, points: &[(f64, f64)]) -> Vec<Vec<(f64, f64)>> {
    let pieces = points.split(|(_, y)| frame.y.is_outside(*y));
    pieces.filter(|piece| !piece.is_empty()).map(<[_]>::to_vec).collect()
}
