//! Claims: statements about an experiment that its runs support, refute or leave undecided.

use crate::{Better, ExperimentKind, Metric, Quantity, RunSpec};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// A statement about the runs of an experiment: a `[[claim]]` of its file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// The statement in words.
    pub text: String,
    /// Whether the command `run` ends with an error where the claim is refuted.
    pub must: bool,
    /// The runs it is about; without conditions, all.
    #[serde(rename = "where")]
    pub filter: Selection,
    /// What is measured of each run.
    pub subject: Subject,
    /// What is said of it.
    pub test: ClaimTest,
}

impl Claim {
    /// Groups of runs that are set against each other; a single one for statements about all runs of `where`. A trend has
    /// none: its groups are the levels that the runs have.
    pub fn arms(&self) -> Vec<&Selection> {
        match &self.test {
            ClaimTest::Order { arms, .. } => arms.iter().collect(),
            ClaimTest::Trend { .. } => Vec::new(),
            ClaimTest::Threshold { .. } | ClaimTest::Equals { .. } => vec![&self.filter],
        }
    }
}

/// What a claim says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimTest {
    /// Groups of runs from the first to the last: each is before the next, paired over the seeds.
    Order {
        /// At least two.
        arms: Vec<Selection>,
        /// Which direction is before: lower or higher.
        prefers: Better,
    },
    /// From each level of an axis to the next, the value falls or rises.
    Trend {
        /// Where it goes.
        direction: Direction,
        /// Over what.
        over: TrendAxis,
    },
    /// The mean, or the share, is on one side of a bound.
    Threshold {
        /// On which.
        side: Side,
        /// The bound.
        #[serde(with = "crate::exact")]
        bound: f64,
        /// Of the mean over the seeds, or of every run.
        of: Extent,
    },
    /// Every run has this value.
    Equals {
        /// The value.
        #[serde(with = "crate::exact")]
        value: f64,
        /// The largest difference that counts as equal.
        #[serde(with = "crate::exact")]
        tolerance: f64,
    },
}

/// Where a trend goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Down.
    Falls,
    /// Up.
    Rises,
}

/// On which side of a bound, the bound included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// At least the bound.
    AtLeast,
    /// At most the bound.
    AtMost,
}

/// What a threshold is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// The mean over the seeds; the share of the runs for what is 0 or 1.
    Mean,
    /// Each run by itself.
    Every,
}

/// What a trend is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrendAxis {
    /// A setting of numbers, from the smallest to the largest.
    Setting(String),
    /// The number of hidden layers.
    Depth,
    /// The layers of each network, from the input to the output.
    Layer,
}

impl fmt::Display for TrendAxis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Setting(setting) => setting,
            Self::Depth => "depth",
            Self::Layer => "layer",
        })
    }
}

/// A number of each run that claims can be about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// One of the whole run.
    Run(RunMetric),
    /// One of a layer.
    Layer {
        /// Which number.
        metric: LayerMetric,
        /// Of which layer; `None` where a trend is over all of them.
        layer: Option<LayerChoice>,
        /// Measured when.
        at: Measured,
    },
    /// One of a traced step.
    Traced {
        /// Which number.
        quantity: Quantity,
        /// Of which step, counted from 0.
        step: u64,
    },
}

impl Subject {
    /// The name in experiment files.
    pub fn name(&self) -> String {
        match self {
            Self::Run(metric) => metric.name().to_owned(),
            Self::Layer { metric, .. } => metric.name().to_owned(),
            Self::Traced { quantity, .. } => quantity.to_string(),
        }
    }

    /// Which direction is better; `None` where neither is.
    pub fn better(&self) -> Option<Better> {
        match self {
            Self::Run(metric) => Some(metric.better()),
            Self::Layer { .. } | Self::Traced { .. } => None,
        }
    }

    /// Whether it is 0 or 1, so that its mean is a share.
    pub fn is_flag(&self) -> bool {
        matches!(self, Self::Run(RunMetric::ReachesTarget | RunMetric::Diverged | RunMetric::PassesCheck))
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Run(metric) => f.write_str(metric.name()),
            Self::Layer { metric, layer: None, at } => write!(f, "{}{}", metric.name(), at.words()),
            Self::Layer { metric, layer: Some(layer), at } => {
                write!(f, "{} of {layer}{}", metric.name(), at.words())
            }
            Self::Traced { quantity, step } => write!(f, "{quantity} of step {step}"),
        }
    }
}

