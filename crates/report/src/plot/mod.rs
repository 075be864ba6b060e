//! Plots as values: marks in the units of the data, and a table of exactly the drawn data.
//!
//! One file per plot turns an analysis into a [`Plot`], and one line in a list below registers it. Plots use axes and
//! marks but know no renderer. The renderers in `draw/` draw axes and marks but know no plot. Scale, title, notes,
//! caption and columns of a plot exist once, so its picture, its figure on the page and its table agree.

mod axis;
mod configurations;
mod convergence;
mod error_bars;
mod error_steps;
mod fault_curves;
mod fault_map;
mod functions;
mod heat_map;
mod layer_map;
mod layer_profile;
mod legend;
mod mark;
mod panel;
mod performance_profile;
mod probe;
mod rows;
mod scale;
mod seed_spread;
mod sensitivity;
mod sharpness;
mod singular_values;
mod spectrum;
mod spreads;
mod table;
mod tick;
mod time_to_target;
pub(crate) mod words;

/// The plot from the recipe in `CONTRIBUTING.md`.
#[cfg(test)]
mod endings;
#[cfg(test)]
mod tests;

pub(crate) use axis::{Axis, Name, Ticks};
pub(crate) use legend::{ColorBar, Entry, Legend};
pub(crate) use mark::{
    Anchor, Area, Cell, Dash, Fill, Ink, Mark, Markers, Point, Shape, Span, Stroke, Symbol,
};
pub(crate) use panel::{Panel, Side, Strip};
pub(crate) use scale::Scale;
pub(crate) use table::Table;
pub(crate) use tick::Tick;

use crate::analysis::{Analysis, Checks, NamedFunction};
use std::borrow::Cow;

/// A plot.
#[derive(Debug)]
pub(crate) struct Plot {
    /// The name of its files, without folder and extension.
    pub(crate) name: Cow<'static, str>,
    /// The title.
    pub(crate) title: String,
    /// The meaning of lines, bands and symbols.
    pub(crate) notes: Vec<String>,
    /// The settings that did not vary.
    pub(crate) settings: Vec<String>,
    /// How to read it.
    pub(crate) caption: &'static str,
    /// Its panels, row by row.
    pub(crate) panels: Vec<Panel>,
    /// The number of panels in a row.
    pub(crate) columns: usize,
    /// The reason, in words, if there is no panel.
    pub(crate) nothing: String,
    /// The meaning of the colours, dashes and markers of lines.
    pub(crate) legend: Legend,
    /// The meaning of the colours of cells and lines.
    pub(crate) color_bar: Option<ColorBar>,
    /// Whether a reader of the page may switch y between linear and logarithmic.
    pub(crate) can_switch: bool,
    /// The choices of x on the page, the first drawn initially; empty if there is no choice. Points hold the other x
    /// values.
    pub(crate) x_choices: Vec<Choice>,
    /// Tables of exactly the drawn data. The last one holds the data of the page.
    pub(crate) tables: Vec<Table>,
}

/// A choice of x.
#[derive(Debug)]
pub(crate) struct Choice {
    /// Its name in the list of choices.
    pub(crate) name: &'static str,
    /// Its label on the axis, with its unit.
    pub(crate) label: &'static str,
}

impl Plot {
    /// A plot of one row of panels.
    pub(crate) fn new(name: impl Into<Cow<'static, str>>, title: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            title: title.into(),
            notes: Vec::new(),
            settings: Vec::new(),
            caption: "",
            panels: Vec::new(),
            columns: 1,
            nothing: String::new(),
            legend: Legend::default(),
            color_bar: None,
            can_switch: false,
            x_choices: Vec::new(),
            tables: Vec::new(),
        }
    }
}

/// The plots of training, in the order of the report.
const OF_TRAINING: [fn(&Analysis) -> Vec<Plot>; 11] = [
    convergence::plots,
    time_to_target::plots,
    performance_profile::plots,
    heat_map::plots,
    configurations::plots,
    sensitivity::plots,
    seed_spread::plots,
    singular_values::plots,
    probe::plots,
    sharpness::plots,
    spectrum::plots,
];

/// The plots of training that span several data sets.
const OVER_DATASETS: [fn(&Analysis) -> Vec<Plot>; 2] = [time_to_target::plots, performance_profile::plots];

/// The plots of gradient checks.
const OF_CHECKS: [fn(&Analysis, &Checks) -> Vec<Plot>; 5] = [
    error_bars::by_layer,
    error_steps::plots,
    fault_map::plots,
    fault_curves::plots,
    error_bars::by_precision,
];

/// The plots that follow those, if no fault varies.
const OF_CHECKED_TRAINING: [fn(&Analysis) -> Vec<Plot>; 4] =
    [convergence::of_checks, probe::plots, sharpness::plots, spectrum::plots];

/// Every plot of training that has something to show.
pub(crate) fn of_training(analysis: &Analysis) -> Vec<Plot> {
    if analysis.records.is_empty() {
        return Vec::new();
    }
    OF_TRAINING.iter().flat_map(|plots| plots(analysis)).collect()
}

/// Every plot over several data sets that has something to show.
pub(crate) fn over_datasets(analysis: &Analysis) -> Vec<Plot> {
    OVER_DATASETS.iter().flat_map(|plots| plots(analysis)).collect()
}

/// Every plot of gradient checks that has something to show: plots of faults if faults vary, and plots of training if
/// there was any.
pub(crate) fn of_checks(analysis: &Analysis, checks: &Checks) -> Vec<Plot> {
    let mut all: Vec<Plot> = OF_CHECKS.iter().flat_map(|plots| plots(analysis, checks)).collect();
    if !has_faults(analysis) {
        all.extend(OF_CHECKED_TRAINING.iter().flat_map(|plots| plots(analysis)));
    }
    all
}

/// The plot of functions.
pub(crate) fn of_functions(functions: &[NamedFunction]) -> Vec<Plot> {
    functions::plots(functions)
}

/// Whether faults vary.
fn has_faults(analysis: &Analysis) -> bool {
    analysis.grid.factors.iter().any(|factor| factor.setting == "fault")
}
