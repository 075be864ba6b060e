//! The plots of gradient checks.

use super::canvas::Canvas;
use super::{Plot, Plots, error_bars, error_steps, fault_curves, fault_map, training};
use crate::ReportError;
use crate::analysis::{
    Analysis, Bars, Checks, Steps, by_layer, by_precision, fault_curves, faults_by_activation,
};
use crate::output::Output;
use crate::table;

const BY_LAYER: &str = "How exact the gradients are, layer by layer: the marker is the largest relative error of all entries, the lower end of a bar the median. What is left is the error of the differences and of rounding; a fault would stand above the tolerance.";

const BY_STEP: &str = "Why the step matters: a large one makes the differences wrong, a small one leaves nothing but rounding. The smaller the error of a scheme at its best step, the smaller a fault it shows.";

const BY_PRECISION: &str = "What a check is worth in each precision: the further below its tolerance a bar ends, the safer the verdict.";

const FAULTS: &str = "Which faults the check finds, and with which activation: a coloured cell is a fault that was caught, by an error many times above what is allowed. Where a cell is white the check has passed: the fault makes no difference there, or, in an orange frame, it spoils what the check does not look at.";

const FAULT_CURVES: &str = "Why one needs the check: many networks learn with a wrong gradient, only worse, and their curves alone would not tell. Each panel is a fault in one network, beside the same runs without it.";

const CURVES: &str = "What training makes of the gradients: lower loss and higher accuracy, earlier, is better. Each line is the best configuration of its value.";

/// Draws every plot that the checks have something to show in: of faults where they vary, and of training where there is any.
pub(crate) fn checks(
    analysis: &Analysis,
    checks: &Checks,
    output: &mut Output,
) -> Result<Vec<Plot>, ReportError> {
    let mut plots = Plots::new(output);
    errors(analysis, checks, &mut plots)?;
    let by_activation = faults_by_activation(analysis, checks);
    if !by_activation.is_empty() {
        let paint = |canvas: &mut Canvas| fault_map::draw(canvas, &by_activation);
        plots.add("faults", FAULTS, paint, |output| table::fault_map(&by_activation, "faults", output))?;
        curves_of_faults(analysis, checks, &mut plots)?;
        return Ok(plots.drawn);
    }
    if let Some(bars) = by_precision(analysis, checks) {
        add_bars(
            "error_by_precision",
            BY_PRECISION,
            "Error of the gradients, by precision",
            &bars,
            analysis,
            &mut plots,
        )?;
    }
    if analysis.is_trained() {
        training::curves(analysis, CURVES, &mut plots)?;
    }
    training::of_probes(analysis, &mut plots)?;
    Ok(plots.drawn)
}

fn errors(analysis: &Analysis, checks: &Checks, plots: &mut Plots) -> Result<(), ReportError> {
    if let Some(bars) = by_layer(analysis, checks) {
        let title = format!("Error of the gradients, by layer and {}", analysis.compared_name());
        add_bars("error_by_layer", BY_LAYER, &title, &bars, analysis, plots)?;
    }
    let Some(steps) = Steps::new(analysis, checks) else { return Ok(()) };
    let paint = |canvas: &mut Canvas| error_steps::draw(canvas, analysis, &steps);
    plots.add("error_by_step", BY_STEP, paint, |output| table::steps(&steps, "error_by_step", output))
}

fn add_bars(
    name: &'static str,
    caption: &'static str,
    title: &str,
    bars: &Bars,
    analysis: &Analysis,
    plots: &mut Plots,
) -> Result<(), ReportError> {
    let paint = |canvas: &mut Canvas| error_bars::draw(canvas, analysis, bars, title);
    plots.add(name, caption, paint, |output| table::bars(bars, name, output))
}

fn curves_of_faults(analysis: &Analysis, checks: &Checks, plots: &mut Plots) -> Result<(), ReportError> {
    let panels = fault_curves(analysis, checks);
    if panels.is_empty() {
        return Ok(());
    }
    let paint = |canvas: &mut Canvas| fault_curves::draw(canvas, analysis, &panels);
    plots.add("fault_curves", FAULT_CURVES, paint, |output| {
        table::fault_curves(&panels, "fault_curves", output)
    })
}
