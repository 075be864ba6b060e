//! Metrics of a run and of a layer.

use crate::named::named;
use crate::{Better, ExperimentKind, Metric};

named! {
    /// A metric of a whole run.
    pub enum RunMetric {
        /// Mean loss per training sample. Like the next five, it is measured with the kept parameters.
        TrainLoss = "train_loss",
        /// Fraction of training samples classified correctly.
        TrainAccuracy = "train_accuracy",
        /// Mean loss per validation sample.
        ValidationLoss = "validation_loss",
        /// Fraction of validation samples classified correctly.
        ValidationAccuracy = "validation_accuracy",
        /// Mean loss per test sample.
        TestLoss = "test_loss",
        /// Fraction of test samples classified correctly.
        TestAccuracy = "test_accuracy",
        /// Epochs until the target was first reached.
        EpochsToTarget = "epochs_to_target",
        /// Updates until the target was first reached.
        StepsToTarget = "steps_to_target",
        /// Cost units until the target was first reached.
        CostToTarget = "cost_to_target",
        /// 1 if the target was reached, 0 if not.
        ReachesTarget = "reaches_target",
        /// 1 if the run diverged, 0 if not.
        Diverged = "diverged",
        /// The largest relative error of a gradient check.
        LargestRelativeError = "largest_relative_error",
        /// 1 if the gradient check passed, 0 if not.
        PassesCheck = "passes_check",
    }
}

impl RunMetric {
    /// Which direction is better.
    pub fn better(self) -> Better {
        match self {
            Self::TrainAccuracy
            | Self::ValidationAccuracy
            | Self::TestAccuracy
            | Self::ReachesTarget
            | Self::PassesCheck => Better::Higher,
            Self::TrainLoss
            | Self::ValidationLoss
            | Self::TestLoss
            | Self::EpochsToTarget
            | Self::StepsToTarget
            | Self::CostToTarget
            | Self::Diverged
            | Self::LargestRelativeError => Better::Lower,
        }
    }

    /// The metric of the curve, if this is one.
    pub fn of_curve(self) -> Option<Metric> {
        Metric::from_name(self.name())
    }

    /// The kind of experiment that measures it.
    pub fn kind(self) -> ExperimentKind {
        match self {
            Self::LargestRelativeError | Self::PassesCheck => ExperimentKind::GradientCheck,
            _ => ExperimentKind::Train,
        }
    }

    /// Whether it can only be measured with a target.
    pub fn needs_target(self) -> bool {
        matches!(self, Self::EpochsToTarget | Self::StepsToTarget | Self::CostToTarget | Self::ReachesTarget)
    }
}

named! {
    /// A metric of a layer: a probe measured it with the kept parameters of a run.
    #[expect(missing_docs, reason = "the probes that measure them document them")]
    pub enum LayerMetric {
        GradientNorm = "gradient_norm",
        DeltaRms = "delta_rms",
        ActivationMean = "activation_mean",
        ActivationStandardDeviation = "activation_standard_deviation",
        WeightNorm = "weight_norm",
        UpdateRatio = "update_ratio",
        DeadShare = "dead_share",
        SaturatedShare = "saturated_share",
        UnitDiversity = "unit_diversity",
        /// The largest singular value of the layer's weights.
        LargestSingularValue = "largest_singular_value",
        /// The smallest singular value of the layer's weights.
        SmallestSingularValue = "smallest_singular_value",
        /// The largest singular value divided by the smallest.
        ConditionNumber = "condition_number",
    }
}

impl LayerMetric {
    /// The probe that measures it.
    pub const fn probe(self) -> &'static str {
        match self {
            Self::LargestSingularValue | Self::SmallestSingularValue | Self::ConditionNumber => {
                "singular_values"
            }
            other => other.name(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_found_by_their_names() {
        for metric in RunMetric::ALL {
            assert_eq!(RunMetric::from_name(metric.name()), Some(metric));
            let curve = metric.of_curve();
            assert!(curve.is_none_or(|curve| curve.better() == metric.better()), "{metric:?}");
        }
        assert_eq!(RunMetric::ALL.into_iter().filter_map(RunMetric::of_curve).count(), Metric::ALL.len());
        for metric in LayerMetric::ALL {
            assert_eq!(LayerMetric::from_name(metric.name()), Some(metric));
        }
    }
}
