//! Interactive figures of `report.html`: the same analyses as those of the PNG plots, as Plotly draws them.
//!
//! A file a figure, and a line in a list here. A figure has the name of the table in `plots/` that holds what it draws; how
//! it is read stands in the caption that the PNG plot of that name has.

mod convergence;
mod error_bars;
mod error_steps;
mod fault_curves;
mod fault_map;
mod functions;
mod heat_map;
mod layer_map;
mod layer_profile;
mod look;
mod panels;
mod parallel_coordinates;
mod performance_profile;
mod seed_spread;
mod sensitivity;
mod sharpness;
mod singular_values;
mod spectrum;
mod time_to_target;

use crate::analysis::{Analysis, Checks, NamedFunction};
use plotly::Plot;

/// An interactive figure.
pub(crate) struct Figure {
    /// Its name; unique on the page.
    pub(crate) name: String,
    /// What it shows.
    pub(crate) title: String,
    /// What lines, bands and signs stand for.
    pub(crate) signs: Vec<String>,
    /// How it is read, where the caption of the PNG plot of this name does not say so.
    pub(crate) caption: &'static str,
    /// The table of exactly what it draws, from the folder of the report.
    pub(crate) table: String,
    /// The picture, but for colours and letters, which are those of the page.
    pub(crate) plot: Plot,
    /// Its height in pixels.
    pub(crate) height: usize,
    /// The width below which nobody could read it: where there is less room, it is moved sideways.
    pub(crate) least_width: usize,
    /// Whether y is logarithmic, where that can be switched.
    pub(crate) logarithmic: Option<bool>,
    /// What x can be, the first one to begin with; empty where there is no choice.
    pub(crate) axes: Vec<Axis>,
}

/// What x can be.
pub(crate) struct Axis {
    /// In a list of choices.
    pub(crate) name: &'static str,
    /// On the axis, with its unit.
    pub(crate) title: &'static str,
    /// The x of each trace.
    pub(crate) x: Vec<Vec<f64>>,
}

impl Figure {
    /// A figure beside the PNG plot of this name.
    fn new(name: impl Into<String>, title: impl Into<String>, plot: Plot) -> Self {
        let name = name.into();
        Self {
            table: format!("plots/{name}.csv"),
            name,
            title: title.into(),
            signs: Vec::new(),
            caption: "",
            plot,
            height: 460,
            least_width: 0,
            logarithmic: None,
            axes: Vec::new(),
        }
    }
}

/// The figures of training, in the order of the page.
const OF_TRAINING: [fn(&Analysis) -> Vec<Figure>; 12] = [
    convergence::figures,
    time_to_target::figures,
    performance_profile::figures,
    sensitivity::figures,
    parallel_coordinates::figures,
    heat_map::figures,
    seed_spread::figures,
    singular_values::figures,
    layer_profile::figures,
    layer_map::figures,
    sharpness::figures,
    spectrum::figures,
];

/// The figures of gradient checks, in the order of the page.
const OF_CHECKS: [fn(&Analysis, &Checks) -> Vec<Figure>; 5] = [
    error_bars::by_layer,
    error_steps::figures,
    fault_map::figures,
    fault_curves::figures,
    error_bars::by_precision,
];

/// After those, where no fault varies.
const OF_CHECKED_TRAINING: [fn(&Analysis) -> Vec<Figure>; 5] = [
    convergence::of_checks,
    layer_profile::figures,
    layer_map::figures,
    sharpness::figures,
    spectrum::figures,
];

/// Every figure that training has something to show in.
pub(crate) fn of_training(analysis: &Analysis) -> Vec<Figure> {
    if analysis.records.is_empty() {
        return Vec::new();
    }
    OF_TRAINING.iter().flat_map(|figures| figures(analysis)).collect()
}

/// The figures of training that go over several data sets.
pub(crate) fn over_datasets(analysis: &Analysis) -> Vec<Figure> {
    [time_to_target::figures, performance_profile::figures]
        .iter()
        .flat_map(|figures| figures(analysis))
        .collect()
}

/// Every figure that gradient checks have something to show in.
pub(crate) fn of_checks(analysis: &Analysis, checks: &Checks) -> Vec<Figure> {
    let mut figures: Vec<Figure> = OF_CHECKS.iter().flat_map(|figures| figures(analysis, checks)).collect();
    if !analysis.grid.factors.iter().any(|factor| factor.setting == "fault") {
        figures.extend(OF_CHECKED_TRAINING.iter().flat_map(|figures| figures(analysis)));
    }
    figures
}

/// The figure of functions.
pub(crate) fn of_functions(functions: &[NamedFunction]) -> Vec<Figure> {
    functions::figures(functions)
}
