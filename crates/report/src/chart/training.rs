//! The plots of training.

use super::canvas::Canvas;
use super::{
    Adds, Plot, Plots, convergence, heat_map, layer_map, layer_profile, parallel, performance_profile, probe,
    seed_spread, sensitivity, sharpness, singular_values, spectrum, time_to_target,
};
use crate::ReportError;
use crate::analysis::{
    Analysis, Convergence, HeatMap, LayerMap, LayerProfile, Parallel, Profiles, Rates, SeedSpread,
    Sensitivity, Sharpness, Spectrum, TimeToTarget, layer_probes, weights,
};
use crate::output::Output;
use crate::table;

/// The plots of training, in the order of the report.
const OF_TRAINING: [Adds; 11] = [
    convergence,
    time_to_target,
    performance_profile,
    heat_map,
    parallel,
    sensitivity,
    seed_spread,
    singular_values,
    layers_of_probes,
    sharpness,
    spectrum,
];

/// Those that go over several data sets.
const OVER_DATASETS: [Adds; 2] = [time_to_target, performance_profile];

/// Draws every plot that the runs have something to show in.
pub(crate) fn training(analysis: &Analysis, output: &mut Output) -> Result<Vec<Plot>, ReportError> {
    if analysis.records.is_empty() {
        return Ok(Vec::new());
    }
    Plots::of(&OF_TRAINING, analysis, output)
}

/// Draws what goes over several data sets.
pub(crate) fn over_datasets(analysis: &Analysis, output: &mut Output) -> Result<Vec<Plot>, ReportError> {
    Plots::of(&OVER_DATASETS, analysis, output)
}

fn convergence(analysis: &Analysis, plots: &mut Plots) -> Result<(), ReportError> {
    curves(
        analysis,
        "How fast each one learns: lower loss and higher accuracy, earlier, is better. Each line is the best configuration of its value. Where bands overlap, one may still be better for sure: comparisons are paired over the seeds, and may tell apart what overlaps here (see Comparisons).",
        plots,
    )
}

/// With a second table, of the curves over every axis that the page can show.
pub(super) fn curves(
    analysis: &Analysis,
    caption: &'static str,
    plots: &mut Plots,
) -> Result<(), ReportError> {
    let curves = Convergence::new(analysis);
    if curves.is_pointless(analysis) {
        return Ok(());
    }
    let paint = |canvas: &mut Canvas| convergence::draw(canvas, analysis, &curves);
    plots.add("convergence", caption, paint, |output| {
        table::convergence(analysis, &curves, output)?;
        table::convergence_axes(analysis, output)
    })
}

/// Draws what probes measured.
pub(super) fn of_probes(analysis: &Analysis, plots: &mut Plots) -> Result<(), ReportError> {
    [layers_of_probes, sharpness, spectrum].iter().try_for_each(|add| add(analysis, plots))
}

fn time_to_target(analysis: &Analysis, plots: &mut Plots) -> Result<(), ReportError> {
    let Some(times) = TimeToTarget::new(analysis) else { return Ok(()) };
    let paint = |canvas: &mut Canvas| time_to_target::draw(canvas, analysis, &times);
    plots.add("time_to_target", "How soon the target is reached, and how surely: further left is faster, higher is more of the runs. A line ends with its last run that was watched, and with a lost run it never comes to 1.", paint, |output| table::time_to_target(analysis, &times, output))
}

fn performance_profile(analysis: &Analysis, plots: &mut Plots) -> Result<(), ReportError> {
    let Some(profiles) = Profiles::new(analysis) else { return Ok(()) };
    let paint = |canvas: &mut Canvas| performance_profile::draw(canvas, analysis, &profiles);
    plots.add("performance_profile", "Over all problems, how often each one is within some factor of the best: at the left edge, how often it is the best; far to the right, how many problems it solves at all. A line above all others is better whatever the factor.", paint, |output| table::performance_profile(analysis, &profiles, output))
}

fn heat_map(analysis: &Analysis, plots: &mut Plots) -> Result<(), ReportError> {
    let Some(map) = HeatMap::new(analysis) else { return Ok(()) };
    let paint = |canvas: &mut Canvas| heat_map::draw(canvas, analysis, &map);
    plots.add("final_metric", "Where the good configurations lie: brighter is better. A bright cell at the edge of the map suggests to look beyond it; hatched cells have no median because half or more of the seeds diverged or failed.", paint, |output| table::heat_map(analysis, &map, output))
}

