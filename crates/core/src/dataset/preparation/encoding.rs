//! Targets as numbers, and checks that an output and a loss suit them.

use crate::dataset::{DataSettings, Targets};
use crate::error::SettingsError;
use crate::loss::Loss;
use crate::output::Output;
use ndarray::Array2;

/// Checks that a loss and an output fit the kind of target, and its numbers as the settings make them.
///
/// # Errors
/// The first mismatch.
pub fn check_task(
    targets: &Targets,
    settings: &DataSettings,
    loss: &Loss,
    output: &Output,
) -> Result<(), SettingsError> {
    loss.check_output(output)?;
    let is_regression = targets.classes().is_none();
    if is_regression && loss.kernel::<f64>().needs_classes() {
        let (needed, got) = ("classes", "numbers (regression)");
        return Err(SettingsError::LossAndTask { loss: loss.name(), needed, got });
    }
    match targets {
        Targets::Values(_) if settings.standardize_target && !matches!(output, Output::Identity(_)) => {
            Err(SettingsError::Conflict {
                settings: &["standardize_target", "output"],
                problem: "standardized targets are not between 0 and 1, as the output is",
                advice: "set `output = \"identity\"`, or `standardize_target = false`",
            })
        }
        Targets::Values(values) => check_range(values, output),
        Targets::Classes { .. } => {
            let is_inside = settings.class_targets.iter().all(|target| (0.0..=1.0).contains(target));
            if is_inside || matches!(output, Output::Identity(_)) {
                return Ok(());
            }
            Err(SettingsError::Conflict {
                settings: &["class_targets", "output"],
                problem: "the target numbers are not between 0 and 1, as the output is",
                advice: "set `output = \"identity\"`, or target numbers such as class_targets = [0.1, 0.9]",
            })
        }
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

/// The numbers by which a network learns targets: fitted on the training set, applied to any targets.
///
/// - Regression: `(y − shift) / unit` for each target; shift 0 and unit 1 without `standardize_target`
/// - Classes: `low + (high − low)·p` with `class_targets = [low, high]`; p is 1 for the sample's own class and 0 for the
///   others. In the training set, label smoothing ε makes it `(1 − ε)·p + ε/K` for K classes.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetScale {
    /// The mean of each target in the training set, or 0; empty for classes.
    pub shift: Vec<f64>,
    /// The (population) standard deviation of each target there, or 1; empty for classes.
    pub unit: Vec<f64>,
    /// The target numbers of other classes and of the sample's own class.
    pub class_targets: [f64; 2],
}

impl TargetScale {
    /// Fits the scale on the training rows. A target that is constant there gets unit 1.
    pub(super) fn fit(targets: &Targets, train: &[usize], settings: &DataSettings) -> Self {
        let class_targets = settings.class_targets;
        let Targets::Values(values) = targets else {
            return Self { shift: Vec::new(), unit: Vec::new(), class_targets };
        };
        let width = values.ncols();
        if !settings.standardize_target {
            return Self { shift: vec![0.0; width], unit: vec![1.0; width], class_targets };
        }
        let n = train.len() as f64;
        let mean = |column: usize| train.iter().map(|&row| values[[row, column]]).sum::<f64>() / n;
        let shift: Vec<f64> = (0..width).map(mean).collect();
        let unit = (0..width).map(|column| {
            let squares = train.iter().map(|&row| (values[[row, column]] - shift[column]).powi(2));
            let deviation = (squares.sum::<f64>() / n).sqrt();
            // Rounding alone can give a constant column a deviation of this size.
            let is_constant = deviation <= 4.0 * f64::EPSILON * shift[column].abs();
            if is_constant { 1.0 } else { deviation }
        });
        Self { unit: unit.collect(), shift, class_targets }
    }

    /// The number half-way between the targets of other classes and of the own class.
    pub fn threshold(&self) -> f64 {
        let [low, high] = self.class_targets;
        low + 0.5 * (high - low)
    }

    /// Passes the target of a sample to the callback as numbers, `[n_out]`.
    pub(super) fn encode(
        &self,
        targets: &Targets,
        row: usize,
        output: &Output,
        smoothing: f64,
        mut show: impl FnMut(f64),
    ) {
        let [low, high] = self.class_targets;
        let of_class = |is_own: bool, classes: usize| {
            let p = f64::from(u8::from(is_own));
            let smooth = (1.0 - smoothing) * p + smoothing / classes as f64;
            low + (high - low) * if smoothing == 0.0 { p } else { smooth }
        };
        match targets {
            Targets::Values(values) => {
                let scaled = values.row(row).into_iter().zip(&self.shift).zip(&self.unit);
                scaled.for_each(|((y, shift), unit)| show((y - shift) / unit));
            }
            Targets::Classes { labels, count: 2 } if output.units(2) == 1 => {
                show(of_class(labels[row] == 1, 2))
            }
            Targets::Classes { labels, count } => {
                (0..*count).for_each(|class| show(of_class(class == labels[row] as usize, *count)));
            }
        }
    }
}
