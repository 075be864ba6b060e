//! From samples to the sets that a network sees.

use crate::uncancelled::prepare;
use crate::watch::{output, samples, whole};
use chainrule_core::dataset::{
    DataSettings, Part, PartSizes, Parts, Samples, SplitSeed, Targets, TestPart, Whitening, check_task, sizes,
};
use chainrule_core::loss::Loss;
use ndarray::{Array2, array};
use std::collections::HashSet;

/// n rows of (i, 0.1, n − i) with class i mod `classes`.
fn rows(n: usize, classes: usize, official_test: usize) -> Samples {
    let features = Array2::from_shape_fn((n, 3), |(i, j)| [i as f64, 0.1, (n - i) as f64][j]);
    let labels = (0..n).map(|i| (i % classes) as u32).collect();
    Samples { official_test, ..Samples::new(features, Targets::Classes { labels, count: classes }) }
}

fn parts(samples: &Samples, validation: f64, test: TestPart, standardize: bool) -> Parts<f64> {
    let settings = DataSettings { validation, test, standardize, ..whole() };
    prepare(samples, &settings, &output("softmax")).unwrap()
}

/// The first feature of every row of a set, which is the number of the sample.
fn numbers(features: &[f64]) -> Vec<usize> {
    features.chunks(3).map(|row| row[0] as usize).collect()
}

/// 101 samples: round(0.15 · 101) = 15 for the test set, round(0.2 · 101) = 20 for the validation set, 66 for the
/// training set.
#[test]
fn parts_have_their_sizes_and_share_no_sample() {
    let parts = parts(&rows(101, 2, 0), 0.2, TestPart::Fraction(0.15), false);
    let (validation, test) = (parts.validation.unwrap(), parts.test.unwrap());
    assert_eq!((parts.train.len(), validation.len(), test.len()), (66, 20, 15));
    let settings = DataSettings { validation: 0.2, test: TestPart::Fraction(0.15), ..whole() };
    let of =
        |class| numbers(&parts.train.features).iter().filter(|&number| number % 2 == class).count() as u64;
    let class_counts = vec![of(0), of(1)];
    assert_eq!(class_counts.iter().sum::<u64>(), 66);
    let foretold =
        PartSizes { train: 66, validation: 20, test: 15, features: 3, classes: Some(2), class_counts };
    assert_eq!(sizes(&rows(101, 2, 0), &settings, 0), Ok(foretold));
    let all = [parts.train, validation, test].map(|part| numbers(&part.features)).concat();
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), 101);
}

#[test]
fn features_and_targets_stay_together() {
    let parts = parts(&rows(60, 3, 0), 0.2, TestPart::Fraction(0.2), false);
    for part in [&parts.train, parts.validation.as_ref().unwrap(), parts.test.as_ref().unwrap()] {
        for (number, target) in numbers(&part.features).into_iter().zip(part.targets.chunks(3)) {
            let expected = [0, 1, 2].map(|class| if class == number % 3 { 1.0 } else { 0.0 });
            assert_eq!(target, expected);
        }
    }
}

#[test]
fn the_split_depends_on_its_seed_alone() {
    let train = |split_seed, validation| {
        let settings = DataSettings { split_seed: SplitSeed::Fixed(split_seed), validation, ..whole() };
        numbers(&prepare::<f64>(&rows(50, 2, 0), &settings, &output("softmax")).unwrap().train.features)
    };
    assert_eq!(train(1, 0.2), train(1, 0.2));
    assert_ne!(train(1, 0.2), train(2, 0.2));
    assert!(train(1, 0.2).is_sorted(), "a part keeps the order of the data set");
    assert_eq!(train(1, 0.0), (0..50).collect::<Vec<_>>());
}

/// The test set comes first in the drawn order, so a validation set does not change it.
#[test]
fn a_validation_part_does_not_move_the_test_part() {
    let test = |validation| {
        numbers(&parts(&rows(50, 2, 0), validation, TestPart::Fraction(0.2), false).test.unwrap().features)
    };
    assert_eq!(test(0.0), test(0.4));
}

