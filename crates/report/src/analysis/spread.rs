//! A metric over the seeds of a configuration.

use super::run::Outcome;
use chainrule_record::Better;
use chainrule_statistics::quantile;

/// With at least this many runs, bands are quartiles.
pub(crate) const QUARTILE_BANDS_FROM: usize = 8;

/// Estimates over the seeds.
///
/// The median and the quartiles are taken over values and `Worst` together, by linear interpolation between order
/// statistics (type 7 of Hyndman and Fan, 1996). If the interpolation involves a `Worst`, there is no number. The
/// minimum and the maximum are taken over values only.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Spread {
    /// The number of values.
    pub(crate) values: usize,
    /// The number of runs that rank worse than any number.
    pub(crate) worst: usize,
    /// The smallest value.
    pub(crate) min: Option<f64>,
    /// A quarter of the runs is below.
    pub(crate) lower_quartile: Option<f64>,
    /// Half of the runs are below.
    pub(crate) median: Option<f64>,
    /// A quarter of the runs is above.
    pub(crate) upper_quartile: Option<f64>,
    /// The largest value.
    pub(crate) max: Option<f64>,
}

impl Spread {
    /// Summarizes `outcomes` of a metric; `better` is its better direction.
    pub(crate) fn of(outcomes: impl IntoIterator<Item = Outcome>, better: Better) -> Self {
        let mut all: Vec<f64> = outcomes.into_iter().filter_map(|outcome| outcome.number(better)).collect();
        all.sort_by(f64::total_cmp);
        let mut finite = all.iter().copied().filter(|value| value.is_finite());
        let min = finite.next();
        let values = finite.clone().count() + usize::from(min.is_some());
        let quantile = |share: f64| quantile(&all, share).filter(|value| value.is_finite());
        Self {
            values,
            worst: all.len() - values,
            min,
            lower_quartile: quantile(0.25),
            median: quantile(0.5),
            upper_quartile: quantile(0.75),
            max: finite.next_back().or(min),
        }
    }

    /// The band of a plot: the quartiles with at least [`QUARTILE_BANDS_FROM`] runs, otherwise minimum to maximum. With
    /// many runs, a single outlier would stretch minimum to maximum over the whole plot.
    pub(crate) fn band(&self) -> Option<(f64, f64)> {
        if self.values + self.worst >= QUARTILE_BANDS_FROM {
            return self.lower_quartile.zip(self.upper_quartile);
        }
        self.min.zip(self.max)
    }

    /// Whether any run measured the metric or ranks worst in it.
    pub(crate) fn is_measured(&self) -> bool {
        self.values + self.worst > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Outcome::{Unmeasured, Value, Worst};

    #[test]
    fn bands_are_quartiles_of_many_runs() {
        let band = |n: u32| Spread::of((1..=n).map(|x| Outcome::Value(x.into())), Better::Lower).band();
        assert_eq!(band(5), Some((1.0, 5.0)));
        // In 1 … 9 a quarter is below 3 and a quarter above 7.
        assert_eq!(band(9), Some((3.0, 7.0)));
    }

    #[test]
    fn quartiles_interpolate_between_order_statistics() {
        // Sorted 1 2 3 10: positions 0.75, 1.5, 2.25 → 1 + 0.75, 2 + 0.5, 3 + 0.25 · 7.
        let spread = Spread::of([Value(3.0), Value(10.0), Value(1.0), Value(2.0)], Better::Lower);
        assert_eq!(
            (spread.lower_quartile, spread.median, spread.upper_quartile),
            (Some(1.75), Some(2.5), Some(4.75))
        );
        assert_eq!((spread.min, spread.max, spread.values, spread.worst), (Some(1.0), Some(10.0), 4, 0));
    }

    #[test]
    fn diverged_runs_are_worse_than_any_number_in_both_directions() {
        let outcomes = [Value(0.5), Worst, Value(0.25), Value(1.0), Worst];
        // Lower is better: 0.25 0.5 1 ∞ ∞. Higher is better: −∞ −∞ 0.25 0.5 1.
        assert_eq!(Spread::of(outcomes, Better::Lower).median, Some(1.0));
        assert_eq!(Spread::of(outcomes, Better::Higher).median, Some(0.25));
        assert_eq!(Spread::of(outcomes, Better::Lower).upper_quartile, None);
        assert_eq!(Spread::of(outcomes, Better::Higher).lower_quartile, None);
        assert_eq!(Spread::of(outcomes, Better::Higher).worst, 2);
    }

    #[test]
    fn half_diverged_has_no_median_but_a_range() {
        let spread = Spread::of([Value(2.0), Worst, Value(1.0), Worst], Better::Lower);
        assert_eq!((spread.median, spread.min, spread.max), (None, Some(1.0), Some(2.0)));
    }

    #[test]
    fn what_was_not_measured_says_nothing() {
        let spread = Spread::of([Unmeasured, Value(4.0), Unmeasured], Better::Lower);
        assert_eq!(
            (spread.median, spread.min, spread.max, spread.values),
            (Some(4.0), Some(4.0), Some(4.0), 1)
        );
        assert!(!Spread::of([Unmeasured], Better::Lower).is_measured());
        assert_eq!(Spread::of([], Better::Lower), Spread::default());
    }

    #[test]
    fn numbers_that_are_not_finite_count_as_worst() {
        let spread = Spread::of([Value(f64::NAN), Value(1.0), Value(2.0)], Better::Lower);
        assert_eq!((spread.median, spread.values, spread.worst), (Some(2.0), 2, 1));
    }
}
