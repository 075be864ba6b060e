//! SVG rendering, with plotters.
//!
//! The backend of plotters takes whole numbers. The sheet is therefore [`FINE`] times as fine as the picture, and the
//! `viewBox` scales it down, so that lines are smooth and letters evenly spaced.

mod color_bar;
mod field;
mod frame;
mod grid;
mod legend;
mod marks;
mod sheet;
mod text;
mod ticks;

use super::palette::{BLACK, GREY};
use super::{HEIGHT, WIDTH};
use crate::plot::Plot;
pub(super) use sheet::FONT;
use sheet::{Anchor, Sheet};
use text::wrap;

/// Units of the sheet per pixel.
const FINE: f64 = 10.0;

/// Font sizes of titles, of axes and their ticks, and of remarks, in pixels.
const TITLE: f64 = 32.0;
const TEXT: f64 = 23.0;
const REMARK: f64 = 20.0;

/// The margin at the edges of the picture.
const MARGIN: f64 = 36.0;

/// The margin at the lower edge.
const LOWER: f64 = 20.0;

/// The left edge of a legend.
const LEGEND: f64 = 1165.0;
/// The left edge of a colour scale.
const COLOR_BAR: f64 = 1430.0;

/// The SVG of a plot.
pub(super) fn draw(plot: &Plot) -> Result<String, String> {
    let mut svg = String::new();
    let sheet = Sheet::new(&mut svg)?;
    let top = heading(&sheet, plot) + 14.0;
    let mut lower = HEIGHT - LOWER;
    if plot.panels.is_empty() {
        nothing(&sheet, &plot.nothing);
    } else {
        let right = match (&plot.color_bar, plot.legend.entries.is_empty()) {
            (_, false) => LEGEND - 45.0,
            (Some(_), true) => COLOR_BAR - 30.0,
            (None, true) => WIDTH - MARGIN,
        };
        let (frame, below) = grid::draw(&sheet, plot, (MARGIN, top), (right, lower));
        if plot.legend.entries.is_empty() {
            lower = below;
        }
        legend::draw(&sheet, &plot.legend, top);
        if let Some(bar) = &plot.color_bar {
            lower = lower.max(color_bar::draw(&sheet, bar, &frame)).min(HEIGHT - LOWER);
        }
    }
    sheet.finish()?;
    Ok(scaled(&svg, (lower + LOWER).round()))
}

/// The same SVG with the width of the picture and a height that omits the empty space below; the `viewBox` keeps the
/// units of the sheet.
fn scaled(svg: &str, height: f64) -> String {
    let size = |fine: f64, height: f64| format!("width=\"{}\" height=\"{}\"", fine * WIDTH, fine * height);
    let view = |height: f64| format!("viewBox=\"0 0 {} {}\"", FINE * WIDTH, FINE * height);
    svg.replacen(&size(FINE, HEIGHT), &size(1.0, height), 1).replacen(&view(HEIGHT), &view(height), 1)
}

/// Writes the title, the notes and the settings, and returns the y of their lower end.
fn heading(sheet: &Sheet, plot: &Plot) -> f64 {
    let width = WIDTH - 2.0 * MARGIN;
    let mut y = 40.0;
    for line in wrap(std::slice::from_ref(&plot.title), " ", TITLE, width) {
        sheet.text(&line, (MARGIN, y), TITLE, BLACK, Anchor::Left);
        y += 46.0;
    }
    for line in
        [&plot.notes, &plot.settings].into_iter().flat_map(|parts| wrap(parts, "  ·  ", REMARK, width))
    {
        sheet.text(&line, (MARGIN, y), REMARK, GREY, Anchor::Left);
        y += 30.0;
    }
    y
}

/// Writes why there is nothing to draw, instead of an empty frame.
fn nothing(sheet: &Sheet, why: &str) {
    for (line, text) in wrap(&[why.to_owned()], " ", TEXT, 1300.0).iter().enumerate() {
        sheet.text(text, (WIDTH / 2.0, 500.0 + 36.0 * line as f64), TEXT, GREY, Anchor::Center);
    }
}