/// Mean 0 and variance 1 on the training set; the other sets are scaled by its numbers, not by their own.
#[test]
fn standardisation_is_fitted_on_the_training_part() {
    let plain = parts(&rows(101, 2, 0), 0.2, TestPart::Fraction(0.2), false);
    let scaled = parts(&rows(101, 2, 0), 0.2, TestPart::Fraction(0.2), true);
    let column = |features: &[f64], j: usize| features.iter().skip(j).step_by(3).copied().collect::<Vec<_>>();
    let moments = |values: &[f64]| {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        (mean, values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n)
    };
    for j in [0, 2] {
        let (mean, variance) = moments(&column(&scaled.train.features, j));
        assert!(mean.abs() < 1e-13 && (variance - 1.0).abs() < 1e-13, "{mean} {variance}");
        let (mean, variance) = moments(&column(&plain.train.features, j));
        for (before, after) in [(&plain.validation, &scaled.validation), (&plain.test, &scaled.test)] {
            let (before, after) = (before.as_ref().unwrap(), after.as_ref().unwrap());
            for (x, got) in column(&before.features, j).iter().zip(column(&after.features, j)) {
                assert!((got - (x - mean) / variance.sqrt()).abs() < 1e-12);
            }
        }
    }
}

/// Minimum and maximum become 0 and 1 on the training set. The other sets are scaled by its numbers and may be outside.
#[test]
fn min_max_is_fitted_on_the_training_part() {
    let settings = DataSettings { validation: 0.2, test: TestPart::Fraction(0.2), min_max: true, ..whole() };
    let plain = parts(&rows(101, 2, 0), 0.2, TestPart::Fraction(0.2), false);
    let scaled: Parts<f64> = prepare(&rows(101, 2, 0), &settings, &output("softmax")).unwrap();
    let column = |features: &[f64], j: usize| features.iter().skip(j).step_by(3).copied().collect::<Vec<_>>();
    let mut outside = 0;
    for j in [0, 2] {
        let train = column(&plain.train.features, j);
        let least = train.iter().copied().fold(f64::INFINITY, f64::min);
        let greatest = train.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let got = column(&scaled.train.features, j);
        assert!(got.iter().all(|x| (0.0..=1.0).contains(x)) && got.contains(&0.0));
        assert!(got.iter().any(|x| (x - 1.0).abs() < 1e-15));
        for (before, after) in [(&plain.validation, &scaled.validation), (&plain.test, &scaled.test)] {
            let (before, after) = (before.as_ref().unwrap(), after.as_ref().unwrap());
            for (x, got) in column(&before.features, j).iter().zip(column(&after.features, j)) {
                assert!((got - (x - least) / (greatest - least)).abs() < 1e-15);
                outside += usize::from(!(0.0..=1.0).contains(&got));
            }
        }
    }
    assert!(outside > 0, "no sample tells the training part's range from that of all");
    assert!(column(&scaled.train.features, 1).iter().all(|&x| x == 0.0), "constant features become 0");
}

#[test]
fn features_are_scaled_in_one_way() {
    let settings = DataSettings { standardize: true, min_max: true, ..whole() };
    let refused = prepare::<f64>(&rows(9, 2, 0), &settings, &output("softmax")).unwrap_err();
    assert!(refused.to_string().contains("add `standardize = false`"));
    assert_eq!(sizes(&rows(9, 2, 0), &settings, 0), Err(refused));
}

/// Every way of scaling and whitening.
fn every_preparation() -> impl Iterator<Item = DataSettings> {
    let scalings = [(false, false), (true, false), (false, true)];
    let whitenings = [Whitening::None, Whitening::Pca, Whitening::Zca];
    scalings.into_iter().flat_map(move |(standardize, min_max)| {
        let all = DataSettings { validation: 0.3, test: TestPart::Fraction(0.2), ..whole() };
        whitenings.map(|whitening| DataSettings { standardize, min_max, whitening, ..all.clone() })
    })
}

