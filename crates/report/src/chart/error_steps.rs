//! The error of finite differences against their step: a V.

use super::canvas::{Anchor, Canvas, Drawn, GREY, HEIGHT, Point, WHITE};
use super::font::text_width;
use super::page::{Entry, Frame, LEGEND, TEXT, heading, legend};
use super::palette::look;
use super::scale::Scale;
use super::stroke::Stroke;
use super::wording;
use crate::analysis::{Analysis, Slope, StepLine, Steps};

const DASHED: Stroke = Stroke { width: 2.5, dashes: &[12.0, 8.0] };

pub(super) fn draw(canvas: &mut Canvas, analysis: &Analysis, plot: &Steps) -> Drawn {
    let top =
        heading(canvas, "Error of a gradient against the step of its differences", &subtitle(analysis))?
            + 14.0;
    let frame = frame(plot, top);
    frame.draw_y_axis(canvas, "median relative error")?;
    frame.draw_x_axis(canvas, "step h of the differences")?;
    frame.draw_border(canvas)?;
    for (index, line) in plot.lines.iter().enumerate() {
        draw_line(canvas, &frame, index, line)?;
    }
    plot.slopes.iter().try_for_each(|slope| draw_slope(canvas, &frame, slope))?;
    let title = if plot.lines.iter().any(|line| line.precision != plot.lines[0].precision) {
        "scheme, precision"
    } else {
        "scheme"
    };
    legend(canvas, top, f64::from(HEIGHT) - 20.0, title, &entries(plot))
}

fn subtitle(analysis: &Analysis) -> Vec<Vec<String>> {
    let how = [
        "to the right the error of the differences, of the order of a power of h",
        "to the left that of rounding, of the order of 1/h",
        "dashed: what these orders look like",
    ];
    vec![how.map(str::to_owned).to_vec(), wording::fixed(analysis.info)]
}

fn frame(plot: &Steps, top: f64) -> Frame {
    let points = || plot.lines.iter().flat_map(|line| &line.points);
    let ends = plot.slopes.iter().flat_map(|slope| [slope.from.1, slope.to.1]);
    Frame {
        left: 190.0,
        top,
        right: LEGEND - 45.0,
        bottom: f64::from(HEIGHT) - 90.0,
        x: Scale::decades(points().map(|point| point.step)),
        y: Scale::decades(points().map(|point| point.error).chain(ends)),
    }
}

fn draw_line(canvas: &mut Canvas, frame: &Frame, index: usize, line: &StepLine) -> Drawn {
    let look = look(index);
    let points: Vec<Point> = line.points.iter().map(|point| frame.at(point.step, point.error)).collect();
    canvas.line(&points, look.stroke, look.color)?;
    points.iter().try_for_each(|point| look.mark(canvas, *point, 8.0))
}

/// A dashed line with its power in the middle.
fn draw_slope(canvas: &mut Canvas, frame: &Frame, slope: &Slope) -> Drawn {
    let (from, to) = (frame.at(slope.from.0, slope.from.1), frame.at(slope.to.0, slope.to.1));
    canvas.line(&[from, to], DASHED, GREY)?;
    let (name, middle) = (name(slope.power), ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0));
    let half = text_width(&name, TEXT) / 2.0 + 6.0;
    canvas.rectangle((middle.0 - half, middle.1 - 16.0), (middle.0 + half, middle.1 + 16.0), WHITE)?;
    canvas.text(&name, middle, TEXT, GREY, Anchor::Center)
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

fn entries(plot: &Steps) -> Vec<Entry> {
    let one_precision = plot.lines.iter().all(|line| line.precision == plot.lines[0].precision);
    let entry = |(index, line): (usize, &StepLine)| {
        let label =
            if one_precision { line.scheme.clone() } else { format!("{}, {}", line.scheme, line.precision) };
        let best = line.points.iter().min_by(|a, b| a.error.total_cmp(&b.error));
        let best = best.map(|point| {
            let number = crate::number::rounded;
            format!("best: {} at h = {}", number(point.error, 2), number(point.step, 2))
        });
        Entry { look: look(index), label, details: Vec::new(), notes: best.into_iter().collect() }
    };
    plot.lines.iter().enumerate().map(entry).collect()
}