fn parallel(analysis: &Analysis, plots: &mut Plots) -> Result<(), ReportError> {
    let Some(lines) = Parallel::new(analysis) else { return Ok(()) };
    let paint = |canvas: &mut Canvas| parallel::draw(canvas, analysis, &lines);
    plots.add("configurations", "All configurations at once: follow the bright lines from the right to the left. Where they all come through one value, that value matters; where they come through all values alike, it does not.", paint, |output| table::parallel(analysis, &lines, output))
}

fn sensitivity(analysis: &Analysis, plots: &mut Plots) -> Result<(), ReportError> {
    let Some(lines) = Sensitivity::new(analysis) else { return Ok(()) };
    let rates = Rates::new(analysis);
    let paint = |canvas: &mut Canvas| sensitivity::draw(canvas, analysis, &lines, rates.as_ref());
    plots.add("learning_rate_sensitivity", "How much depends on the learning rate: a wide, flat valley forgives a wrong rate, a narrow one does not. Bars span the rates that are nearly as good as the best; crosses mark rates at which half or more of the seeds diverged or failed.", paint, |output| table::sensitivity(analysis, &lines, rates.as_ref(), output))
}

fn seed_spread(analysis: &Analysis, plots: &mut Plots) -> Result<(), ReportError> {
    if analysis.is_all_lost() {
        return Ok(());
    }
    let seeds = SeedSpread::new(analysis);
    let paint = |canvas: &mut Canvas| seed_spread::draw(canvas, analysis, &seeds);
    plots.add("seed_spread", "How much is chance: each dot is a run that differs from its neighbours in the seed alone. Dots that spread further than two values differ do not say that these are alike: comparisons are paired over the seeds, and may tell apart what overlaps here (see Comparisons).", paint, |output| table::seed_spread(analysis, &seeds, output))
}

fn singular_values(analysis: &Analysis, plots: &mut Plots) -> Result<(), ReportError> {
    let layers = weights(analysis);
    if layers.is_empty() {
        return Ok(());
    }
    let paint = |canvas: &mut Canvas| singular_values::draw(canvas, analysis, &layers);
    plots.add("singular_values", "How unequally the layers stretch directions: a bar goes from the smallest to the largest singular value of a layer's weights. The scale is logarithmic, so the length of a bar is the condition number: the longer it is, the more some directions are favoured over others, in signals and in gradients.", paint, |output| table::singular_values(analysis, &layers, output))
}

/// For each number of layers a plot by layer, and a map by layer and time. Singular values have a plot of their own.
fn layers_of_probes(analysis: &Analysis, plots: &mut Plots) -> Result<(), ReportError> {
    for probe in layer_probes(analysis) {
        if let Some(profile) = LayerProfile::new(analysis, probe) {
            let paint = |canvas: &mut Canvas| layer_profile::draw(canvas, analysis, &profile);
            plots.add(format!("layers_{probe}"), probe::by_layer(probe), paint, |output| {
                table::layer_profile(analysis, &profile, output)
            })?;
        }
        if let Some(map) = LayerMap::new(analysis, probe) {
            let paint = |canvas: &mut Canvas| layer_map::draw(canvas, analysis, &map);
            plots.add(format!("map_{probe}"), "The same over training: a row is a layer, a column a measurement, brighter is larger. What happens to all layers at once is a vertical edge; what works its way through the layers is a slanted one.", paint, |output| {
                table::layer_map(analysis, &map, output)
            })?;
        }
    }
    Ok(())
}

fn sharpness(analysis: &Analysis, plots: &mut Plots) -> Result<(), ReportError> {
    let Some(lines) = Sharpness::new(analysis) else { return Ok(()) };
    let paint = |canvas: &mut Canvas| sharpness::draw(canvas, analysis, &lines);
    plots.add("sharpness", "How sharply the cost rises in its steepest direction. Gradient descent with learning rate η overshoots along a direction whose curvature is above 2/η, so training moves to where the sharpness is about that, if it can.", paint, |output| table::sharpness(analysis, &lines, output))
}

fn spectrum(analysis: &Analysis, plots: &mut Plots) -> Result<(), ReportError> {
    let Some(lines) = Spectrum::new(analysis) else { return Ok(()) };
    let paint = |canvas: &mut Canvas| spectrum::draw(canvas, analysis, &lines);
    plots.add("hessian_spectrum", "In how many directions the cost is steep, flat or falls away: all eigenvalues of its Hessian from the largest to the smallest. A few large ones and many near 0 mean a narrow valley with a flat floor; below 0 the cost is curved downwards.", paint, |output| table::spectrum(analysis, &lines, output))
}