/// The stored preparation, applied to the original features, gives the prepared sets.
#[test]
fn a_preparation_serves_other_data() {
    let samples = samples("wine");
    let plain: Parts<f64> = divided_plainly(&samples);
    for settings in every_preparation() {
        let prepared: Parts<f64> = prepare(&samples, &settings, &output("softmax")).unwrap();
        let applied = |part: &Option<Part<f64>>| {
            let features = part.as_ref().unwrap().features_view().to_owned();
            prepared.preparation.apply(&features.into())
        };
        assert_eq!(applied(&plain.validation), prepared.validation.unwrap().features_view(), "{settings:?}");
        assert_eq!(applied(&plain.test), prepared.test.unwrap().features_view(), "{settings:?}");
    }
}

/// Other numbers in the validation and test sets change neither the training set nor its preparation.
#[test]
fn the_training_part_alone_is_fitted() {
    let one = samples("wine");
    let is_train = |row: &[f64]| divided_plainly(&one).train.features.chunks(13).any(|other| other == row);
    let mut two = one.clone();
    let mut others = two.features.to_array();
    for mut row in others.rows_mut() {
        if !is_train(row.as_slice().unwrap()) {
            row.mapv_inplace(|x| 3.0 - 1000.0 * x);
        }
    }
    two.features = others.into();
    for settings in every_preparation() {
        let [a, b] = [&one, &two].map(|all| prepare::<f64>(all, &settings, &output("softmax")).unwrap());
        assert_eq!((a.preparation, a.train.features), (b.preparation, b.train.features), "{settings:?}");
        assert_ne!(a.test.unwrap().features, b.test.unwrap().features, "{settings:?}");
    }
}

fn divided_plainly(samples: &Samples) -> Parts<f64> {
    parts(samples, 0.3, TestPart::Fraction(0.2), false)
}

/// 0.1 summed 61 times and divided by 61 is not 0.1: this rounding must not count as variance.
#[test]
fn constant_features_are_divided_by_one() {
    for n in [3, 10, 61, 1000] {
        let samples = rows(n, 2, 0);
        let part = parts(&samples, 0.0, TestPart::Fraction(0.0), true).train;
        assert!(part.features.iter().skip(1).step_by(3).all(|&x| x == 0.0), "{n} samples");
    }
    // A feature that is constant only in the training set: values elsewhere are shifted, but not scaled.
    let mut samples = rows(3, 2, 1);
    let mut features = samples.features.to_array();
    features[[2, 1]] = 0.7;
    samples.features = features.into();
    let test = parts(&samples, 0.0, TestPart::Official, true).test.unwrap();
    assert!((test.features[1] - 0.6).abs() < 1e-15);
}

/// Two columns, one with the given scaling, without a split.
fn scaled(columns: [&[f64]; 2], change: impl Fn(&mut DataSettings)) -> Result<Parts<f64>, String> {
    let features = Array2::from_shape_fn((columns[0].len(), 2), |(i, j)| columns[j][i]);
    let targets = Targets::Values(Array2::zeros((columns[0].len(), 1)));
    let mut settings = whole();
    change(&mut settings);
    let samples = Samples::new(features, targets);
    prepare(&samples, &settings, &output("identity")).map_err(|error| error.to_string())
}

type Change = fn(&mut DataSettings);

const SCALINGS: [(&str, Change); 4] = [
    ("standardize", |settings| settings.standardize = true),
    ("min_max", |settings| settings.min_max = true),
    ("pca", |settings| settings.whitening = Whitening::Pca),
    ("zca", |settings| settings.whitening = Whitening::Zca),
];

/// 0.1 + 0.2 is not 0.3, and 1e8 and the next number above differ only by the rounding of a sum. Such columns are not
/// scaled to variance 1. The other column is scaled as usual.
#[test]
fn rounding_is_no_variance() {
    for column in [vec![0.3, 0.1 + 0.2], vec![1e8, f64::from_bits(1e8f64.to_bits() + 1)], vec![0.7, 0.7]] {
        for (name, change) in SCALINGS {
            let parts = scaled([&column, &[1.0, 2.0]], change).unwrap();
            let features = &parts.train.features;
            let sizes = [0, 1].map(|j| features[j].abs().max(features[j + 2].abs()));
            // The components of `pca` are in the order of their variance.
            let [small, large] = if sizes[0] < sizes[1] { sizes } else { [sizes[1], sizes[0]] };
            assert!(small < 1e-7 && (large - 1.0).abs() < 1e-9, "{name} of {column:?}: {features:?}");
        }
    }
    // A column that varies by more than rounding is scaled, even if the variation is small relative to its mean.
    let parts = scaled([&[1e6, 1e6 + 1e-6], &[1.0, 2.0]], SCALINGS[0].1).unwrap();
    assert!((parts.train.features[2] - 1.0).abs() < 1e-4);
}

