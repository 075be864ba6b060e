//! Plots of 1600 × 1000 pixels, PNG and if asked for SVG too, each beside the table of what it draws.
//!
//! Pixels and PNG are plotters', SVG elements are the crate `svg`'s. Axes, legends, smooth lines and text are drawn here: its charts cannot label every
//! decade or put a legend beside the data, its thick lines have steps, and its letters stand unevenly.

mod canvas;
pub(crate) mod checks;
mod convergence;
mod error_bars;
mod error_steps;
mod fault_curves;
mod fault_map;
mod font;
mod functions;
mod heat_map;
mod layer_map;
mod layer_profile;
mod marker;
mod page;
pub(crate) mod palette;
mod parallel;
pub(crate) mod performance_profile;
mod pixels;
pub(crate) mod probe;
mod rate_ranges;
mod scale;
mod seed_spread;
mod sensitivity;
mod sharpness;
mod singular_values;
mod spectrum;
mod stroke;
mod tick;
mod time_to_target;
mod vectors;
pub(crate) mod wording;
mod wrap;

use crate::ReportError;
use crate::analysis::{
    Analysis, Convergence, HeatMap, LayerMap, LayerProfile, NamedFunction, Parallel, Profiles, Rates,
    SeedSpread, Sensitivity, Sharpness, Spectrum, TimeToTarget, layer_probes, weights,
};
use crate::output::Output;
use crate::table;
use canvas::{Canvas, Drawn, Format};
use std::borrow::Cow;

/// A plot of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plot {
    /// Its file without folder and extension.
    pub(crate) name: Cow<'static, str>,
    /// How to read it.
    pub(crate) caption: &'static str,
}

/// Draws every plot that the runs have something to show in.
pub(crate) fn write(analysis: &Analysis, output: &mut Output) -> Result<Vec<Plot>, ReportError> {
    let mut plots = Vec::new();
    if analysis.records.is_empty() {
        return Ok(plots);
    }
    let curves = Convergence::new(analysis);
    let plot = Plot {
        name: Cow::Borrowed("convergence"),
        caption: "How fast each one learns: lower loss and higher accuracy, earlier, is better. Each line is the best configuration of its value. Where bands overlap, one may still be better for sure: comparisons are paired over the seeds, and may tell apart what overlaps here (see Comparisons).",
    };
    draw(output, &plot, |canvas| convergence::draw(canvas, analysis, &curves))?;
    table::convergence(analysis, &curves, output)?;
    plots.push(plot);
    plots.extend(write_speed(analysis, output)?);
    if let Some(map) = HeatMap::new(analysis) {
        let plot = Plot {
            name: Cow::Borrowed("final_metric"),
            caption: "Where the good configurations lie: brighter is better. A bright cell at the edge of the map suggests to look beyond it; hatched cells have no median because half or more of the seeds diverged or failed.",
        };
        draw(output, &plot, |canvas| heat_map::draw(canvas, analysis, &map))?;
        table::heat_map(analysis, &map, output)?;
        plots.push(plot);
    }
    if let Some(all) = Parallel::new(analysis) {
        let plot = Plot {
            name: Cow::Borrowed("configurations"),
            caption: "All configurations at once: follow the bright lines from the right to the left. Where they all come through one value, that value matters; where they come through all values alike, it does not.",
        };
        draw(output, &plot, |canvas| parallel::draw(canvas, analysis, &all))?;
        table::parallel(analysis, &all, output)?;
        plots.push(plot);
    }
    if let Some(lines) = Sensitivity::new(analysis) {
        let plot = Plot {
            name: Cow::Borrowed("learning_rate_sensitivity"),
            caption: "How much depends on the learning rate: a wide, flat valley forgives a wrong rate, a narrow one does not. Bars span the rates that are nearly as good as the best; crosses mark rates at which half or more of the seeds diverged or failed.",
        };
        let rates = Rates::new(analysis);
        draw(output, &plot, |canvas| sensitivity::draw(canvas, analysis, &lines, rates.as_ref()))?;
        table::sensitivity(analysis, &lines, rates.as_ref(), output)?;
        plots.push(plot);
    }
    let seeds = SeedSpread::new(analysis);
    let plot = Plot {
        name: Cow::Borrowed("seed_spread"),
        caption: "How much is chance: each dot is a run that differs from its neighbours in the seed alone. Dots that spread further than two values differ do not say that these are alike: comparisons are paired over the seeds, and may tell apart what overlaps here (see Comparisons).",
    };
    draw(output, &plot, |canvas| seed_spread::draw(canvas, analysis, &seeds))?;
    table::seed_spread(analysis, &seeds, output)?;
    plots.push(plot);
    let layers = weights(analysis);
    if !layers.is_empty() {
        let plot = Plot {
            name: Cow::Borrowed("singular_values"),
            caption: "How unequally the layers stretch directions: a bar goes from the smallest to the largest singular value of a layer's weights. The scale is logarithmic, so the length of a bar is the condition number: the longer it is, the more some directions are favoured over others, in signals and in gradients.",
        };
        draw(output, &plot, |canvas| singular_values::draw(canvas, analysis, &layers))?;
        table::singular_values(analysis, &layers, output)?;
        plots.push(plot);
    }
    write_probes(analysis, output, &mut plots)?;
    Ok(plots)
}