/// A number of a whole run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunMetric {
    /// Mean loss of a training sample, for the parameters that were kept, as are the next five.
    TrainLoss,
    /// Share of training samples classified right.
    TrainAccuracy,
    /// Mean loss of a validation sample.
    ValidationLoss,
    /// Share of validation samples classified right.
    ValidationAccuracy,
    /// Mean loss of a test sample.
    TestLoss,
    /// Share of test samples classified right.
    TestAccuracy,
    /// Epochs until the target was first reached.
    EpochsToTarget,
    /// Updates until the target was first reached.
    StepsToTarget,
    /// Cost units until the target was first reached.
    CostToTarget,
    /// 1 if the target was reached, 0 if not.
    ReachesTarget,
    /// 1 if the run diverged, 0 if not.
    Diverged,
    /// The largest relative error of a gradient check.
    LargestRelativeError,
    /// 1 if a gradient check passed, 0 if not.
    PassesCheck,
}

impl RunMetric {
    /// Every one, in the order of the documentation.
    pub const ALL: [Self; 13] = [
        Self::TrainLoss,
        Self::TrainAccuracy,
        Self::ValidationLoss,
        Self::ValidationAccuracy,
        Self::TestLoss,
        Self::TestAccuracy,
        Self::EpochsToTarget,
        Self::StepsToTarget,
        Self::CostToTarget,
        Self::ReachesTarget,
        Self::Diverged,
        Self::LargestRelativeError,
        Self::PassesCheck,
    ];

    /// The name in experiment files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TrainLoss => "train_loss",
            Self::TrainAccuracy => "train_accuracy",
            Self::ValidationLoss => "validation_loss",
            Self::ValidationAccuracy => "validation_accuracy",
            Self::TestLoss => "test_loss",
            Self::TestAccuracy => "test_accuracy",
            Self::EpochsToTarget => "epochs_to_target",
            Self::StepsToTarget => "steps_to_target",
            Self::CostToTarget => "cost_to_target",
            Self::ReachesTarget => "reaches_target",
            Self::Diverged => "diverged",
            Self::LargestRelativeError => "largest_relative_error",
            Self::PassesCheck => "passes_check",
        }
    }

    /// The one of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|metric| metric.name() == name)
    }

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

    /// The metric of the curve, if it is one.
    pub fn of_curve(self) -> Option<Metric> {
        Metric::from_name(self.name())
    }

    /// Of what kind of experiment it is.
    pub fn kind(self) -> ExperimentKind {
        match self {
            Self::LargestRelativeError | Self::PassesCheck => ExperimentKind::GradientCheck,
            _ => ExperimentKind::Train,
        }
    }

    /// Whether there is nothing to measure without a target.
    pub fn needs_target(self) -> bool {
        matches!(self, Self::EpochsToTarget | Self::StepsToTarget | Self::CostToTarget | Self::ReachesTarget)
    }
}

/// A number of a layer that a probe measured, of the parameters that a run kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "what they are stands with the probes that measure them")]
pub enum LayerMetric {
    GradientNorm,
    DeltaRms,
    ActivationMean,
    ActivationStandardDeviation,
    WeightNorm,
    UpdateRatio,
    DeadShare,
    SaturatedShare,
    UnitDiversity,
    /// The largest singular value of its weights.
    LargestSingularValue,
    /// The smallest.
    SmallestSingularValue,
    /// The largest over the smallest.
    ConditionNumber,
}

impl LayerMetric {
    /// Every one, in the order of the documentation.
    pub const ALL: [Self; 12] = [
        Self::GradientNorm,
        Self::DeltaRms,
        Self::ActivationMean,
        Self::ActivationStandardDeviation,
        Self::WeightNorm,
        Self::UpdateRatio,
        Self::DeadShare,
        Self::SaturatedShare,
        Self::UnitDiversity,
        Self::LargestSingularValue,
        Self::SmallestSingularValue,
        Self::ConditionNumber,
    ];

    /// The name in experiment files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::GradientNorm => "gradient_norm",
            Self::DeltaRms => "delta_rms",
            Self::ActivationMean => "activation_mean",
            Self::ActivationStandardDeviation => "activation_standard_deviation",
            Self::WeightNorm => "weight_norm",
            Self::UpdateRatio => "update_ratio",
            Self::DeadShare => "dead_share",
            Self::SaturatedShare => "saturated_share",
            Self::UnitDiversity => "unit_diversity",
            Self::LargestSingularValue => "largest_singular_value",
            Self::SmallestSingularValue => "smallest_singular_value",
            Self::ConditionNumber => "condition_number",
        }
    }

    /// The probe that measures it.
    pub const fn probe(self) -> &'static str {
        match self {
            Self::LargestSingularValue | Self::SmallestSingularValue | Self::ConditionNumber => {
                "singular_values"
            }
            other => other.name(),
        }
    }

    /// The one of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|metric| metric.name() == name)
    }
}

