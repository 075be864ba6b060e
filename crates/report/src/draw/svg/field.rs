//! A panel: its axes, and the marks between them.

use super::super::palette::{BLACK, FAINT, GREY, GRID};
use super::frame::Frame;
use super::marks;
use super::sheet::{Anchor, Sheet};
use super::text::{shortened, text_width, told_apart, wrap};
use super::ticks::{self, Tick};
use crate::plot::{Axis, Panel, Scale, Side, Strip, Stroke, Ticks};

/// The text beside a panel.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown {
    pub(super) x: bool,
    pub(super) y: bool,
    /// The font size.
    pub(super) size: f64,
    /// The largest number of lines in a title.
    pub(super) title_lines: u8,
    /// The height of a row of panels, with the text around it.
    pub(super) row: f64,
    /// The width of the labels of y ticks, of all panels in the column, so that the names of their axes are aligned.
    pub(super) labels: f64,
}

/// The space around a panel.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Margins {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

/// The largest width of row names.
const MAX_NAMES: f64 = 400.0;
/// The smallest width of the text below names.
const DETAILS: f64 = 300.0;
/// The distance between an axis and its labels.
const AWAY: f64 = 12.0;

/// The space that a panel needs around it.
pub(super) fn margins(panel: &Panel, shown: Shown) -> Margins {
    let strips = |side: Side| panel.strips.iter().find(|strip| strip.side == side);
    let label = |side: Side| strips(side).map_or(0.0, |strip| text_width(&strip.label, shown.size) + AWAY);
    let beside = label(Side::Top).max(label(Side::Bottom));
    let is_written = shown.y && panel.y.ticks != Ticks::Hidden;
    let left = if is_written { shown.labels + AWAY } else { 0.0 };
    let name = if is_written && !panel.y.label.is_empty() { 1.4 * shown.size } else { 0.0 };
    let unit = if name > 0.0 && y_label(&panel.y, shown).len() > 1 { 1.3 * shown.size } else { 0.0 };
    let is_above = matches!(panel.x.ticks, Ticks::Above(_));
    let ticks = if shown.x && !is_above && panel.x.ticks != Ticks::Hidden { 1.9 * shown.size } else { 0.0 };
    let above = if is_above { 1.8 * shown.size } else { 0.0 };
    let lines = if panel.title.is_empty() { 0.0 } else { f64::from(shown.title_lines) };
    let title = if lines > 0.0 { 0.3 * shown.size + 1.3 * shown.size * lines } else { 0.0 };
    let subtitle = if panel.subtitle.is_empty() { 0.0 } else { 1.3 * shown.size };
    let width = |side: Side| strips(side).map_or(0.0, thickness);
    let beside_strips = width(Side::Left) + width(Side::Right) > 0.0;
    Margins {
        left: left.max(beside) + name + unit + width(Side::Left),
        right: if width(Side::Right) > 0.0 { width(Side::Right) } else { 0.4 * shown.size },
        top: title + subtitle + above + if beside_strips { 1.2 * shown.size } else { 0.0 },
        bottom: if ticks > 0.0 && !panel.x.label.is_empty() { ticks + 1.6 * shown.size } else { ticks },
    }
}

/// The width of the labels of y ticks.
pub(super) fn labels_width(axis: &Axis, shown: Shown) -> f64 {
    let ticks = ticks::of(axis, y_ticks(shown.row, shown));
    let details = if ticks.iter().any(|tick| !tick.details.is_empty()) { DETAILS } else { 0.0 };
    let widest = ticks.iter().map(|tick| text_width(&tick.label, row_size(axis, shown, shown.row)));
    widest.fold(details, f64::max).min(MAX_NAMES)
}

/// The font size of row names: small in low rows.
fn row_size(axis: &Axis, shown: Shown, height: f64) -> f64 {
    match &axis.ticks {
        Ticks::Names(names) => shown.size.min(0.8 * height / names.len().max(1) as f64),
        _ => shown.size,
    }
}

fn y_ticks(height: f64, shown: Shown) -> usize {
    (height / (2.1 * shown.size)) as usize
}

fn x_ticks(width: f64, shown: Shown) -> usize {
    ((width / (4.8 * shown.size)) as usize).max(3)
}

/// The thickness of a strip.
fn thickness(strip: &Strip) -> f64 {
    let rows = (strip.rows + 1) as f64;
    rows * (140.0 / rows).clamp(8.0, 20.0)
}

