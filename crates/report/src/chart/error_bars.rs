//! Errors of gradients, from the median to the largest, side by side in columns.

use super::canvas::{Anchor, BLACK, Canvas, Drawn, GREY, GRID, HEIGHT};
use super::font::text_width;
use super::page::{Entry, Frame, LEGEND, REMARK, TEXT, heading, legend};
use super::palette::look;
use super::scale::Scale;
use super::stroke::Stroke;
use super::wording;
use crate::analysis::{Analysis, Bar, Bars};
use crate::number::rounded;

/// The share of a column's width that bars stand in.
const USED: f64 = 0.8;
/// Errors that are this much smaller than the largest are 0 to the eye.
const DECADES: f64 = 12.0;

pub(super) fn draw(canvas: &mut Canvas, analysis: &Analysis, plot: &Bars, title: &str) -> Drawn {
    let top = heading(canvas, title, &subtitle(analysis, plot))? + 14.0;
    let frame = frame(plot, top);
    frame.draw_y_axis(canvas, "relative error")?;
    draw_columns(canvas, &frame, plot)?;
    plot.bars.iter().try_for_each(|bar| draw_bar(canvas, &frame, plot, bar))?;
    draw_tolerances(canvas, &frame, plot)?;
    frame.draw_border(canvas)?;
    legend(canvas, top, f64::from(HEIGHT) - 20.0, &plot.series_name, &entries(plot))
}

fn subtitle(analysis: &Analysis, plot: &Bars) -> Vec<Vec<String>> {
    let mut how = vec![
        "a bar: from the median of the errors to the largest".to_owned(),
        "grey line: the tolerance".to_owned(),
    ];
    if plot.series.len() > 1 {
        how.push("side by side: as in the legend".to_owned());
    }
    let scale = scale(plot);
    if plot.bars.iter().any(|bar| scale.is_outside(bar.median)) {
        how.push("on the lower edge: 0".to_owned());
    }
    vec![how, wording::of_checks(analysis)]
}

/// Down to the smallest error, and up to the tolerances.
fn scale(plot: &Bars) -> Scale {
    let all = || plot.bars.iter().flat_map(|bar| [bar.median, bar.largest, bar.tolerance]);
    let largest = all().fold(0.0, f64::max);
    let least = largest * 10f64.powi(-(DECADES as i32));
    Scale::decades(all().filter(|value| *value >= least).chain([3.0 * largest]))
}

fn frame(plot: &Bars, top: f64) -> Frame {
    let last = plot.columns.len() as f64 - 0.5;
    Frame {
        left: 190.0,
        top,
        right: LEGEND - 45.0,
        bottom: f64::from(HEIGHT) - 90.0,
        x: Scale::exactly(-0.5, last),
        y: scale(plot),
    }
}

/// Names of the columns, with lines between them.
fn draw_columns(canvas: &mut Canvas, frame: &Frame, plot: &Bars) -> Drawn {
    for (index, name) in plot.columns.iter().enumerate() {
        let x = frame.x(index as f64);
        if index > 0 {
            let between = frame.x(index as f64 - 0.5);
            canvas.hairline((between, frame.top), (between, frame.bottom), GRID)?;
        }
        canvas.text(name, (x, frame.bottom + 24.0), TEXT, BLACK, Anchor::Center)?;
    }
    let middle = ((frame.left + frame.right) / 2.0, frame.bottom + 62.0);
    canvas.text(&plot.column_name, middle, TEXT, BLACK, Anchor::Center)
}

/// The distance of neighbouring bars in pixels.
fn step(frame: &Frame, plot: &Bars) -> f64 {
    let column = USED * (frame.x(1.0) - frame.x(0.0));
    (column / plot.series.len().max(1) as f64).min(140.0)
}

fn place(frame: &Frame, plot: &Bars, bar: &Bar) -> f64 {
    let middle = (plot.series.len() as f64 - 1.0) / 2.0;
    frame.x(bar.column as f64) + (bar.series as f64 - middle) * step(frame, plot)
}

/// Numbers stand beside few bars, and would hide many.
fn has_numbers(plot: &Bars) -> bool {
    plot.columns.len() * plot.series.len() <= 8
}

fn draw_bar(canvas: &mut Canvas, frame: &Frame, plot: &Bars, bar: &Bar) -> Drawn {
    let (look, x) = (look(bar.series), place(frame, plot, bar));
    let size = (0.42 * step(frame, plot)).clamp(3.0, 10.0);
    let ends = [(x, frame.y(bar.largest)), (x, frame.y(bar.median))];
    canvas.line(&ends, Stroke::solid(0.45 * size), look.color)?;
    look.mark(canvas, ends[0], size)?;
    if has_numbers(plot) {
        let beside = x + size + 8.0;
        let number = |value: f64| rounded(value, 2);
        canvas.text(&number(bar.largest), (beside, ends[0].1), REMARK, BLACK, Anchor::Left)?;
        canvas.text(&number(bar.median), (beside, ends[1].1), REMARK, BLACK, Anchor::Left)?;
    }
    canvas.line(&[(x - 0.8 * size, ends[1].1), (x + 0.8 * size, ends[1].1)], Stroke::solid(3.0), look.color)
}

/// One line where all bars have the same tolerance, or else a piece over each.
fn draw_tolerances(canvas: &mut Canvas, frame: &Frame, plot: &Bars) -> Drawn {
    let Some(first) = plot.bars.first() else { return Ok(()) };
    let named = |value: f64| format!("tolerance {}", rounded(value, 2));
    if plot.bars.iter().all(|bar| bar.tolerance == first.tolerance) {
        let y = frame.y(first.tolerance);
        canvas.line(&[(frame.left, y), (frame.right, y)], Stroke::solid(2.5), GREY)?;
        let name = named(first.tolerance);
        let at = (frame.right - 8.0 - text_width(&name, REMARK), y - 17.0);
        return canvas.text(&name, at, REMARK, GREY, Anchor::Left);
    }
    let half = 0.35 * step(frame, plot);
    plot.bars.iter().try_for_each(|bar| {
        let (x, y) = (place(frame, plot, bar), frame.y(bar.tolerance));
        canvas.line(&[(x - half, y), (x + half, y)], Stroke::solid(2.5), GREY)?;
        canvas.text(&rounded(bar.tolerance, 2), (x, y - 17.0), REMARK, GREY, Anchor::Center)
    })
}

fn entries(plot: &Bars) -> Vec<Entry> {
    let entry = |(index, label): (usize, &String)| {
        plot.bars.iter().find(|bar| bar.series == index).map(|_| Entry {
            look: look(index),
            label: label.clone(),
            details: Vec::new(),
            notes: Vec::new(),
        })
    };
    plot.series.iter().enumerate().filter_map(entry).collect()
}
