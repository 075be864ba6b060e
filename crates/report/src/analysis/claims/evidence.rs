//! Numerical evidence for or against a claim.

use chainrule_statistics::{Center, Interval, Needed, Paired};

/// The evidence on one statement.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Evidence {
    /// The statement, if a claim has several: `optimizer adam before optimizer sgd`.
    pub(crate) part: String,
    /// The number of counted units.
    pub(crate) n: usize,
    /// The counted unit.
    pub(crate) unit: Unit,
    /// The estimated quantity.
    pub(crate) kind: Estimate,
    /// The estimate. Infinite if runs that rank worse than any number determine it; `None` if nothing was measured.
    pub(crate) estimate: Option<f64>,
    /// The interval of the true value.
    pub(crate) interval: Option<Interval>,
    /// The fraction of pairs in which the first was before the second, ties counted as half, with its interval.
    pub(crate) ahead: Option<(f64, Interval)>,
    /// The probability of a result at least this extreme if there is no effect.
    pub(crate) p: Option<f64>,
    /// Whether the result is on the claim's side.
    pub(crate) agrees: bool,
    /// Whether every run holds, if the claim is about every run.
    pub(crate) holds: Option<bool>,
    /// The number of runs that rank worse than any number.
    pub(crate) lost: usize,
    /// The number of runs that do not measure it.
    pub(crate) unmeasured: usize,
    /// The number of seeds that repeat others bit by bit and are not counted.
    pub(crate) copies: usize,
    /// Whether all pairs are tied.
    pub(super) tied: bool,
    /// The number of seeds that would probably decide, as a function of the test's level.
    pub(super) needed: Needed,
    /// The seeds in which the statement holds.
    pub(super) holding: Vec<u64>,
}

/// A counted unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Unit {
    /// Seeds.
    #[default]
    Seeds,
    /// Runs.
    Runs,
}

/// An estimated quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Estimate {
    /// The mean over the seeds of the paired differences, positive on the claim's side.
    #[default]
    MeanDifference,
    /// Their median, if some are infinite.
    MedianDifference,
    /// The mean over the seeds.
    Mean,
    /// The median over the seeds, if some values are infinite.
    Median,
    /// The fraction of the runs.
    Share,
    /// The value farthest on the wrong side, among all runs.
    Worst,
    /// The value farthest from the claimed value.
    Farthest,
}

impl Evidence {
    /// The number of seeds that would decide with a probability of about 80 %, if the truth is as found.
    pub(crate) fn needed(&self, level: f64) -> Option<usize> {
        self.needed.seeds(level)
    }

    /// The evidence of paired differences for a claim that the first is before the second.
    pub(super) fn of(paired: Paired) -> Self {
        let kind = match paired.center {
            Center::Mean => Estimate::MeanDifference,
            Center::Median => Estimate::MedianDifference,
        };
        let Paired { n, estimate, interval, ahead, p, leads: agrees, tied, needed, .. } = paired;
        Self { n, kind, estimate, interval, ahead, p, agrees, tied, needed, ..Self::default() }
    }
}
