//! The balance of the classes in the training set.

use chainrule_record::DatasetInfo;

/// Above this ratio of the largest to the smallest class, the counts are worth reading.
const UNEVEN: f64 = 1.5;
/// Above this ratio, accuracies mislead.
const MISLEADING: f64 = 3.0;

/// The training samples of each class.
#[derive(Debug, PartialEq)]
pub(crate) struct ClassBalance<'a> {
    /// Per class, in the order of the classes.
    pub(crate) counts: &'a [u64],
    /// Of the smallest class.
    pub(crate) smallest: u64,
    /// Of the largest class.
    pub(crate) largest: u64,
    /// The fraction of samples in the largest class.
    pub(crate) most_frequent: f64,
}

impl<'a> ClassBalance<'a> {
    /// `None` if there are no classes, or if all are empty.
    pub(crate) fn new(data: &'a DatasetInfo) -> Option<Self> {
        let counts = data.class_counts.as_slice();
        let (smallest, largest) = (*counts.iter().min()?, *counts.iter().max()?);
        let all: u64 = counts.iter().sum();
        (all > 0).then(|| Self { counts, smallest, largest, most_frequent: largest as f64 / all as f64 })
    }

    /// Whether the largest class has more than 1.5 times the samples of the smallest.
    pub(crate) fn is_uneven(&self) -> bool {
        self.exceeds(UNEVEN)
    }

    /// Whether the largest class has more than 3 times the samples of the smallest. A data set with fewer samples than
    /// classes is an example, and misleads nobody.
    pub(crate) fn is_misleading(&self) -> bool {
        self.exceeds(MISLEADING) && self.counts.iter().sum::<u64>() >= self.counts.len() as u64
    }

    fn exceeds(&self, factor: f64) -> bool {
        self.largest as f64 > factor * self.smallest as f64
    }
}