/// From scikit-learn 1.9.1, `StandardScaler().fit(column)`: `mean_` and `scale_`.
#[test]
fn moments_equal_those_of_scikit_learn() {
    let shifted: Vec<f64> = (0..1000).map(|i| 1e9 + f64::from(i * i % 7)).collect();
    let small: Vec<f64> = (0..1000).map(|i| 1e-150 * f64::from(i % 11)).collect();
    let parts = scaled([&shifted, &small], SCALINGS[0].1).unwrap();
    let expected = [(1_000_000_002.001, 1.414_566_718_115_48), (4.995e-150, 3.159_901_106_047_466e-150)];
    for (j, (mean, scale)) in expected.into_iter().enumerate() {
        let (shift, factor) = (parts.preparation.shift[j], parts.preparation.factor[j]);
        assert!(
            (shift / mean - 1.0).abs() < 1e-15 && (scale * factor - 1.0).abs() < 2e-14,
            "{shift} {factor}"
        );
    }
}

/// Squares of 1e200 and sums of 1e308 overflow: no feature is scaled by the infinite results.
#[test]
fn columns_that_overflow_are_refused_by_name() {
    for column in [[1.0, 1e200], [1e308, 1e308], [-1e308, 1e308]] {
        for (name, change) in SCALINGS {
            let refused = scaled([&[1.0, 2.0], &column], change).unwrap_err();
            assert!(refused.contains("feature 2 has values as large as 1e"), "{name}: {refused}");
        }
    }
    assert!(scaled([&[1.0, 2.0], &[1.0, 1e200]], |_| ()).is_ok(), "nothing is squared");
}

/// 1e39 overflows in single precision.
#[test]
fn what_a_precision_cannot_hold_is_refused() {
    let features = array![[1.0, 2.0], [3.0, 1e39]];
    let samples = Samples::new(features, Targets::Values(array![[0.0], [1.0]]));
    let refused = prepare::<f32>(&samples, &whole(), &output("identity")).unwrap_err().to_string();
    assert!(
        refused.contains("feature 2") && refused.ends_with("too large for single precision"),
        "{refused}"
    );
    assert!(prepare::<f64>(&samples, &whole(), &output("identity")).is_ok());
}

#[test]
fn an_official_test_part_stays_apart() {
    let parts = parts(&rows(50, 2, 10), 0.25, TestPart::Official, false);
    assert_eq!(numbers(&parts.test.unwrap().features), (40..50).collect::<Vec<_>>());
    let others = [parts.train, parts.validation.unwrap()].map(|part| numbers(&part.features)).concat();
    assert!(others.len() == 40 && others.iter().all(|&number| number < 40));
    // With a fraction instead, the data set's own test set is left out entirely.
    let shared = self::parts(&rows(50, 2, 10), 0.25, TestPart::Fraction(0.25), false);
    let all = [shared.train, shared.validation.unwrap(), shared.test.unwrap()]
        .map(|part| numbers(&part.features))
        .concat();
    assert!(all.len() == 40 && all.iter().all(|&number| number < 40));
}

