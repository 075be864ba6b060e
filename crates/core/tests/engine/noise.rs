//! Noise in the training set.

use crate::numeric::worst;
use crate::uncancelled::prepare;
use crate::watch::{output, samples, whole};
use chainrule_core::dataset::{
    DataSettings, Part, Parts, Samples, SplitSeed, Targets, TestPart, Whitening, sizes,
};
use ndarray::Array2;
use serde_json::{Value, json};

/// n samples whose only feature is their number, with class i mod `classes`.
fn numbered(n: usize, classes: usize) -> Samples {
    let features = Array2::from_shape_fn((n, 1), |(i, _)| i as f64);
    let labels = (0..n).map(|i| (i % classes) as u32).collect();
    Samples::new(features, Targets::Classes { labels, count: classes })
}

fn parts(samples: &Samples, settings: &DataSettings) -> Parts<f64> {
    prepare(samples, settings, &output("softmax")).unwrap()
}

fn labels(part: &Part<f64>) -> Vec<usize> {
    let column = |row: &[f64]| row.iter().position(|&x| x == 1.0).unwrap();
    part.targets.chunks(part.n_out()).map(column).collect()
}

/// The samples of a set with a wrong label, and how many classes the label is off.
fn wrong(part: &Part<f64>, classes: usize) -> Vec<(usize, usize)> {
    let own = part.features.iter().map(|&number| number as usize);
    let pairs = own.zip(labels(part)).map(|(own, label)| (own, (label + classes - own % classes) % classes));
    pairs.filter(|(_, further)| *further > 0).collect()
}

fn labels_wrong(label_noise: f64) -> DataSettings {
    DataSettings { validation: 0.2, test: TestPart::Fraction(0.2), label_noise, ..whole() }
}

/// Of 500 samples 300 are in the training set; round(0.1 · 300) = 30, round(0.0051 · 300) = 2, round(0.001 · 300) = 0.
#[test]
fn shares_of_wrong_labels_are_exact() {
    for classes in [2, 5] {
        let samples = numbered(500, classes);
        for (share, expected) in [(0.0, 0), (0.001, 0), (0.0051, 2), (0.1, 30), (0.999, 300)] {
            let parts = parts(&samples, &labels_wrong(share));
            assert_eq!(wrong(&parts.train, classes).len(), expected, "{share} of {classes} classes");
            for other in [parts.validation.unwrap(), parts.test.unwrap()] {
                assert_eq!(wrong(&other, classes), []);
            }
        }
    }
}

/// 0.9 · 3000 wrong labels in four bins: χ² with 3 degrees of freedom is below 21.1 with probability 99.99 %.
#[test]
fn wrong_labels_are_of_all_other_classes() {
    let all = DataSettings { label_noise: 0.9, ..whole() };
    let wrong = wrong(&parts(&numbered(3000, 5), &all).train, 5);
    let count = |further: usize| wrong.iter().filter(|(_, got)| *got == further).count() as f64;
    let chi2: f64 = (1..5).map(|further| (count(further) - 675.0).powi(2) / 675.0).sum();
    assert!(wrong.len() == 2700 && chi2 < 21.1, "{chi2}");
}

#[test]
fn a_larger_share_keeps_what_is_wrong_for_a_smaller() {
    let [few, many] = [0.1, 0.3].map(|share| wrong(&parts(&numbered(500, 5), &labels_wrong(share)).train, 5));
    assert!(few.iter().all(|pair| many.contains(pair)));
    let other = DataSettings { split_seed: SplitSeed::Fixed(1), ..labels_wrong(0.1) };
    assert_ne!(wrong(&parts(&numbered(500, 5), &other).train, 5), few);
}

#[test]
fn classes_are_counted_as_they_are_trained_on() {
    let (samples, settings) = (samples("iris"), labels_wrong(0.4));
    let labels = labels(&parts(&samples, &settings).train);
    let counts = [0, 1, 2].map(|class| labels.iter().filter(|&&label| label == class).count() as u64);
    assert_eq!(sizes(&samples, &settings, 0).unwrap().class_counts, counts);
    assert_ne!(sizes(&samples, &labels_wrong(0.0), 0).unwrap().class_counts, counts);
}

#[test]
fn numbers_have_no_wrong_labels() {
    let sine = samples("sine");
    let refused = prepare::<f64>(&sine, &labels_wrong(0.1), &output("identity")).unwrap_err();
    assert!(refused.to_string().ends_with("(regression); use `label_noise = 0`"), "{refused}");
    assert_eq!(sizes(&sine, &labels_wrong(0.1), 0), Err(refused));
    assert!(prepare::<f64>(&sine, &labels_wrong(0.0), &output("identity")).is_ok());
}

/// The added noise has mean 0 and the requested standard deviation, within five standard errors: σ/√n and σ²·√(2/n).
#[test]
fn features_of_the_training_part_are_moved_last() {
    let digits = samples("digits");
    let whitening = Whitening::Pca;
    let settings =
        |feature_noise| DataSettings { standardize: true, whitening, feature_noise, ..labels_wrong(0.0) };

    let (still, moved) = (parts(&digits, &settings(0.0)), parts(&digits, &settings(0.3)));
    let noise: Vec<f64> =
        moved.train.features.iter().zip(&still.train.features).map(|(moved, x)| moved - x).collect();
    let n = noise.len() as f64;
    let mean = noise.iter().sum::<f64>() / n;
    let variance = noise.iter().map(|z| z * z).sum::<f64>() / n;
    assert!(mean.abs() < 5.0 * 0.3 / n.sqrt() && (variance / 0.09 - 1.0).abs() < 5.0 * (2.0 / n).sqrt());
    assert_eq!(moved.validation.unwrap().features, still.validation.unwrap().features);
    assert_eq!(moved.test.unwrap().features, still.test.unwrap().features);
    assert_eq!((moved.preparation, moved.train.targets), (still.preparation, still.train.targets));
    // Twice the deviation moves every feature twice as far.
    let twice = parts(&digits, &settings(0.6)).train.features;
    let pairs = twice.iter().zip(&still.train.features).zip(&noise);
    assert!(pairs.into_iter().all(|((twice, x), z)| (twice - x - 2.0 * z).abs() < 1e-12));
}

/// Numbers from `tests/oracle/noise.json`.
#[test]
fn noise_equals_a_second_implementation() {
    let settings = DataSettings {
        validation: 0.25,
        label_noise: 0.4,
        feature_noise: 0.5,
        split_seed: SplitSeed::Fixed(3),
        ..whole()
    };
    let train = parts(&numbered(12, 3), &settings).train;
    let expected: Value = serde_json::from_str(include_str!("../oracle/noise.json")).unwrap();
    assert_eq!(json!(labels(&train)), expected["labels"]);
    let features: Vec<f64> = serde_json::from_value(expected["features"].clone()).unwrap();
    assert!(worst(&train.features, &features, 1.0) < 1e-14);
}