/// When a number of a layer was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measured {
    /// First of all: before training.
    Start,
    /// Of the parameters that the run kept.
    End,
}

impl Measured {
    fn words(self) -> &'static str {
        match self {
            Self::Start => " before training",
            Self::End => "",
        }
    }
}

/// A layer of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LayerChoice {
    /// Counted from 1 at the input.
    Number(u64),
    /// The one before the output.
    Last,
}

impl fmt::Display for LayerChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "layer {number}"),
            Self::Last => f.write_str("the last layer"),
        }
    }
}

/// The runs that meet every one of some conditions.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Selection {
    /// A setting, and the values of it that are selected.
    pub conditions: Vec<(String, Vec<Condition>)>,
    /// The conditions in words: `optimizer = sgd or adam`.
    pub label: String,
}

impl Selection {
    /// Whether a run meets every condition.
    pub fn selects(&self, spec: &RunSpec) -> bool {
        let accepts = |(setting, accepted): &(String, Vec<Condition>)| {
            spec.get(setting).is_some_and(|value| accepted.iter().any(|condition| condition.meets(value)))
        };
        self.conditions.iter().all(accepts)
    }

    /// Whether there is a condition on a setting.
    pub fn names(&self, setting: &str) -> bool {
        self.conditions.iter().any(|(name, _)| name == setting)
    }
}

/// A condition on a setting's value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// An item of this name, whatever its parameters.
    Item(String),
    /// This value.
    Value(Value),
}

impl Condition {
    /// Whether a value meets it.
    pub fn meets(&self, value: &Value) -> bool {
        match self {
            Self::Value(wanted) => wanted == value,
            Self::Item(name) => match value {
                Value::String(item) => item == name,
                Value::Object(table) => table.contains_key(name),
                _ => false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_run_meets_every_condition_or_is_not_selected() {
        let item = |name: &str| Condition::Item(name.to_owned());
        let selection = Selection {
            conditions: vec![
                ("optimizer".to_owned(), vec![item("sgd"), item("adam")]),
                ("learning_rate".to_owned(), vec![Condition::Value(json!(0.1))]),
            ],
            label: String::new(),
        };
        let selects = |optimizer: Value, rate: f64| {
            let settings = json!({ "optimizer": optimizer, "learning_rate": rate });
            selection.selects(&serde_json::from_value(settings).unwrap())
        };
        assert!(selects(json!("sgd"), 0.1) && selects(json!({ "adam": { "beta_1": 0.5 } }), 0.1));
        assert!(!selects(json!("sgd"), 0.2) && !selects(json!("momentum"), 0.1));
        assert!(!selection.selects(&RunSpec::default()), "a run without the setting");
        assert!(Selection::default().selects(&RunSpec::default()), "no condition selects every run");
    }

    #[test]
    fn claims_are_read_back_as_they_were_written() {
        let over = TrendAxis::Setting("learning_rate".to_owned());
        for test in [
            ClaimTest::Order { arms: vec![Selection::default(); 2], prefers: Better::Higher },
            ClaimTest::Trend { direction: Direction::Falls, over },
            ClaimTest::Threshold { side: Side::AtLeast, bound: 0.1, of: Extent::Every },
            ClaimTest::Equals { value: -4.2, tolerance: 1e-12 },
        ] {
            for subject in [
                Subject::Run(RunMetric::TestLoss),
                Subject::Layer {
                    metric: LayerMetric::ConditionNumber,
                    layer: Some(LayerChoice::Last),
                    at: Measured::Start,
                },
                Subject::Traced { quantity: "weights1[1,2]".parse().unwrap(), step: 3 },
            ] {
                let text = "it is so".to_owned();
                let claim =
                    Claim { text, must: true, filter: Selection::default(), subject, test: test.clone() };
                let json = serde_json::to_string(&claim).unwrap();
                assert_eq!(serde_json::from_str::<Claim>(&json).unwrap(), claim, "{json}");
            }
        }
    }

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
