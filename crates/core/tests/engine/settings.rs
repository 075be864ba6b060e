//! Writing and reading of settings.

use crate::watch::{settings, whole};
use chainrule_core::cost::Reduction;
use chainrule_core::dataset::{DataSettings, TestPart, Whitening};
use chainrule_core::initializer::Initializer;
use chainrule_core::network::{Biases, ModelSettings, Weights};
use chainrule_core::real::Precision;
use chainrule_core::train::{
    BatchSize, Budget, Cost, EarlyStopping, Goal, LastBatch, Limit, Patience, Target, TargetMetric,
    TrainSettings,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::fmt::Debug;

/// Writes `setting` as `expected`, and reads it back.
#[track_caller]
fn assert_written<T: Serialize + DeserializeOwned + PartialEq + Debug>(setting: T, expected: Value) {
    let written = serde_json::to_value(&setting).unwrap();
    assert_eq!(written, expected);
    assert_eq!(serde_json::from_value::<T>(written).unwrap(), setting);
}

#[test]
fn words_and_values() {
    assert_written(BatchSize::Full, json!("full"));
    assert_written(BatchSize::Samples(32), json!(32));
    assert_written(TestPart::Official, json!("official"));
    assert_written(TestPart::Fraction(0.25), json!(0.25));
    assert_written(Target::None, json!("none"));
    let goal = Goal { metric: TargetMetric::ValidationAccuracy, reaches: 0.95, stop: true };
    assert_written(
        Target::Reach(goal),
        json!({ "metric": "validation_accuracy", "reaches": 0.95, "stop": true }),
    );
    assert_written(LastBatch::Drop, json!("drop"));
    assert_written(Reduction::Sum, json!("sum"));
    assert_written(Precision::F32, json!("f32"));
    assert_written(Whitening::Zca, json!("zca"));
    assert_written(Whitening::None, json!("none"));
    assert_eq!(serde_json::from_value::<TestPart>(json!(0)).unwrap(), TestPart::Fraction(0.0));
}

#[test]
fn whole_sections_come_back_as_they_went() {
    let patience =
        Patience { metric: TargetMetric::TrainLoss, patience: 3, min_delta: 0.5, restore_best: false };
    let train = TrainSettings {
        early_stopping: EarlyStopping::After(patience),
        budget: Budget::Spend(Cost { forward_samples: 7 }),
        clip_norm: Limit::At(2.0),
        ..settings()
    };
    assert_eq!(serde_json::from_value::<TrainSettings>(json!(train)).unwrap(), train);
    let data = DataSettings { test: TestPart::Official, ..whole() };
    assert_eq!(serde_json::from_value::<DataSettings>(json!(data)).unwrap(), data);
    let weights = Weights::Given(vec![vec![vec![1.0, 2.0]], vec![vec![3.0], vec![4.0]]]);
    let drawn = Initializer::from_name("lecun_uniform").unwrap();
    for biases in [Biases::Given(vec![vec![0.5, 0.0], vec![-1.0]]), Biases::All(0.5), Biases::Drawn(drawn)] {
        let weights = weights.clone();
        let model = ModelSettings { architecture: vec![2], weights, biases, ..Default::default() };
        assert_eq!(serde_json::from_value::<ModelSettings>(json!(model)).unwrap(), model);
    }
}

#[test]
fn other_words_are_refused() {
    let refused = serde_json::from_value::<BatchSize>(json!("ful")).unwrap_err().to_string();
    assert!(refused.contains("`ful` is not \"full\""), "{refused}");
    assert!(serde_json::from_value::<BatchSize>(json!(-1)).is_err());
    assert!(serde_json::from_value::<BatchSize>(json!(1.5)).is_err());
    assert!(serde_json::from_value::<TestPart>(json!("full")).is_err());
    assert!(serde_json::from_value::<Target>(json!({ "metric": "train_loss", "reaches": 1.0 })).is_err());
}

/// Names are equal to serde's output.
#[test]
fn metrics_are_named_as_they_are_written() {
    use TargetMetric::{TrainAccuracy, TrainLoss, ValidationAccuracy, ValidationLoss};
    for metric in [TrainLoss, TrainAccuracy, ValidationLoss, ValidationAccuracy] {
        assert_eq!(json!(metric), json!(metric.name()));
        assert_eq!(metric.is_validation(), metric.name().starts_with("validation"));
        assert_eq!(metric.is_accuracy(), metric.name().ends_with("accuracy"));
    }
}
