//! What the check says of each fault, by activation.

use super::canvas::{Anchor, BLACK, Canvas, Drawn, FAINT, GREY, HEIGHT, WHITE};
use super::font::text_width;
use super::page::{REMARK, heading};
use super::palette::{readable_on, viridis};
use super::scale::Scale;
use super::stroke::Stroke;
use super::wrap::shortened;
use crate::analysis::{FaultRow, FaultVerdict};
use crate::number::rounded;
use plotters::style::RGBColor;

/// The right edge of the cells; right of them the colour bar.
const RIGHT: f64 = 1430.0;
const LEFT: f64 = 474.0;
const LABEL: f64 = 19.0;
/// Of cells that the check should have coloured.
const ALARM: RGBColor = RGBColor(0xd5, 0x5e, 0x00);

/// Where the cells lie.
struct Layout<'a> {
    faults: Vec<&'a str>,
    activations: Vec<&'a str>,
    top: f64,
    width: f64,
    height: f64,
    color: Scale,
}

/// `rows`, fault × activation, none of them empty.
pub(super) fn draw(canvas: &mut Canvas, rows: &[FaultRow]) -> Drawn {
    let how = [
        "a cell: the largest relative error of a check, median over the checks that found the fault, whatever the loss",
        "white: the check has passed",
        "an orange frame: it passed although something is wrong",
        "changed W: the gradient is right, but the backward pass changed the weights",
    ];
    let top = heading(
        canvas,
        "What the gradient check finds: fault by activation",
        &[how.map(str::to_owned).to_vec()],
    )?;
    let layout = layout(rows, top + 44.0);
    draw_labels(canvas, &layout)?;
    rows.iter().try_for_each(|row| draw_cell(canvas, &layout, row))?;
    draw_bar(canvas, &layout)
}

fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut distinct = Vec::new();
    names.for_each(|name| {
        if !distinct.contains(&name) {
            distinct.push(name)
        }
    });
    distinct
}

fn layout(rows: &[FaultRow], top: f64) -> Layout<'_> {
    let faults = distinct(rows.iter().map(|row| row.labels[0].as_str()));
    let activations = distinct(rows.iter().map(|row| row.labels[1].as_str()));
    let found = rows.iter().filter(|row| row.verdict() == FaultVerdict::Caught && !row.is_by_parameters());
    Layout {
        width: (RIGHT - LEFT) / activations.len().max(1) as f64,
        height: ((f64::from(HEIGHT) - 24.0 - top) / faults.len().max(1) as f64).min(60.0),
        color: Scale::decades(found.filter_map(|row| row.error)),
        faults,
        activations,
        top,
    }
}

/// Whether the gradient is right, and the parameters are no longer what they were.
fn draw_labels(canvas: &mut Canvas, layout: &Layout) -> Drawn {
    for (index, activation) in layout.activations.iter().enumerate() {
        let middle = LEFT + (index as f64 + 0.5) * layout.width;
        let label = shortened(activation, REMARK, layout.width - 6.0);
        canvas.text(&label, (middle, layout.top - 20.0), REMARK, BLACK, Anchor::Center)?;
    }
    let size = LABEL.min(0.8 * layout.height);
    for (index, fault) in layout.faults.iter().enumerate() {
        let y = layout.top + (index as f64 + 0.5) * layout.height;
        canvas.text(&shortened(fault, size, LEFT - 50.0), (LEFT - 12.0, y), size, BLACK, Anchor::Right)?;
    }
    Ok(())
}

fn draw_cell(canvas: &mut Canvas, layout: &Layout, row: &FaultRow) -> Drawn {
    let place =
        |names: &[&str], name: &str| names.iter().position(|known| *known == name).unwrap_or(0) as f64;
    let (column, line) = (place(&layout.activations, &row.labels[1]), place(&layout.faults, &row.labels[0]));
    let from = (LEFT + column * layout.width, layout.top + line * layout.height);
    let to = (from.0 + layout.width - 2.0, from.1 + layout.height - 2.0);
    let verdict = row.verdict();
    let background = match verdict {
        FaultVerdict::Caught if row.is_by_parameters() => viridis(0.0),
        FaultVerdict::Caught => viridis(row.error.map_or(1.0, |error| layout.color.position(error))),
        FaultVerdict::FalseAlarm => ALARM,
        FaultVerdict::Right | FaultVerdict::NoEffect | FaultVerdict::Missed => FAINT,
    };
    canvas.rectangle(from, to, background)?;
    if background == FAINT {
        canvas.rectangle((from.0 + 1.0, from.1 + 1.0), (to.0 - 1.0, to.1 - 1.0), WHITE)?;
    }
    let (text, color) = match verdict {
        FaultVerdict::Caught if row.is_by_parameters() => ("changed W".to_owned(), readable_on(background)),
        FaultVerdict::Caught | FaultVerdict::FalseAlarm => (
            row.error.map_or_else(|| "no number".to_owned(), |error| rounded(error, 2)),
            readable_on(background),
        ),
        FaultVerdict::Right => (row.error.map_or_else(String::new, |error| rounded(error, 2)), GREY),
        FaultVerdict::NoEffect => (verdict.name().to_owned(), GREY),
        FaultVerdict::Missed => (verdict.name().to_owned(), ALARM),
    };
    if verdict == FaultVerdict::Missed {
        let (near, far) = ((from.0 + 3.0, from.1 + 3.0), (to.0 - 3.0, to.1 - 3.0));
        let frame = [near, (far.0, near.1), far, (near.0, far.1), near];
        canvas.line(&frame, Stroke::solid(3.0), ALARM)?;
    }
    let size = LABEL.min(0.75 * layout.height);
    let fits = text_width(&text, size) <= layout.width - 6.0;
    let middle = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
    if fits { canvas.text(&text, middle, size, color, Anchor::Center) } else { Ok(()) }
}

fn draw_bar(canvas: &mut Canvas, layout: &Layout) -> Drawn {
    if layout.color == Scale::Empty {
        return Ok(());
    }
    let (left, top) = (RIGHT + 24.0, layout.top);
    let bottom = (top + 560.0).min(f64::from(HEIGHT) - 60.0);
    let steps = (bottom - top) as usize;
    for step in 0..steps {
        let y = top + step as f64;
        canvas.rectangle((left, y), (left + 26.0, y + 1.0), viridis(1.0 - step as f64 / steps as f64))?;
    }
    for tick in layout.color.ticks(6).iter().filter(|tick| !tick.label.is_empty()) {
        let y = bottom - tick.position * (bottom - top);
        canvas.text(&tick.label, (left + 34.0, y), REMARK, BLACK, Anchor::Left)?;
    }
    canvas.upward_text("relative error of the gradient", (left + 120.0, (top + bottom) / 2.0), REMARK, BLACK)
}