/// Two classes are one column of 0 and 1 for one unit, or two columns for a distribution; three classes are three
/// columns.
#[test]
fn classes_are_encoded_for_the_output() {
    let encoded = |classes: usize, name: &str| {
        let part = prepare::<f32>(&rows(6, classes, 0), &whole(), &output(name)).unwrap().train;
        let labels: Vec<_> = part.features.chunks(3).map(|row| row[0] as usize % classes).collect();
        (part.n_out(), labels, part.targets)
    };
    for name in ["sigmoid", "identity"] {
        let (n_out, labels, targets) = encoded(2, name);
        assert_eq!(n_out, 1);
        assert!(labels.iter().zip(targets).all(|(&label, target)| target == label as f32));
    }
    for (classes, name) in [(2, "softmax"), (3, "softmax"), (3, "sigmoid"), (3, "identity")] {
        let (n_out, labels, targets) = encoded(classes, name);
        assert_eq!(n_out, classes);
        for (label, target) in labels.iter().zip(targets.chunks(classes)) {
            assert!(target[*label] == 1.0 && target.iter().sum::<f32>() == 1.0);
        }
    }
}

#[test]
fn values_are_left_as_they_are() {
    let features = array![[1.0], [2.0]];
    let samples = Samples::new(features.clone(), Targets::Values(-features));
    let settings = DataSettings { standardize: true, ..whole() };
    let parts = prepare::<f64>(&samples, &settings, &output("identity")).unwrap();
    assert_eq!(sizes(&samples, &settings, 0).unwrap().class_counts, [0; 0]);
    assert!(!parts.is_classification && parts.validation.is_none() && parts.test.is_none());
    let mut targets = parts.train.targets.clone();
    targets.sort_by(f64::total_cmp);
    assert_eq!(targets, [-2.0, -1.0]);
    assert_eq!(parts.train.features.iter().sum::<f64>(), 0.0);
}

#[test]
fn empty_parts_are_refused() {
    let refused = |n: usize, validation: f64, test: TestPart| {
        let settings = DataSettings { validation, test, ..whole() };
        prepare::<f64>(&rows(n, 2, 0), &settings, &output("softmax")).unwrap_err().to_string()
    };
    assert!(refused(4, 0.1, TestPart::Fraction(0.0)).contains("leaves the validation set empty"));
    assert!(refused(4, 0.0, TestPart::Fraction(0.1)).contains("leaves the test set empty"));
    assert!(refused(4, 0.5, TestPart::Fraction(0.5)).contains("leaves the training set empty"));
    assert!(refused(4, 0.9, TestPart::Fraction(0.0)).contains("leaves the training set empty"));
    assert!(refused(4, 0.0, TestPart::Official).contains("has no official test set"));
}

#[test]
fn losses_and_outputs_must_fit_the_task() {
    let (classes, values) = (samples("iris").targets, samples("sine").targets);
    let loss = |name| Loss::from_name(name).unwrap();
    let fits = |targets, name, out| check_task(targets, &whole(), &loss(name), &output(out)).is_ok();
    assert!(fits(&classes, "cross_entropy", "softmax") && fits(&classes, "half_squared_error", "identity"));
    assert!(
        fits(&classes, "binary_cross_entropy", "sigmoid") && fits(&values, "half_squared_error", "identity")
    );
    assert!(!fits(&classes, "cross_entropy", "identity") && !fits(&values, "cross_entropy", "softmax"));
    assert!(
        !fits(&values, "half_squared_error", "sigmoid") && !fits(&values, "half_squared_error", "softmax")
    );
    let as_set = |targets, settings: DataSettings, out| {
        check_task(targets, &settings, &loss("half_squared_error"), &output(out)).is_ok()
    };
    let wide = DataSettings { class_targets: [-1.0, 1.0], ..whole() };
    assert!(as_set(&classes, wide.clone(), "identity") && !as_set(&classes, wide, "sigmoid"));
    let inside = Targets::Values(ndarray::array![[0.25], [0.75]]);
    let standardized = DataSettings { standardize_target: true, ..whole() };
    assert!(as_set(&inside, whole(), "sigmoid") && !as_set(&inside, standardized, "sigmoid"));
}

/// Rounded once from the numbers in double precision.
#[test]
fn single_precision_is_the_rounded_double() {
    let (single, double) = (
        crate::watch::divided::<f32>("digits", &output("softmax")),
        crate::watch::divided::<f64>("digits", &output("softmax")),
    );
    let pairs = single.train.features.iter().zip(&double.train.features);
    assert!(pairs.into_iter().all(|(s, d)| *s == *d as f32));
}
