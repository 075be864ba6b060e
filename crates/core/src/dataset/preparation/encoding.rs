//! Targets as numbers, and checks that an output and a loss suit them.

use crate::dataset::Targets;
use crate::error::SettingsError;
use crate::loss::Loss;
use crate::output::Output;
use ndarray::Array2;

/// Checks that a loss and an output fit the kind of target.
///
/// # Errors
/// The first mismatch.
pub fn check_task(targets: &Targets, loss: &Loss, output: &Output) -> Result<(), SettingsError> {
    loss.check_output(output)?;
    let is_regression = targets.classes().is_none();
    if is_regression && loss.kernel::<f64>().needs_classes() {
        let (needed, got) = ("classes", "numbers (regression)");
        return Err(SettingsError::LossAndTask { loss: loss.name(), needed, got });
    }
    match targets {
        Targets::Values(values) => check_range(values, output),
        Targets::Classes { .. } => Ok(()),
    }
}

/// Regression targets must be within the range of the output.
fn check_range(values: &Array2<f64>, output: &Output) -> Result<(), SettingsError> {
    match output {
        Output::Identity(_) => Ok(()),
        Output::Sigmoid(_) => match values.iter().find(|value| !(0.0..=1.0).contains(*value)) {
            Some(&target) => Err(SettingsError::OutputAndTargets { output: output.name(), target }),
            None => Ok(()),
        },
        Output::Softmax(_) => Err(SettingsError::OutputAndTask { output: output.name() }),
    }
}

/// The numbers of a target, `[n_out]`.
pub(super) fn width(targets: &Targets, output: &Output) -> usize {
    match targets {
        Targets::Values(values) => values.ncols(),
        Targets::Classes { count, .. } => output.units(*count),
    }
}

/// Passes the target of a sample to the callback as numbers, `[n_out]`.
pub(super) fn encode(targets: &Targets, row: usize, output: &Output, mut show: impl FnMut(f64)) {
    match targets {
        Targets::Values(values) => values.row(row).iter().for_each(|&y| show(y)),
        Targets::Classes { labels, count: 2 } if output.units(2) == 1 => show(f64::from(labels[row])),
        Targets::Classes { labels, count } => {
            (0..*count).for_each(|class| show(f64::from(u8::from(class == labels[row] as usize))));
        }
    }
}
