//! What runs say about a claim, in numbers.

use chainrule_statistics::{Center, Interval, Needed, Paired};

/// What runs say about one statement.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Evidence {
    /// Which statement, where a claim makes several: `optimizer adam before optimizer sgd`.
    pub(crate) part: String,
    /// How many there are of what was counted.
    pub(crate) n: usize,
    /// What was counted.
    pub(crate) unit: Unit,
    /// What was estimated.
    pub(crate) kind: Estimate,
    /// The estimate; infinite where runs that are worse than any number decide it, `None` where nothing was measured.
    pub(crate) estimate: Option<f64>,
    /// The interval of the true value.
    pub(crate) interval: Option<Interval>,
    /// How often the one was before the other, ties counted as half, with the interval of the true share.
    pub(crate) ahead: Option<(f64, Interval)>,
    /// The probability of what is seen, or more, if there were nothing to see.
    pub(crate) p: Option<f64>,
    /// Whether what is seen is on the claim's side.
    pub(crate) agrees: bool,
    /// Whether every run holds, where that is what is claimed.
    pub(crate) holds: Option<bool>,
    /// How many runs count as worse than any number.
    pub(crate) lost: usize,
    /// How many runs do not measure it.
    pub(crate) unmeasured: usize,
    /// How many seeds repeat the results of others bit by bit, and are not counted.
    pub(crate) copies: usize,
    /// Whether no pair differs.
    pub(super) tied: bool,
    /// The seeds that would likely decide, as a function of the level of the test.
    pub(super) needed: Needed,
    /// The seeds in which the statement holds.
    pub(super) holding: Vec<u64>,
}

/// What was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Unit {
    /// Seeds.
    #[default]
    Seeds,
    /// Runs.
    Runs,
}

/// What was estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Estimate {
    /// The mean over the seeds of the paired differences, positive on the claim's side.
    #[default]
    MeanDifference,
    /// Their median, where some are infinite.
    MedianDifference,
    /// The mean over the seeds.
    Mean,
    /// The median over the seeds, where some values are infinite.
    Median,
    /// The share of the runs.
    Share,
    /// Of all runs the value that is farthest on the wrong side.
    Worst,
    /// The value that is farthest from the one that is claimed.
    Farthest,
}

impl Evidence {
    /// How many seeds would decide with a probability of about 80 %, if the truth is what is seen.
    pub(crate) fn needed(&self, level: f64) -> Option<usize> {
        self.needed.seeds(level)
    }

    /// What paired differences say of a claim that the first is before the second.
    pub(super) fn of(paired: Paired) -> Self {
        let kind = match paired.center {
            Center::Mean => Estimate::MeanDifference,
            Center::Median => Estimate::MedianDifference,
        };
        let Paired { n, estimate, interval, ahead, p, leads: agrees, tied, needed, .. } = paired;
        Self { n, kind, estimate, interval, ahead, p, agrees, tied, needed, ..Self::default() }
    }
}
