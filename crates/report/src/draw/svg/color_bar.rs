//! The colour scale beside the panels.

use super::super::HEIGHT;
use super::super::palette::{BLACK, GREY, viridis};
use super::REMARK;
use super::frame::Frame;
use super::sheet::{Anchor, Sheet};
use super::text::{shortened, text_width};
use crate::plot::{ColorBar, Scale, Stroke};

/// The number of rectangles, each in one colour.
const STEPS: usize = 128;
const WIDTH: f64 = 26.0;

/// Draws the scale to the right of all panels, and returns the lower end of it and its text.
pub(super) fn draw(sheet: &Sheet, bar: &ColorBar, panels: &Frame) -> f64 {
    if bar.scale == Scale::Empty {
        return panels.bottom;
    }
    let (left, top) = (panels.right + if bar.is_axis { 0.0 } else { 24.0 }, panels.top);
    let bottom = if bar.is_axis { panels.bottom } else { panels.bottom.max(top + 360.0).min(HEIGHT - 60.0) };
    let y = |share: f64| bottom - share * (bottom - top);
    for step in 0..STEPS {
        let share = |step: usize| step as f64 / STEPS as f64;
        let color = viridis(bar.share_at(share(step) + 0.5 / STEPS as f64));
        // Overlaps with the next rectangle, so that no white shows between them.
        sheet.rectangle((left, y(share(step + 1)) - 0.5), (left + WIDTH, y(share(step))), color, 1.0);
    }
    let (mut free, mut widest) = (f64::INFINITY, 0.0f64);
    for tick in bar.scale.ticks(8).iter().filter(|tick| !tick.label.is_empty()) {
        let y = y(tick.position);
        if y + 14.0 < free {
            sheet.line(&[(left + WIDTH, y), (left + WIDTH + 7.0, y)], Stroke::solid(1.0), BLACK);
            sheet.text(&tick.label, (left + WIDTH + 12.0, y), REMARK, BLACK, Anchor::Left);
            widest = widest.max(text_width(&tick.label, REMARK));
            free = y - 14.0;
        }
    }
    let label = shortened(&bar.label, REMARK, HEIGHT - top - 40.0);
    let middle = (top + bottom) / 2.0;
    sheet.upward(&label, (left + WIDTH + widest + 34.0, middle), REMARK, GREY);
    (bottom + REMARK).max(middle + text_width(&label, REMARK) / 2.0)
}
