//! Confidence intervals, and the limits that hold for all of them.

/// The level of every interval, and 1 − the significance level of every test.
pub const LEVEL: f64 = 0.95;

/// With fewer pairs an exact test has no p: five pairs that all favour one side reach only 2/2⁵ = 0.0625.
pub const MIN_PAIRS: usize = 6;

/// A confidence interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower end; may be −∞.
    pub low: f64,
    /// The upper end; may be ∞.
    pub high: f64,
    /// The fraction of samples whose interval holds the true value: [`LEVEL`], or more for an exact interval that cannot attain it.
    pub level: f64,
}

impl Interval {
    /// The interval of the negated value.
    pub fn mirrored(self) -> Self {
        // Subtract from 0, so that 0 stays 0 and does not become −0.
        Self { low: 0.0 - self.high, high: 0.0 - self.low, ..self }
    }
}
