//! The ticks of an axis, with the text beside them.

use super::text::{text_width, told_apart};
use crate::number::rounded;
use crate::plot::{Axis, Name, Ticks};

/// A tick of an axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    /// Its position on the axis, from 0 to 1.
    pub(super) position: f64,
    /// Its label; empty for a tick between labelled ones.
    pub(super) label: String,
    /// Lines below the label.
    pub(super) details: Vec<String>,
    /// Whether the grid has a line here.
    pub(super) has_line: bool,
}

/// The ticks of an axis with room for about `most` labels.
pub(super) fn of(axis: &Axis, most: usize) -> Vec<Tick> {
    let numbers = |ticks: Vec<crate::plot::Tick>| {
        let tick = |tick: crate::plot::Tick| Tick::new(tick.position, tick.label);
        ticks.into_iter().map(tick).collect()
    };
    match &axis.ticks {
        Ticks::Numbers => numbers(axis.scale.ticks(most)),
        Ticks::Counts => numbers(axis.scale.counting_ticks(most)),
        Ticks::At(values) => {
            values.iter().map(|value| Tick::new(axis.scale.position(*value), rounded(*value, 3))).collect()
        }
        Ticks::Names(names) | Ticks::Above(names) => {
            (0..).zip(names).map(|(index, name)| named(axis, index, name)).collect()
        }
        Ticks::Hidden => Vec::new(),
    }
}

impl Tick {
    fn new(position: f64, label: String) -> Self {
        Self { position, label, details: Vec::new(), has_line: true }
    }
}

fn named(axis: &Axis, index: u32, name: &Name) -> Tick {
    let position = axis.scale.position(f64::from(index));
    Tick { details: name.details.clone(), has_line: false, ..Tick::new(position, name.label.clone()) }
}

/// Labels of a horizontal axis of `width` pixels that do not overlap. These are full names if all fit, otherwise
/// short names if all fit. Otherwise, as many as fit are shown, at round distances.
pub(super) fn side_by_side(axis: &Axis, mut ticks: Vec<Tick>, width: f64, size: f64) -> Vec<Tick> {
    let (Ticks::Names(names) | Ticks::Above(names)) = &axis.ticks else {
        drop_crowded(&mut ticks, width, size);
        return ticks;
    };
    let room = width / names.len().max(1) as f64;
    let widest = |ticks: &[Tick]| ticks.iter().map(|tick| text_width(&tick.label, size)).fold(0.0, f64::max);
    if widest(&ticks) > room - 12.0 {
        ticks.iter_mut().zip(names).for_each(|(tick, name)| tick.label.clone_from(&name.short));
    }
    let every = ((widest(&ticks).min(MAX_NAME) + 14.0) / room).ceil().max(1.0) as usize;
    let every = [1, 2, 5, 10, 20, 50, 100, 200, 500].into_iter().find(|step| *step >= every).unwrap_or(every);
    for (_, tick) in ticks.iter_mut().enumerate().filter(|(index, _)| index % every > 0) {
        tick.label.clear();
    }
    let room = every as f64 * room - 8.0;
    let labels: Vec<String> = ticks.iter().map(|tick| tick.label.clone()).collect();
    ticks.iter_mut().zip(told_apart(&labels, size, room)).for_each(|(tick, label)| tick.label = label);
    ticks
}

/// The largest width of a category name.
const MAX_NAME: f64 = 200.0;

/// Removes labels that would overlap an earlier one.
fn drop_crowded(ticks: &mut [Tick], width: f64, size: f64) {
    let mut free = f64::NEG_INFINITY;
    for tick in ticks.iter_mut().filter(|tick| !tick.label.is_empty()) {
        let (middle, half) = (tick.position * width, text_width(&tick.label, size) / 2.0);
        match middle - half > free {
            true => free = middle + half + 8.0,
            false => tick.label.clear(),
        }
    }
}
