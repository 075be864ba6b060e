//! What all plots have in common: heading, frame, axes and legend.

use super::canvas::{Anchor, BLACK, Canvas, Drawn, FAINT, GREY, GRID, Point, WIDTH, text_width};
use super::palette::Look;
use super::scale::Scale;
use super::tick::Tick;
use super::wrap::{shortened, wrap};

/// Text of titles, of axes and their ticks, and of remarks, in pixels.
pub(crate) const TITLE: f64 = 36.0;
pub(crate) const TEXT: f64 = 26.0;
pub(crate) const REMARK: f64 = 22.0;

const MARGIN: f64 = 36.0;

/// Writes the title, then each paragraph on its own lines, and returns the height at which they end.
pub(crate) fn heading(canvas: &mut Canvas, title: &str, paragraphs: &[Vec<String>]) -> Result<f64, String> {
    let width = f64::from(WIDTH) - 2.0 * MARGIN;
    let mut y = 40.0;
    for line in wrap(&[title.to_owned()], " ", TITLE, width) {
        canvas.text(&line, (MARGIN, y), TITLE, BLACK, Anchor::Left)?;
        y += 46.0;
    }
    for line in paragraphs.iter().flat_map(|parts| wrap(parts, "  ·  ", REMARK, width)) {
        canvas.text(&line, (MARGIN, y), REMARK, GREY, Anchor::Left)?;
        y += 30.0;
    }
    Ok(y)
}

/// The rectangle that data are drawn in, with its scales.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
    pub(crate) x: Scale,
    pub(crate) y: Scale,
}

impl Frame {
    /// Where a value lies from left to right.
    pub(crate) fn x(&self, value: f64) -> f64 {
        self.left + self.x.position(value) * (self.right - self.left)
    }

    /// Where a value lies from top to bottom.
    pub(crate) fn y(&self, value: f64) -> f64 {
        self.bottom - self.y.position(value) * (self.bottom - self.top)
    }

    /// Where a point lies.
    pub(crate) fn at(&self, x: f64, y: f64) -> Point {
        (self.x(x), self.y(y))
    }

    /// Grid lines and labels of the x axis, with its name.
    pub(crate) fn draw_x_axis(&self, canvas: &mut Canvas, name: &str) -> Drawn {
        let ticks = self.x.ticks(((self.right - self.left) / 110.0) as usize);
        let place = |tick: &Tick| self.left + tick.position * (self.right - self.left);
        for (tick, color) in by_rank(&ticks) {
            canvas.hairline((place(tick), self.top), (place(tick), self.bottom), color)?;
        }
        let mut free = f64::NEG_INFINITY;
        for tick in ticks.iter().filter(|tick| !tick.label.is_empty()) {
            let half = text_width(&tick.label, TEXT) / 2.0;
            if place(tick) - half > free {
                canvas.text(&tick.label, (place(tick), self.bottom + 24.0), TEXT, BLACK, Anchor::Center)?;
                free = place(tick) + half + 8.0;
            }
        }
        canvas.text(name, ((self.left + self.right) / 2.0, self.bottom + 62.0), TEXT, BLACK, Anchor::Center)
    }

    /// Grid lines and labels of the y axis, with its name.
    pub(crate) fn draw_y_axis(&self, canvas: &mut Canvas, name: &str) -> Drawn {
        let ticks = self.y.ticks(((self.bottom - self.top) / 48.0) as usize);
        let place = |tick: &Tick| self.bottom - tick.position * (self.bottom - self.top);
        for (tick, color) in by_rank(&ticks) {
            canvas.hairline((self.left, place(tick)), (self.right, place(tick)), color)?;
        }
        let mut free = f64::INFINITY;
        for tick in ticks.iter().filter(|tick| !tick.label.is_empty()) {
            if place(tick) + TEXT / 2.0 < free {
                canvas.text(&tick.label, (self.left - 12.0, place(tick)), TEXT, BLACK, Anchor::Right)?;
                free = place(tick) - TEXT / 2.0;
            }
        }
        let lines = wrap(&[name.to_owned()], " ", TEXT, self.bottom - self.top);
        for (line, offset) in lines.iter().rev().zip([118.0, 148.0]) {
            canvas.upward_text(line, (self.left - offset, (self.top + self.bottom) / 2.0), TEXT, BLACK)?;
        }
        Ok(())
    }

