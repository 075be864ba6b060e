//! Plots as values: marks in the units of the data, and a table of exactly the drawn data.
//!
//! One file per plot turns an analysis into a [`Plot`], and one line in a list below registers and names it. Plots use
//! axes and marks but know no renderer. The renderers in `draw/` draw axes and marks but know no plot. Scale, title,
//! notes, caption and columns of a plot exist once, so its picture, its figure on the page and its table agree.

mod axis;
mod columns;
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
mod moments;
mod panel;
mod performance_profile;
mod probe;
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
    Anchor, Area, COLORS, Cell, Dash, Fill, Ink, Mark, Markers, Point, Shape, Span, Stroke, Symbol,
};
pub(crate) use panel::{Panel, Side, Strip};
pub(crate) use scale::Scale;
pub(crate) use table::Table;
pub(crate) use tick::Tick;

use crate::analysis::{Analysis, Checks, NamedFunction, layer_probes};
use chainrule_record::LayerMetric;

/// A plot.
#[derive(Debug, Default)]
pub(crate) struct Plot {
    /// The name of its files, without folder and extension; the list that registers the plot gives it.
    pub(crate) name: String,
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
    /// The number of panels in a row; 0 means 1.
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
    fn named(self, name: impl Into<String>) -> Self {
        Self { name: name.into(), ..self }
    }

    /// The path of one of its tables, relative to the folder of the report.
    pub(crate) fn file(&self, table: &Table) -> String {
        format!("plots/{}{}.csv", self.name, table.suffix)
    }
}

/// The name of a plot's files, and the function that makes the plot if it has something to show.
type Named<F> = (&'static str, F);
type OfAnalysis = Named<fn(&Analysis) -> Option<Plot>>;
type OfChecks = Named<fn(&Analysis, &Checks) -> Option<Plot>>;
type OfLayers = Named<fn(&Analysis, &str) -> Option<Plot>>;
type OfFunctions = Named<fn(&[NamedFunction]) -> Option<Plot>>;

/// The plots of training, in the order of the report. Plots of probes follow.
const OF_TRAINING: [OfAnalysis; 8] = [
    ("convergence", convergence::plot),
    ("time_to_target", time_to_target::plot),
    ("performance_profile", performance_profile::plot),
    ("final_metric", heat_map::plot),
    ("configurations", configurations::plot),
    ("learning_rate_sensitivity", sensitivity::plot),
    ("seed_spread", seed_spread::plot),
    ("singular_values", singular_values::plot),
];

/// The plots of each quantity that was measured in layers. The name of the quantity follows the name here.
const OF_LAYERS: [OfLayers; 2] = [("layers_", layer_profile::plot), ("map_", layer_map::plot)];

/// The plots of the Hessian, which follow the plots of layers.
const OF_HESSIAN: [OfAnalysis; 2] = [("sharpness", sharpness::plot), ("hessian_spectrum", spectrum::plot)];

/// The plots of training that span several data sets.
const OVER_DATASETS: [OfAnalysis; 2] =
    [("time_to_target", time_to_target::plot), ("performance_profile", performance_profile::plot)];

/// The plots of gradient checks.
const OF_CHECKS: [OfChecks; 5] = [
    ("error_by_layer", error_bars::by_layer),
    ("error_by_step", error_steps::plot),
    ("faults", fault_map::plot),
    ("fault_curves", fault_curves::plot),
    ("error_by_precision", error_bars::by_precision),
];

/// The plots that follow those, before the plots of probes, if no fault varies.
const OF_CHECKED_TRAINING: [OfAnalysis; 1] = [("convergence", convergence::of_checks)];

/// The plots of functions.
const OF_FUNCTIONS: [OfFunctions; 1] = [("functions", functions::plot)];

/// Every plot of training that has something to show.
pub(crate) fn of_training(analysis: &Analysis) -> Vec<Plot> {
    if analysis.records.is_empty() {
        return Vec::new();
    }
    made(&OF_TRAINING, |plot| plot(analysis)).chain(of_probes(analysis)).collect()
}

/// Every plot over several data sets that has something to show.
pub(crate) fn over_datasets(analysis: &Analysis) -> Vec<Plot> {
    made(&OVER_DATASETS, |plot| plot(analysis)).collect()
}

/// Every plot of gradient checks that has something to show: plots of faults if faults vary, and plots of training if
/// there was any.
pub(crate) fn of_checks(analysis: &Analysis, checks: &Checks) -> Vec<Plot> {
    let of_checks = made(&OF_CHECKS, |plot| plot(analysis, checks));
    if has_faults(analysis) {
        return of_checks.collect();
    }
    let of_training = made(&OF_CHECKED_TRAINING, |plot| plot(analysis));
    of_checks.chain(of_training).chain(of_probes(analysis)).collect()
}

/// The plot of functions.
pub(crate) fn of_functions(functions: &[NamedFunction]) -> Vec<Plot> {
    made(&OF_FUNCTIONS, |plot| plot(functions)).collect()
}

/// Every plot of probes; singular values have their own.
fn of_probes<'a>(analysis: &'a Analysis) -> impl Iterator<Item = Plot> + use<'a> {
    let of_layer = move |probe: &'a str| {
        let plots = made(&OF_LAYERS, move |plot| plot(analysis, probe));
        plots.map(move |plot| Plot { name: plot.name.clone() + probe, ..plot })
    };
    layer_probes(analysis).into_iter().flat_map(of_layer).chain(made(&OF_HESSIAN, move |plot| plot(analysis)))
}

fn made<F>(list: &[Named<F>], make: impl Fn(&F) -> Option<Plot>) -> impl Iterator<Item = Plot> {
    list.iter().filter_map(move |(name, plot)| Some(make(plot)?.named(*name)))
}

/// Plots of earlier versions, which older results folders contain.
const REMOVED: [&str; 0] = [];

/// Whether a plot, or one of its tables, has files with this name, without folder and extension.
pub(crate) fn is_name(name: &str) -> bool {
    let of_analysis = [&OF_TRAINING[..], &OF_HESSIAN, &OVER_DATASETS, &OF_CHECKED_TRAINING].concat();
    let names = of_analysis.iter().map(|(name, _)| name).chain(OF_CHECKS.iter().map(|(name, _)| name));
    let mut names = names.chain(OF_FUNCTIONS.iter().map(|(name, _)| name)).chain(&REMOVED);
    let is_measured = |name: &str| LayerMetric::from_name(name).is_some();
    let of_layers = |(prefix, _): &OfLayers| name.strip_prefix(prefix).is_some_and(is_measured);
    let plot = name.strip_suffix(convergence::CHOICES).unwrap_or(name);
    names.any(|known| *known == plot) || OF_LAYERS.iter().any(of_layers)
}

/// Whether faults vary.
fn has_faults(analysis: &Analysis) -> bool {
    analysis.grid.factors.iter().any(|factor| factor.setting == "fault")
}