/// Draws a panel.
pub(super) fn draw(sheet: &Sheet, panel: &Panel, frame: &Frame, shown: Shown) {
    let inner = inside(frame, panel);
    titles(sheet, panel, frame, shown);
    let x = ticks::of(&panel.x, x_ticks(frame.width(), shown));
    let y = ticks::of(&panel.y, y_ticks(inner.height(), shown));
    grid(sheet, &x, |position| [(frame.x(position), frame.top), (frame.x(position), frame.bottom)]);
    grid(sheet, &y, |position| [(frame.left, inner.y(position)), (frame.right, inner.y(position))]);
    between(sheet, &panel.x, |position| [(frame.x(position), frame.top), (frame.x(position), frame.bottom)]);
    between(sheet, &panel.y, |position| [(frame.left, inner.y(position)), (frame.right, inner.y(position))]);
    if shown.y {
        y_labels(sheet, &panel.y, &y, &inner, shown);
    }
    if shown.x {
        x_labels(sheet, &panel.x, x, frame, shown);
    }
    border(sheet, panel, frame);
    marks::draw(sheet, &panel.marks, (panel.x.scale, panel.y.scale), &inner);
    panel.strips.iter().for_each(|strip| draw_strip(sheet, panel, strip, frame, &inner, shown))
}

/// The part of a frame that strips leave free.
fn inside(frame: &Frame, panel: &Panel) -> Frame {
    panel.strips.iter().fold(*frame, |frame, strip| match strip.side {
        Side::Top => Frame { top: frame.top + thickness(strip), ..frame },
        Side::Bottom => Frame { bottom: frame.bottom - thickness(strip), ..frame },
        Side::Left | Side::Right => frame,
    })
}

/// The frame of a strip. On the left and on the right it is outside the panel.
fn beside(strip: &Strip, frame: &Frame) -> Frame {
    let size = thickness(strip);
    match strip.side {
        Side::Top => Frame { bottom: frame.top + size, ..*frame },
        Side::Bottom => Frame { top: frame.bottom - size, ..*frame },
        Side::Left => Frame { left: frame.left - size, right: frame.left, ..*frame },
        Side::Right => Frame { left: frame.right, right: frame.right + size, ..*frame },
    }
}

fn draw_strip(sheet: &Sheet, panel: &Panel, strip: &Strip, frame: &Frame, inner: &Frame, shown: Shown) {
    let rows = Scale::exactly(-1.0, strip.rows as f64);
    let place = beside(strip, frame);
    let middle = ((place.left + place.right) / 2.0, (place.top + place.bottom) / 2.0);
    match strip.side {
        Side::Top | Side::Bottom => {
            sheet.text(&strip.label, (frame.left - AWAY, middle.1), shown.size, GREY, Anchor::Right);
            marks::draw(sheet, &strip.marks, (panel.x.scale, rows.reversed()), &place)
        }
        Side::Left | Side::Right => {
            let place = Frame { top: inner.top, bottom: inner.bottom, ..place };
            sheet.text(
                &strip.label,
                (middle.0, frame.top - 0.8 * shown.size),
                shown.size,
                GREY,
                Anchor::Center,
            );
            marks::draw(sheet, &strip.marks, (rows, panel.y.scale), &place)
        }
    }
}

fn titles(sheet: &Sheet, panel: &Panel, frame: &Frame, shown: Shown) {
    let size = shown.size;
    let above = if matches!(panel.x.ticks, Ticks::Above(_)) { 1.8 * size } else { 0.0 };
    let mut y = frame.top - above - 0.8 * size;
    if !panel.subtitle.is_empty() {
        let text = shortened(&panel.subtitle, 0.9 * size, frame.width());
        sheet.text(&text, (frame.left, y), 0.9 * size, GREY, Anchor::Left);
        y -= 1.3 * size;
    }
    for line in title_lines(&panel.title, size, frame.width(), shown.title_lines).iter().rev() {
        sheet.text(line, (frame.left, y), size, BLACK, Anchor::Left);
        y -= 1.3 * size;
    }
}

/// A title, broken at an underscore if it does not fit; the upper line is as long as possible.
fn title_lines(title: &str, size: f64, width: f64, most: u8) -> Vec<String> {
    let mut breaks = title.match_indices('_').map(|(at, _)| title.split_at(at + 1));
    let fitting = breaks.rfind(|(first, _)| text_width(first, size) <= width);
    match fitting {
        Some((first, second)) if most > 1 && text_width(title, size) > width => {
            vec![first.to_owned(), shortened(second, size, width)]
        }
        _ => vec![shortened(title, size, width)],
    }
}