/// Draws how fast the target is reached, where there is one, and profiles over problems, where there are several.
pub(crate) fn write_speed(analysis: &Analysis, output: &mut Output) -> Result<Vec<Plot>, ReportError> {
    let mut plots = Vec::new();
    if let Some(times) = TimeToTarget::new(analysis) {
        let plot = Plot {
            name: Cow::Borrowed("time_to_target"),
            caption: "How soon the target is reached, and how surely: further left is faster, higher is more of the runs. A line ends with its last run that was watched, and with a lost run it never comes to 1.",
        };
        draw(output, &plot, |canvas| time_to_target::draw(canvas, analysis, &times))?;
        table::time_to_target(analysis, &times, output)?;
        plots.push(plot);
    }
    if let Some(profiles) = Profiles::new(analysis) {
        let plot = Plot {
            name: Cow::Borrowed("performance_profile"),
            caption: "Over all problems, how often each one is within some factor of the best: at the left edge, how often it is the best; far to the right, how many problems it solves at all. A line above all others is better whatever the factor.",
        };
        draw(output, &plot, |canvas| performance_profile::draw(canvas, analysis, &profiles))?;
        table::performance_profile(analysis, &profiles, output)?;
        plots.push(plot);
    }
    Ok(plots)
}

/// Draws what probes measured.
fn write_probes(analysis: &Analysis, output: &mut Output, plots: &mut Vec<Plot>) -> Result<(), ReportError> {
    layers_of_probes(analysis, output, plots)?;
    curvature(analysis, output, plots)
}

/// For each number of layers a plot by layer, and a map by layer and time. Singular values have a plot of their own.
fn layers_of_probes(
    analysis: &Analysis,
    output: &mut Output,
    plots: &mut Vec<Plot>,
) -> Result<(), ReportError> {
    for probe in layer_probes(analysis) {
        if let Some(profile) = LayerProfile::new(analysis, probe) {
            let plot = Plot { name: format!("layers_{probe}").into(), caption: probe::by_layer(probe) };
            draw(output, &plot, |canvas| layer_profile::draw(canvas, analysis, &profile))?;
            table::layer_profile(analysis, &profile, output)?;
            plots.push(plot);
        }
        if let Some(map) = LayerMap::new(analysis, probe) {
            let plot = Plot {
                name: format!("map_{probe}").into(),
                caption: "The same over training: a row is a layer, a column a measurement, brighter is larger. What happens to all layers at once is a vertical edge; what works its way through the layers is a slanted one.",
            };
            draw(output, &plot, |canvas| layer_map::draw(canvas, analysis, &map))?;
            table::layer_map(analysis, &map, output)?;
            plots.push(plot);
        }
    }
    Ok(())
}

fn curvature(analysis: &Analysis, output: &mut Output, plots: &mut Vec<Plot>) -> Result<(), ReportError> {
    if let Some(lines) = Sharpness::new(analysis) {
        let plot = Plot {
            name: Cow::Borrowed("sharpness"),
            caption: "How sharply the cost rises in its steepest direction. Gradient descent with learning rate η overshoots along a direction whose curvature is above 2/η, so training moves to where the sharpness is about that, if it can.",
        };
        draw(output, &plot, |canvas| sharpness::draw(canvas, analysis, &lines))?;
        table::sharpness(analysis, &lines, output)?;
        plots.push(plot);
    }
    if let Some(spectrum) = Spectrum::new(analysis) {
        let plot = Plot {
            name: Cow::Borrowed("hessian_spectrum"),
            caption: "In how many directions the cost is steep, flat or falls away: all eigenvalues of its Hessian from the largest to the smallest. A few large ones and many near 0 mean a narrow valley with a flat floor; below 0 the cost is curved downwards.",
        };
        draw(output, &plot, |canvas| spectrum::draw(canvas, analysis, &spectrum))?;
        table::spectrum(analysis, &spectrum, output)?;
        plots.push(plot);
    }
    Ok(())
}

/// Draws functions that were followed instead of networks.
pub(crate) fn write_functions(
    functions: &[NamedFunction],
    output: &mut Output,
) -> Result<Vec<Plot>, ReportError> {
    if functions.is_empty() {
        return Ok(Vec::new());
    }
    let plot = Plot {
        name: Cow::Borrowed("functions"),
        caption: "Each function and its derivative. A derivative near 0 lets nothing through on the way back; one above 1 makes gradients grow.",
    };
    draw(output, &plot, |canvas| functions::draw(canvas, functions))?;
    table::functions(functions, output)?;
    Ok(vec![plot])
}

/// Draws a plot once for each format.
fn draw(output: &mut Output, plot: &Plot, paint: impl Fn(&mut Canvas) -> Drawn) -> Result<(), ReportError> {
    let formats =
        [Format::Png, Format::Svg].into_iter().filter(|format| *format == Format::Png || output.options.svg);
    for format in formats.collect::<Vec<_>>() {
        output.file(&format!("plots/{}.{}", plot.name, format.extension()), |path| {
            let paint = || {
                let mut canvas = Canvas::new(format, path)?;
                paint(&mut canvas)?;
                canvas.save()
            };
            paint().map_err(|cause| ReportError::Draw { path: path.to_owned(), cause })
        })?;
    }
    Ok(())
}
