//! Panels in rows and columns.

use super::field::{self, Shown};
use super::frame::Frame;
use super::sheet::{Place, Sheet};
use crate::plot::{Panel, Plot};

/// The space between neighbouring panels.
const GAP: f64 = 34.0;

/// Draws the panels into a rectangle, and returns the frame around all of them, and the lower end of their text.
pub(super) fn draw(sheet: &Sheet, plot: &Plot, from: Place, to: Place) -> (Frame, f64) {
    let (frames, below) = frames(plot, from, to);
    for (panel, (frame, shown)) in plot.panels.iter().zip(&frames) {
        field::draw(sheet, panel, frame, *shown);
    }
    let all = frames.iter().map(|(frame, _)| *frame);
    let empty = Frame { left: from.0, top: from.1, right: to.0, bottom: to.1 };
    let all = all.reduce(Frame::around).unwrap_or(empty);
    (all, all.bottom + below)
}

/// The frame of each panel, and its labelled axes: of panels with the same axis, only the outermost ones are
/// labelled. The second value is the height of the text below the last row.
fn frames(plot: &Plot, (left, top): Place, (right, bottom): Place) -> (Vec<(Frame, Shown)>, f64) {
    let panels = &plot.panels;
    let columns = plot.columns.clamp(1, panels.len());
    let rows = panels.len().div_ceil(columns);
    let is_same = |same: fn(&Panel, &Panel) -> bool| panels.iter().all(|panel| same(panel, &panels[0]));
    let (same_x, same_y) = (is_same(|a, b| a.x == b.x), is_same(|a, b| a.y == b.y));
    let alone = |index: usize| Shown {
        x: !same_x || index + columns >= panels.len(),
        y: !same_y || index.is_multiple_of(columns),
        size: text_size(columns),
        title_lines: if columns > 5 { 2 } else { 1 },
        row: (bottom - top) / rows as f64,
        labels: 0.0,
    };
    let shown = |index: usize| {
        let column = (index % columns..panels.len()).step_by(columns);
        let widths = column.map(|at| field::labels_width(&panels[at].y, alone(at)));
        Shown { labels: widths.fold(0.0, f64::max), ..alone(index) }
    };
    let margins: Vec<_> =
        panels.iter().enumerate().map(|(at, panel)| field::margins(panel, shown(at))).collect();
    let most = |of: &dyn Fn(usize) -> bool, side: fn(&field::Margins) -> f64| {
        (0..panels.len()).filter(|at| of(*at)).map(|at| side(&margins[at])).fold(0.0, f64::max)
    };
    let lefts: Vec<f64> =
        (0..columns).map(|column| most(&|at| at % columns == column, |one| one.left)).collect();
    let tops: Vec<f64> = (0..rows).map(|row| most(&|at| at / columns == row, |one| one.top)).collect();
    let bottoms: Vec<f64> = (0..rows).map(|row| most(&|at| at / columns == row, |one| one.bottom)).collect();
    let rights = most(&|_| true, |one| one.right);
    let gap = if columns > 4 { GAP / 2.0 } else { GAP };
    let free = right - left - lefts.iter().sum::<f64>() - (gap + rights) * (columns - 1) as f64 - rights;
    let width = free / columns as f64;
    let used = tops.iter().chain(&bottoms).sum::<f64>() + gap * (rows - 1) as f64;
    let height = ((bottom - top - used) / rows as f64).max(8.0);
    let frame = |(at, panel): (usize, &Panel)| {
        let (row, column) = (at / columns, at % columns);
        let left = left + lefts[..=column].iter().sum::<f64>() + column as f64 * (width + gap + rights);
        let before: f64 = tops[..=row].iter().sum::<f64>() + bottoms[..row].iter().sum::<f64>();
        let top = top + before + row as f64 * (height + gap);
        (Frame { left, top, right: left + width, bottom: top + height.min(panel.highest) }, shown(at))
    };
    (panels.iter().enumerate().map(frame).collect(), bottoms.last().copied().unwrap_or_default())
}

/// The font size: small in small panels.
fn text_size(columns: usize) -> f64 {
    match columns {
        ..=2 => super::TEXT,
        3..=5 => super::REMARK,
        _ => 15.0,
    }
}