/// Lines at ticks: unlabelled ones are fainter and drawn first, so that they hide no labelled one.
fn grid(sheet: &Sheet, ticks: &[Tick], ends: impl Fn(f64) -> [(f64, f64); 2]) {
    for (is_labelled, color) in [(false, FAINT), (true, GRID)] {
        let lines = ticks.iter().filter(|tick| tick.has_line && tick.label.is_empty() != is_labelled);
        lines.for_each(|tick| sheet.line(&ends(tick.position), Stroke::solid(1.0), color));
    }
}

/// Lines between categories.
fn between(sheet: &Sheet, axis: &Axis, ends: impl Fn(f64) -> [(f64, f64); 2]) {
    let Ticks::Names(names) = &axis.ticks else { return };
    (1..names.len()).for_each(|index| {
        let position = axis.scale.position(index as f64 - 0.5);
        sheet.line(&ends(position), Stroke::solid(1.0), GRID)
    })
}

/// The left and the lower edge, if there are axes.
fn border(sheet: &Sheet, panel: &Panel, frame: &Frame) {
    let corner = (frame.left, frame.bottom);
    if panel.y.ticks != Ticks::Hidden {
        sheet.line(&[(frame.left, frame.top), corner], Stroke::solid(1.0), GREY);
    }
    if !matches!(panel.x.ticks, Ticks::Hidden | Ticks::Above(_)) {
        sheet.line(&[corner, (frame.right, frame.bottom)], Stroke::solid(1.0), GREY);
    }
}

fn x_labels(sheet: &Sheet, axis: &Axis, ticks: Vec<Tick>, frame: &Frame, shown: Shown) {
    let size = shown.size;
    let labelled = ticks::side_by_side(axis, ticks, frame.width(), size);
    let is_above = matches!(axis.ticks, Ticks::Above(_));
    let y = if is_above { frame.top - size } else { frame.bottom + 1.05 * size };
    for tick in labelled.iter().filter(|tick| !tick.label.is_empty()) {
        let at = (frame.x(tick.position), y);
        sheet.text(&tick.label, at, size, BLACK, Anchor::Center);
    }
    let middle = ((frame.left + frame.right) / 2.0, frame.bottom + 2.7 * size);
    sheet.text(&axis.label, middle, size, BLACK, Anchor::Center)
}

fn y_labels(sheet: &Sheet, axis: &Axis, ticks: &[Tick], frame: &Frame, shown: Shown) {
    let size = row_size(axis, shown, frame.height());
    let right = frame.left - AWAY;
    let room = labels_width(axis, shown);
    let row = frame.height() / ticks.len().max(1) as f64;
    let mut free = f64::INFINITY;
    let is_named = matches!(axis.ticks, Ticks::Names(_));
    let labels: Vec<String> = ticks.iter().map(|tick| tick.label.clone()).collect();
    let labels = told_apart(&labels, size, room);
    for (tick, label) in ticks.iter().zip(&labels).filter(|(_, label)| !label.is_empty()) {
        let y = frame.y(tick.position);
        if is_named || y + size / 2.0 < free {
            let lines = details(tick, room, row);
            let y = y - 13.5 * lines.len() as f64;
            sheet.text(label, (right, y), size, BLACK, Anchor::Right);
            for (line, below) in lines.iter().zip(1..) {
                let y = y + 28.0 * f64::from(below);
                sheet.text(line, (right, y), super::REMARK, GREY, Anchor::Right);
            }
            free = y - size / 2.0;
        }
    }
    let mut x = right - shown.labels - 0.8 * shown.size;
    for line in y_label(axis, shown).iter().rev() {
        sheet.upward(line, (x, (frame.top + frame.bottom) / 2.0), shown.size, BLACK);
        x -= 1.3 * shown.size;
    }
}

/// The lines below a name, or only the last line if not all of them fit.
fn details(tick: &Tick, width: f64, height: f64) -> Vec<String> {
    let lines = wrap(&tick.details, ", ", super::REMARK, width);
    let room = ((height / 28.0) as usize).saturating_sub(1);
    if lines.len() <= room { lines } else { lines.last().filter(|_| room > 0).cloned().into_iter().collect() }
}

/// The label in one line, or in two if its unit does not fit beside it.
fn y_label(axis: &Axis, shown: Shown) -> Vec<String> {
    let (name, unit) = axis.label.split_once(" (").map_or((axis.label.as_str(), None), |(a, b)| (a, Some(b)));
    let parts: Vec<String> =
        std::iter::once(name.to_owned()).chain(unit.map(|unit| format!("({unit}"))).collect();
    let mut lines = wrap(&parts, " ", shown.size, 0.75 * shown.row);
    lines.truncate(2);
    lines.retain(|line| !line.is_empty());
    lines
}