    /// The border, over grid and bands.
    pub(crate) fn draw_border(&self, canvas: &mut Canvas) -> Drawn {
        canvas.hairline((self.left, self.top), (self.left, self.bottom + 1.0), GREY)?;
        canvas.hairline((self.left, self.bottom), (self.right + 1.0, self.bottom), GREY)
    }
}

/// Unlabelled ticks first and fainter, so that no labelled one is hidden.
fn by_rank(ticks: &[Tick]) -> impl Iterator<Item = (&Tick, plotters::style::RGBColor)> {
    let of = |labelled: bool| ticks.iter().filter(move |tick| tick.label.is_empty() != labelled);
    of(false).map(|tick| (tick, FAINT)).chain(of(true).map(|tick| (tick, GRID)))
}

/// One line of the legend.
pub(crate) struct Entry {
    /// How the line looks.
    pub(crate) look: Look,
    /// What it is.
    pub(crate) label: String,
    /// What else is to be said of it.
    pub(crate) details: Vec<String>,
}

/// The left edge of legends: lines never reach it.
pub(crate) const LEGEND: f64 = 1165.0;

/// Writes a legend under its title, in the right margin. Details are left out where there is no room for them.
pub(crate) fn legend(canvas: &mut Canvas, top: f64, bottom: f64, title: &str, entries: &[Entry]) -> Drawn {
    let width = f64::from(WIDTH) - LEGEND - 16.0;
    canvas.text(&shortened(title, TEXT, width), (LEGEND, top + 12.0), TEXT, GREY, Anchor::Left)?;
    let details: Vec<Vec<String>> =
        entries.iter().map(|entry| wrap(&entry.details, ", ", REMARK, width - 12.0)).collect();
    let lines: usize = details.iter().map(Vec::len).sum();
    let room = bottom - top - 40.0;
    let full = 46.0 * entries.len() as f64 + 27.0 * lines as f64 <= room;
    let step = (room / entries.len().max(1) as f64).min(if full { 46.0 } else { 60.0 });
    let mut y = top + 54.0;
    for (entry, details) in entries.iter().zip(&details) {
        sample(canvas, entry, y)?;
        let label = shortened(&entry.label, TEXT, width - 92.0);
        canvas.text(&label, (LEGEND + 92.0, y), TEXT, BLACK, Anchor::Left)?;
        y += if full { 32.0 } else { step };
        for line in details.iter().filter(|_| full) {
            canvas.text(line, (LEGEND + 12.0, y), REMARK, GREY, Anchor::Left)?;
            y += 27.0;
        }
        y += if full { 14.0 } else { 0.0 };
    }
    Ok(())
}

fn sample(canvas: &mut Canvas, entry: &Entry, y: f64) -> Drawn {
    canvas.line(&[(LEGEND, y), (LEGEND + 80.0, y)], entry.look.stroke, entry.look.color)?;
    entry.look.mark(canvas, (LEGEND + 40.0, y), 9.0)
}

/// Says that there is nothing to draw, instead of an empty frame.
pub(crate) fn nothing(canvas: &mut Canvas, why: &str) -> Drawn {
    for (line, text) in wrap(&[why.to_owned()], " ", TEXT, 1300.0).iter().enumerate() {
        canvas.text(
            text,
            (f64::from(WIDTH) / 2.0, 500.0 + 36.0 * line as f64),
            TEXT,
            GREY,
            Anchor::Center,
        )?;
    }
    Ok(())
}
