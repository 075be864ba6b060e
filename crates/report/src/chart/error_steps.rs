//! The error of finite differences against their step: a V.

use super::canvas::{Anchor, BLACK, Canvas, Drawn, GREY, HEIGHT, Point};
use super::page::{Entry, Frame, LEGEND, TEXT, heading, legend};
use super::palette::{Look, look};
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
    (0..plot.lines.len()).try_for_each(|index| draw_line(canvas, &frame, plot, index))?;
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
        "grey: what these orders look like",
    ];
    vec![how.map(str::to_owned).to_vec(), wording::of_checks(analysis)]
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

/// A colour and marker for each scheme; the first precision solid, the second dashed.
fn look_of(plot: &Steps, index: usize) -> Look {
    let line = &plot.lines[index];
    let first = |is: &dyn Fn(&StepLine) -> bool| plot.lines.iter().position(is).unwrap_or(index);
    let schemes = plot.lines[..first(&|other| other.scheme == line.scheme)].iter();
    let mut schemes: Vec<&str> = schemes.map(|other| other.scheme.as_str()).collect();
    schemes.dedup();
    let dashes: &'static [f64] = if line.precision == plot.lines[0].precision { &[] } else { &[5.0, 7.0] };
    look(schemes.len()).with_dashes(dashes)
}

fn draw_line(canvas: &mut Canvas, frame: &Frame, plot: &Steps, index: usize) -> Drawn {
    let look = look_of(plot, index);
    let line = &plot.lines[index];
    let points: Vec<Point> = line.points.iter().map(|point| frame.at(point.step, point.error)).collect();
    canvas.line(&points, look.stroke, look.color)?;
    points.iter().try_for_each(|point| look.mark(canvas, *point, 8.0))
}

/// A dashed line, its power beyond its left end: there the lines of the schemes are far apart.
fn draw_slope(canvas: &mut Canvas, frame: &Frame, slope: &Slope) -> Drawn {
    let (from, to) = (frame.at(slope.from.0, slope.from.1), frame.at(slope.to.0, slope.to.1));
    canvas.line(&[from, to], DASHED, GREY)?;
    let (aside, anchor) = if slope.power > 0 { (-10.0, Anchor::Right) } else { (12.0, Anchor::Left) };
    canvas.text(&name(slope.power), (from.0 + aside, from.1 - 6.0), TEXT, BLACK, anchor)
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
        Entry { look: look_of(plot, index), label, details: Vec::new(), notes: best.into_iter().collect() }
    };
    plot.lines.iter().enumerate().map(entry).collect()
}
