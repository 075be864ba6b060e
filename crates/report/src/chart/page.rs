//! What all plots have in common: heading, frame, axes and legend.

use super::canvas::{Anchor, BLACK, Canvas, Drawn, FAINT, GREY, GRID, Point, WIDTH};
use super::font::text_width;
use super::palette::Look;
use super::scale::Scale;
use super::tick::Tick;
use super::wrap::{shortened, wrap};
use crate::number::rounded;

/// Text of titles, of axes and their ticks, and of remarks, in pixels.
pub(crate) const TITLE: f64 = 32.0;
pub(crate) const TEXT: f64 = 23.0;
pub(crate) const REMARK: f64 = 20.0;

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
        self.draw_x_ticks(canvas, name, &ticks)
    }

    /// The same with a tick at each of `values`, so that a reader sees what was tried.
    pub(crate) fn draw_x_axis_at(&self, canvas: &mut Canvas, name: &str, values: &[f64]) -> Drawn {
        let tick = |value: &f64| Tick { position: self.x.position(*value), label: rounded(*value, 3) };
        self.draw_x_ticks(canvas, name, &values.iter().map(tick).collect::<Vec<_>>())
    }

    /// The same for what is counted: no tick stands between whole numbers.
    pub(crate) fn draw_counting_axis(&self, canvas: &mut Canvas, name: &str) -> Drawn {
        // Counts are short: where there is little room, four of them have it.
        let ticks = self.x.counting_ticks((((self.right - self.left) / 110.0) as usize).max(4));
        self.draw_x_ticks(canvas, name, &ticks)
    }

    fn draw_x_ticks(&self, canvas: &mut Canvas, name: &str, ticks: &[Tick]) -> Drawn {
        let place = |tick: &Tick| self.left + tick.position * (self.right - self.left);
        for (tick, color) in by_rank(ticks) {
            canvas.hairline((place(tick), self.top), (place(tick), self.bottom), color)?;
        }
        if name.is_empty() {
            // The panel below has the same axis, and says what it is.
            return Ok(());
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
        self.draw_y_grid(canvas)?;
        let mut free = f64::INFINITY;
        for tick in ticks.iter().filter(|tick| !tick.label.is_empty()) {
            if place(tick) + TEXT / 2.0 < free {
                canvas.text(&tick.label, (self.left - 12.0, place(tick)), TEXT, BLACK, Anchor::Right)?;
                free = place(tick) - TEXT / 2.0;
            }
        }
        let (metric, unit) =
            name.split_once(" (").map_or((name, None), |(metric, unit)| (metric, Some(format!("({unit}"))));
        let parts: Vec<String> = std::iter::once(metric.to_owned()).chain(unit).collect();
        let lines = wrap(&parts, " ", TEXT, self.bottom - self.top);
        for (line, offset) in lines.iter().rev().zip([118.0, 148.0]) {
            canvas.upward_text(line, (self.left - offset, (self.top + self.bottom) / 2.0), TEXT, BLACK)?;
        }
        Ok(())
    }

    /// Grid lines of the y axis alone: the frame to the left has the same axis, and says what it is.
    pub(crate) fn draw_y_grid(&self, canvas: &mut Canvas) -> Drawn {
        let ticks = self.y.ticks(((self.bottom - self.top) / 48.0) as usize);
        for (tick, color) in by_rank(&ticks) {
            let y = self.bottom - tick.position * (self.bottom - self.top);
            canvas.hairline((self.left, y), (self.right, y), color)?;
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
    /// Its settings.
    pub(crate) details: Vec<String>,
    /// What the reader should not miss.
    pub(crate) notes: Vec<String>,
}

/// The left edge of legends: lines never reach it.
pub(crate) const LEGEND: f64 = 1165.0;

/// Writes a legend under its title, in the right margin. Settings, and then notes, are left out where there is no room.
pub(crate) fn legend(canvas: &mut Canvas, top: f64, bottom: f64, title: &str, entries: &[Entry]) -> Drawn {
    let width = f64::from(WIDTH) - LEGEND - 16.0;
    canvas.text(&shortened(title, TEXT, width), (LEGEND, top + 12.0), TEXT, GREY, Anchor::Left)?;
    let remarks = remarks(entries, width - 12.0, bottom - top - 54.0);
    let crowded = remarks.iter().all(Vec::is_empty);
    let step = if crowded { ((bottom - top - 54.0) / entries.len().max(1) as f64).min(56.0) } else { 32.0 };
    let mut y = top + 54.0;
    for (entry, remarks) in entries.iter().zip(&remarks) {
        sample(canvas, entry, y)?;
        let label = shortened(&entry.label, TEXT, width - 92.0);
        canvas.text(&label, (LEGEND + 92.0, y), TEXT, BLACK, Anchor::Left)?;
        y += step;
        for line in remarks {
            canvas.text(line, (LEGEND + 12.0, y), REMARK, GREY, Anchor::Left)?;
            y += 27.0;
        }
        y += if crowded { 0.0 } else { 14.0 };
    }
    Ok(())
}

/// The lines below each label: as much as fits into `room`.
fn remarks(entries: &[Entry], width: f64, room: f64) -> Vec<Vec<String>> {
    let notes = |entry: &Entry| -> Vec<String> {
        entry.notes.iter().map(|note| shortened(note, REMARK, width)).collect()
    };
    let all = |entry: &Entry| [wrap(&entry.details, ", ", REMARK, width), notes(entry)].concat();
    let choices: [Vec<Vec<String>>; 2] =
        [entries.iter().map(all).collect(), entries.iter().map(notes).collect()];
    let height = |lines: &[Vec<String>]| 46.0 * lines.len() as f64 + 27.0 * lines.concat().len() as f64;
    let fitting = choices.into_iter().find(|choice| height(choice) <= room);
    fitting.unwrap_or_else(|| vec![Vec::new(); entries.len()])
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
