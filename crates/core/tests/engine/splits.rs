//! The split into sets and folds, compared with scikit-learn (`oracle/splits.py`).

use crate::watch::whole;
use chainrule_core::dataset::{
    DataSettings, Division, Folds, Samples, Split, SplitSeed, Targets, TestPart, divide,
};
use chainrule_core::seed::{Purpose, Stream};
use ndarray::Array2;
use serde_json::Value;

fn expected() -> Value {
    serde_json::from_str(include_str!("../oracle/splits.json")).unwrap()
}

/// Samples of these classes, without features.
fn samples(labels: Vec<u32>) -> Samples {
    let count = labels.iter().max().map_or(0, |class| *class as usize + 1);
    Samples::new(Array2::zeros((labels.len(), 0)), Targets::Classes { labels, count })
}

fn sorted(sizes: &[u64]) -> Samples {
    let of = |(class, &size): (usize, &u64)| std::iter::repeat_n(class as u32, size as usize);
    samples(sizes.iter().enumerate().flat_map(of).collect())
}

fn stratified(validation: f64, test: f64) -> DataSettings {
    DataSettings {
        validation,
        test: TestPart::Fraction(test),
        split: Split::Stratified,
        split_seed: SplitSeed::Replicate,
        ..whole()
    }
}

fn in_folds(folds: u64) -> DataSettings {
    DataSettings { folds: Folds::Of(folds), ..stratified(0.0, 0.0) }
}

fn counts(samples: &Samples, division: &Division) -> [Vec<u64>; 3] {
    [&division.train, &division.validation, &division.test].map(|rows| samples.targets.counts(rows))
}

fn numbers(value: &Value) -> Vec<u64> {
    serde_json::from_value(value.clone()).unwrap()
}

/// All samples, in order: no set lacks one, and no two sets share one.
fn all(sets: &[&Vec<usize>]) -> Vec<usize> {
    let mut all: Vec<usize> = sets.iter().copied().flatten().copied().collect();
    all.sort_unstable();
    all
}

#[test]
fn classes_are_in_the_proportions_of_scikit_learn() {
    for case in expected()["strata"].as_array().unwrap() {
        let samples = sorted(&numbers(&case["sizes"]));
        let fraction = case["fraction"].as_f64().unwrap();
        let expected: Vec<_> = case["counts"].as_array().unwrap().iter().map(numbers).collect();
        let of = |replicate| divide(&samples, &stratified(fraction, fraction), replicate).unwrap();
        for replicate in 0..3 {
            assert_eq!(counts(&samples, &of(replicate)), expected.as_slice(), "{case}");
        }
        assert_ne!(of(0), of(1));
    }
}

#[test]
fn folds_have_the_classes_of_scikit_learn_and_are_a_partition() {
    for case in expected()["folds"].as_array().unwrap() {
        let samples = sorted(&numbers(&case["sizes"]));
        let expected: Vec<_> = case["counts"].as_array().unwrap().iter().map(numbers).collect();
        let folds = expected.len() as u64;
        let tests: Vec<_> =
            (0..folds).map(|fold| divide(&samples, &in_folds(folds), fold).unwrap().test).collect();
        let found: Vec<_> = tests.iter().map(|test| samples.targets.counts(test)).collect();
        assert_eq!(found, expected, "{case}");
        assert!(all(&tests.iter().collect::<Vec<_>>()).into_iter().eq(0..samples.features.nrows()));
        // The next replicates draw the folds again.
        assert_ne!(divide(&samples, &in_folds(folds), folds).unwrap().test, tests[0]);
    }
}

#[test]
fn folds_in_order_are_the_blocks_of_scikit_learn() {
    for blocks in expected()["blocks"].as_array().unwrap() {
        let blocks: Vec<Vec<usize>> = serde_json::from_value(blocks.clone()).unwrap();
        let settings = DataSettings { split: Split::InOrder, ..in_folds(blocks.len() as u64) };
        let of = |fold| divide(&samples(vec![0; 11]), &settings, fold as u64).unwrap().test;
        assert_eq!((0..blocks.len()).map(of).collect::<Vec<_>>(), blocks);
    }
}

/// 20 samples: round(0.2 · 20) = 4 for the test set and round(0.1 · 20) = 2 for the validation set.
#[test]
fn a_split_in_order_trains_on_the_past() {
    let settings = DataSettings { split: Split::InOrder, ..stratified(0.1, 0.2) };
    let Division { train, validation, test } = divide(&samples(vec![0; 20]), &settings, 7).unwrap();
    assert!(train.into_iter().eq(0..14) && validation.into_iter().eq(14..16) && test.into_iter().eq(16..20));
}

/// Ten classes of one sample and one of 30: round(0.15 · 40) = 6 samples for each of the other sets.
#[test]
fn rare_classes_are_trained_on_and_no_error() {
    let rare = sorted(&[&[1; 10][..], &[30]].concat());
    for replicate in 0..5 {
        let [train, validation, test] =
            counts(&rare, &divide(&rare, &stratified(0.15, 0.15), replicate).unwrap());
        assert_eq!((train[..10].to_vec(), train[10]), (vec![1; 10], 18));
        assert_eq!((validation[10], test[10]), (6, 6));
    }
    // Only classes of one sample: the sets have their sizes nevertheless.
    let single = sorted(&[1; 20]);
    let Division { train, validation, test } = divide(&single, &stratified(0.2, 0.2), 0).unwrap();
    assert_eq!((train.len(), validation.len(), test.len()), (12, 4, 4));
}

