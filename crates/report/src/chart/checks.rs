//! The plots of gradient checks.

use super::{Plot, convergence, draw, error_bars, error_steps, fault_curves, fault_map, write_probes};
use crate::ReportError;
use crate::analysis::{
    Analysis, Checks, Convergence, Steps, by_layer, by_precision, fault_curves, faults_by_activation,
};
use crate::output::Output;
use crate::table;
use std::borrow::Cow;

const BY_LAYER: Plot = Plot {
    name: Cow::Borrowed("error_by_layer"),
    caption: "How exact the gradients are, layer by layer: the marker is the largest relative error of all entries, the lower end of a bar the median. What is left is the error of the differences and of rounding; a fault would stand above the tolerance.",
};

const BY_STEP: Plot = Plot {
    name: Cow::Borrowed("error_by_step"),
    caption: "Why the step matters: a large one makes the differences wrong, a small one leaves nothing but rounding. The smaller the error of a scheme at its best step, the smaller a fault it shows.",
};

const BY_PRECISION: Plot = Plot {
    name: Cow::Borrowed("error_by_precision"),
    caption: "What a check is worth in each precision: the further below its tolerance a bar ends, the safer the verdict.",
};

const FAULTS: Plot = Plot {
    name: Cow::Borrowed("faults"),
    caption: "Which faults the check finds, and with which activation: a coloured cell is a fault that was caught, by an error many times above what is allowed. Where a cell is white the check has passed: the fault makes no difference there, or, in an orange frame, it spoils what the check does not look at.",
};

const FAULT_CURVES: Plot = Plot {
    name: Cow::Borrowed("fault_curves"),
    caption: "Why one needs the check: many networks learn with a wrong gradient, only worse, and their curves alone would not tell. Each panel is a fault in one network, beside the same runs without it.",
};

const CURVES: Plot = Plot {
    name: Cow::Borrowed("convergence"),
    caption: "What training makes of the gradients: lower loss and higher accuracy, earlier, is better. Each line is the best configuration of its value.",
};

/// Draws every plot that the checks have something to show in.
pub(crate) fn write(
    analysis: &Analysis,
    checks: &Checks,
    output: &mut Output,
) -> Result<Vec<Plot>, ReportError> {
    let mut plots = Vec::new();
    if let Some(bars) = by_layer(analysis, checks) {
        let title = format!("Error of the gradients, by layer and {}", analysis.compared_name());
        draw(output, &BY_LAYER, |canvas| error_bars::draw(canvas, analysis, &bars, &title))?;
        table::bars(&bars, &BY_LAYER.name, output)?;
        plots.push(BY_LAYER);
    }
    if let Some(steps) = Steps::new(analysis, checks) {
        draw(output, &BY_STEP, |canvas| error_steps::draw(canvas, analysis, &steps))?;
        table::steps(&steps, &BY_STEP.name, output)?;
        plots.push(BY_STEP);
    }
    let by_activation = faults_by_activation(analysis, checks);
    if !by_activation.is_empty() {
        draw(output, &FAULTS, |canvas| fault_map::draw(canvas, &by_activation))?;
        table::fault_map(&by_activation, &FAULTS.name, output)?;
        plots.push(FAULTS);
        let panels = fault_curves(analysis, checks);
        if !panels.is_empty() {
            draw(output, &FAULT_CURVES, |canvas| fault_curves::draw(canvas, analysis, &panels))?;
            table::fault_curves(&panels, &FAULT_CURVES.name, output)?;
            plots.push(FAULT_CURVES);
        }
        return Ok(plots);
    }
    if let Some(bars) = by_precision(analysis, checks) {
        let title = "Error of the gradients, by precision";
        draw(output, &BY_PRECISION, |canvas| error_bars::draw(canvas, analysis, &bars, title))?;
        table::bars(&bars, &BY_PRECISION.name, output)?;
        plots.push(BY_PRECISION);
    }
    if analysis.is_trained() {
        let curves = Convergence::new(analysis);
        draw(output, &CURVES, |canvas| convergence::draw(canvas, analysis, &curves))?;
        table::convergence(analysis, &curves, output)?;
        plots.push(CURVES);
    }
    write_probes(analysis, output, &mut plots)?;
    Ok(plots)
}
