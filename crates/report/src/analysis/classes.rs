//! How evenly the training part is divided among its classes.

use chainrule_record::DatasetInfo;

/// From this many times the smallest class on, the counts are worth reading.
const UNEVEN: f64 = 1.5;
/// From this many times the smallest class on, accuracies mislead.
const MISLEADING: f64 = 3.0;

/// The training samples of each class.
#[derive(Debug, PartialEq)]
pub(crate) struct ClassBalance<'a> {
    /// Of each class, in the order of the classes.
    pub(crate) counts: &'a [u64],
    /// Of the class that has the fewest.
    pub(crate) smallest: u64,
    /// Of the class that has the most.
    pub(crate) largest: u64,
    /// The share of samples that belong to the most frequent class.
    pub(crate) most_frequent: f64,
}

impl<'a> ClassBalance<'a> {
    /// `None` where there are no classes, or no samples in any of them.
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

    /// Whether the largest class has more than 3 times the samples of the smallest. Fewer samples than classes are an example,
    /// and lead nobody astray.
    pub(crate) fn is_misleading(&self) -> bool {
        self.exceeds(MISLEADING) && self.counts.iter().sum::<u64>() >= self.counts.len() as u64
    }

    fn exceeds(&self, factor: f64) -> bool {
        self.largest as f64 > factor * self.smallest as f64
    }
}
