//! The split of samples into sets.

mod groups;
mod strata;

use crate::dataset::{DataSettings, Drawn, Folds, Samples, Split, Targets, TestPart};
use crate::error::DataError;
use crate::seed::{Purpose, Stream};

/// The samples of each set, counted from 0, in the order of the data set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Division {
    /// The training set.
    pub train: Vec<usize>,
    /// The validation set; may be empty.
    pub validation: Vec<usize>,
    /// The test set; may be empty.
    pub test: Vec<usize>,
}

/// A set of a split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Set {
    Train,
    Validation,
    Test,
}

/// The samples to split, and how.
struct Task<'a> {
    /// The samples in the order in which sets take them: drawn at random, or from last to first.
    order: Vec<usize>,
    /// The class of each sample, if the split is stratified.
    labels: Option<&'a [u32]>,
    classes: usize,
    counts: PartCounts,
    /// The number of folds and the fold that is the test set.
    fold: Option<(usize, usize)>,
    in_order: bool,
}

impl Task<'_> {
    /// The class of a sample; all samples are of one class unless the split is stratified.
    fn class(&self, row: usize) -> usize {
        self.labels.map_or(0, |labels| labels[row] as usize)
    }
}

/// Splits samples for a replicate. The sets keep the order of the data set.
///
/// 1. **Order.** `Stream::new(seed, Purpose::Split, 0, 0)` shuffles the n samples that are not in the data set's own
///    test set. This is the only draw. The seed is [`DataSettings::drawn`]'s. With `in_order` the order is from the
///    last sample to the first.
/// 2. **Test set.** It takes the first `round(test · n)` samples of the order. If `stratified`, it takes the first t_c
///    samples of each class c instead. The t_c have the same sum: t_c = n_c · t / n, rounded by largest remainder
///    (ties: lowest class number).
/// 3. **Validation set.** It takes `round(validation · n)` of the remaining samples by the same rule. The training set
///    is the rest.
///
/// A class of which rounding would leave nothing for training gives its last sample to the other sets only if no other
/// class can. With `stratified` the number of samples of each class in each set is therefore the same for every seed.
///
/// **Folds.** With k folds, replicate r tests on fold `r mod k`. The samples are sorted by class (stably, in the order
/// above; without `stratified` they are all of one class), and sample i of this list belongs to fold `i mod k`. With
/// `in_order` the folds are k blocks of the data set instead, of which the first n mod k are one sample larger. The
/// validation set is taken from the other folds.
///
/// **Groups.** A group goes to one set as a whole, so sizes only approximate the fractions. The groups are considered in
/// the order of their first sample above. Each goes to the set s that minimises
/// `Σ_c Σ_s (a_sc/n_c − p_s)²`, with a_sc the samples of class c in set s and p_s the fraction of s (with folds, first
/// over k sets with p = 1/k, then over training and validation set). This is the criterion of scikit-learn's
/// `StratifiedGroupKFold` for any fractions. Its order by group size is not used, because it would make nearly the same
/// split for every seed. The last groups go to sets that are still empty. With `in_order` a group goes to the set of
/// its last sample.
///
/// # Errors
/// If a requested set would be empty, or if there is no official test set.
pub fn divide(samples: &Samples, settings: &DataSettings, replicate: u64) -> Result<Division, DataError> {
    let total = samples.features.nrows();
    let n = total - samples.official_test;
    let task = task(samples, settings, settings.drawn(replicate))?;
    let sets = match samples.groups.as_slice() {
        [] => strata::assign(&task),
        groups => groups::assign(&task, groups)?,
    };
    let rows = |wanted: Set| (0..n).filter(|row| sets[*row] == wanted).collect::<Vec<_>>();
    let has_own_test = task.fold.is_none() && settings.test == TestPart::Official;
    let test = if has_own_test { (n..total).collect() } else { rows(Set::Test) };
    Ok(Division { train: rows(Set::Train), validation: rows(Set::Validation), test })
}

fn task<'a>(
    samples: &'a Samples,
    settings: &DataSettings,
    Drawn { seed, fold }: Drawn,
) -> Result<Task<'a>, DataError> {
    let n = samples.features.nrows() - samples.official_test;
    let counts = part_counts(n, samples.official_test, settings)?;
    let mut order: Vec<usize> = (0..n).rev().collect();
    let in_order = settings.split == Split::InOrder;
    if !in_order {
        order.reverse();
        Stream::new(seed, Purpose::Split, 0, 0).shuffle(&mut order);
    }
    let (labels, classes) = match &samples.targets {
        Targets::Classes { labels, count } if settings.split == Split::Stratified => {
            (Some(labels.as_slice()), *count)
        }
        _ => (None, 1),
    };
    let fold = match settings.folds {
        Folds::None => None,
        Folds::Of(folds) => Some((folds as usize, fold as usize)),
    };
    let test = if settings.test == TestPart::Official { 0 } else { counts.test };
    Ok(Task { order, labels, classes, counts: PartCounts { test, ..counts }, fold, in_order })
}

/// The sizes of the sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartCounts {
    /// Samples of the training set.
    pub train: usize,
    /// Samples of the validation set.
    pub validation: usize,
    /// Samples of the test set.
    pub test: usize,
}

/// The sizes with which [`divide`] splits `n` samples, in addition to `official_test` samples in the data set's own
/// test set. With folds, the sizes of the first fold: another may leave one sample more for training. Groups change the
/// sizes.
///
/// # Errors
/// As `divide`.
pub fn part_counts(n: usize, official_test: usize, settings: &DataSettings) -> Result<PartCounts, DataError> {
    let (test, official, part) = test_count(n, official_test, settings)?;
    let validation = count(n, settings.validation, "validation")?;
    if test + validation >= n {
        let part = format!("`validation = {}` with `{part}`", settings.validation);
        let advice = "lower one of them, or set it to 0".to_owned();
        return Err(DataError::EmptyPart { part, samples: n, what: "the training set", advice });
    }
    Ok(PartCounts { train: n - test - validation, validation, test: test + official })
}

/// The samples that the test set takes of n, the samples of an official test set, and the setting.
fn test_count(
    n: usize,
    official_test: usize,
    settings: &DataSettings,
) -> Result<(usize, usize, String), DataError> {
    match (settings.folds, settings.test) {
        (Folds::Of(folds), _) if folds as usize > n => Err(DataError::EmptyPart {
            part: format!("`folds = {folds}`"),
            samples: n,
            what: "a fold",
            advice: format!("use at most {n} folds"),
        }),
        (Folds::Of(folds), _) => Ok((n.div_ceil(folds.max(1) as usize), 0, format!("folds = {folds}"))),
        (Folds::None, TestPart::Official) if official_test == 0 => {
            Err(DataError::NoOfficialTest { dataset: settings.dataset.name() })
        }
        (Folds::None, TestPart::Official) => Ok((0, official_test, "test = 0".to_owned())),
        (Folds::None, TestPart::Fraction(share)) => {
            Ok((count(n, share, "test")?, 0, format!("test = {share}")))
        }
    }
}

/// The number of samples for a fraction: at least one, unless the fraction is 0.
fn count(n: usize, share: f64, setting: &'static str) -> Result<usize, DataError> {
    let count = (share * n as f64).round() as usize;
    if count == 0 && share > 0.0 {
        let advice = format!("set `{setting} = 0`, or use a larger fraction");
        let what = if setting == "test" { "the test set" } else { "the validation set" };
        return Err(DataError::EmptyPart {
            part: format!("`{setting} = {share}`"),
            samples: n,
            what,
            advice,
        });
    }
    Ok(count)
}