/// "random" is the behaviour of earlier versions, whose order `oracle/noise.py` also computes.
#[test]
fn replicates_draw_and_a_number_fixes_the_split() {
    let samples = sorted(&[30, 30]);
    let of = |split_seed, replicate| {
        let settings = DataSettings { split: Split::Random, split_seed, ..stratified(0.2, 0.2) };
        divide(&samples, &settings, replicate).unwrap()
    };
    assert_eq!(of(SplitSeed::Fixed(3), 8), of(SplitSeed::Replicate, 3));
    assert_ne!(of(SplitSeed::Replicate, 8), of(SplitSeed::Replicate, 3));
}

fn grouped(labels: Vec<u32>, groups: Vec<u32>) -> Samples {
    Samples { groups, ..samples(labels) }
}

fn is_divided(samples: &Samples, sets: &[&Vec<usize>]) -> bool {
    let of = |rows: &Vec<usize>| {
        rows.iter().map(|&row| samples.groups[row]).collect::<std::collections::HashSet<_>>()
    };
    let sets: Vec<_> = sets.iter().map(|rows| of(rows)).collect();
    (1..sets.len()).any(|set| sets[..set].iter().any(|other| !other.is_disjoint(&sets[set])))
}

/// The mean over classes of the standard deviation over folds of the fraction of a class, as in the script.
fn spread(samples: &Samples, folds: &[Vec<usize>]) -> f64 {
    let counts: Vec<Vec<u64>> = folds.iter().map(|rows| samples.targets.counts(rows)).collect();
    let deviation = |class: usize| {
        let total: u64 = counts.iter().map(|counts| counts[class]).sum();
        let shares: Vec<f64> = counts.iter().map(|counts| counts[class] as f64 / total as f64).collect();
        let mean = shares.iter().sum::<f64>() / shares.len() as f64;
        (shares.iter().map(|share| (share - mean).powi(2)).sum::<f64>() / shares.len() as f64).sqrt()
    };
    (0..counts[0].len()).map(deviation).sum::<f64>() / counts[0].len() as f64
}

/// Groups in drawn order spread the classes a little less evenly than `StratifiedGroupKFold`, which takes the largest
/// first, and far more evenly than chance.
#[test]
fn folds_of_groups_are_as_even_as_groups_allow() {
    let case = &expected()["groups"];
    let of = |key: &str| serde_json::from_value::<Vec<u32>>(case[key].clone()).unwrap();
    let samples = grouped(of("labels"), of("of"));
    let k = case["folds"].as_u64().unwrap();
    let mut total = 0.0;
    for replicate in 0..50 {
        let fold = |fold| divide(&samples, &in_folds(k), replicate * k + fold).unwrap();
        let divisions: Vec<Division> = (0..k).map(fold).collect();
        let tests: Vec<Vec<usize>> = divisions.iter().map(|division| division.test.clone()).collect();
        assert!(all(&tests.iter().collect::<Vec<_>>()).into_iter().eq(0..samples.features.nrows()));
        assert!(!is_divided(&samples, &tests.iter().collect::<Vec<_>>()));
        total += spread(&samples, &tests) / 50.0;
    }
    let (theirs, random) = (case["spread"].as_f64().unwrap(), case["random"].as_f64().unwrap());
    assert!(total < 2.5 * theirs && total < 0.5 * random, "{total} {theirs} {random}");
}

#[test]
fn too_few_groups_are_named() {
    let samples = grouped(vec![0; 20], (0..20).map(|row| row % 2).collect());
    let refused = divide(&samples, &stratified(0.2, 0.2), 0).unwrap_err().to_string();
    assert_eq!(refused, "2 groups are too few for 3 sets: a split never divides a group");
    assert!(divide(&samples, &stratified(0.0, 0.2), 0).is_ok());
}

/// Any sizes, fractions and groups: the sets are a partition, no requested set is empty, and no group is divided.
#[test]
fn sets_are_a_partition_of_whole_groups() {
    let mut stream = Stream::new(0, Purpose::Generate, 0, 0);
    let mut made = 0;
    for replicate in 0..2000 {
        let n = 12 + stream.below(70) as u32;
        let labels = (0..n).map(|_| stream.below(4) as u32).collect();
        // Neighbours are a group, so that a split in order has groups for each set.
        let groups = stream.below(12) as u32;
        let groups = (0..if groups < 3 { 0 } else { n }).map(|row| row * groups / n).collect();
        let split = [Split::Stratified, Split::Random, Split::InOrder][stream.below(3) as usize];
        let folds = [Folds::None, Folds::Of(2), Folds::Of(3)][stream.below(3) as usize];
        let [validation, test] = [(); 2].map(|()| 0.05 + 0.3 * stream.uniform());
        let samples = grouped(labels, groups);
        let settings = DataSettings { split, folds, ..stratified(validation, test) };
        let Ok(division) = divide(&samples, &settings, replicate) else { continue };
        let sets = [&division.train, &division.validation, &division.test];
        assert!(all(&sets).into_iter().eq(0..n as usize), "{settings:?}");
        assert!(sets.iter().all(|set| !set.is_empty() && set.is_sorted()), "{settings:?}");
        assert!(samples.groups.is_empty() || !is_divided(&samples, &sets), "{settings:?}");
        made += 1;
    }
    assert!(made > 1500, "{made}");
}
