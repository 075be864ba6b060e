//! Maps numbers to positions on an axis.

use super::tick::{self, Tick};

/// An axis of magnitudes that decay from layer to layer reaches down to this fraction of the largest.
const NEGLIGIBLE: f64 = 1e-16;

/// An axis of numbers of both signs covers this many powers of ten below the largest magnitude.
const MAX_DECADES_AROUND: i32 = 6;

/// An axis covers at most this many powers of ten above its smallest value: a diverging loss must not squeeze the
/// others.
const MAX_DECADES: f64 = 7.0;

/// A loss up to this decimal logarithm is shown within the axis, however small the smallest loss is.
const RESULTS_UP_TO: f64 = 4.0;

/// Maps numbers to the interval from 0 to 1. Numbers outside go to the nearer end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Scale {
    /// Equal steps are equal differences.
    Linear {
        /// The number at 0.
        low: f64,
        /// The number at 1.
        high: f64,
    },
    /// There are no values: an axis must not show numbers that were not measured.
    Empty,
    /// Equal steps are equal factors.
    Logarithmic {
        /// The decimal logarithm of the number at 0.
        low: f64,
        /// The decimal logarithm of the number at 1.
        high: f64,
    },
    /// Equal steps are equal factors on both sides of 0, and equal differences around it.
    Symmetric {
        /// The position of the number at 0, transformed by [`around`].
        low: f64,
        /// The position of the number at 1, transformed by [`around`].
        high: f64,
        /// The magnitude above which equal steps are equal factors.
        threshold: f64,
    },
}

impl Scale {
    /// Covers `values` linearly, with a margin.
    pub(crate) fn linear(values: impl IntoIterator<Item = f64>) -> Self {
        let Some((low, high)) = range(values.into_iter()) else { return Self::Empty };
        let margin = match high - low {
            0.0 if low == 0.0 => 1.0,
            0.0 => 0.05 * low.abs(),
            width => 0.04 * width,
        };
        Self::Linear { low: low - margin, high: high + margin }
    }

    /// Covers exactly an interval.
    pub(crate) fn exactly(low: f64, high: f64) -> Self {
        Self::Linear { low, high: if high > low { high } else { low + 1.0 } }
    }

    /// The same scale with its ends exchanged.
    pub(crate) fn reversed(self) -> Self {
        match self {
            Self::Linear { low, high } => Self::Linear { low: high, high: low },
            Self::Logarithmic { low, high } => Self::Logarithmic { low: high, high: low },
            Self::Symmetric { low, high, threshold } => Self::Symmetric { low: high, high: low, threshold },
            Self::Empty => Self::Empty,
        }
    }

    /// Covers the positive `values` logarithmically, with a margin; linearly if there are none, or if a value is
    /// negative.
    pub(crate) fn logarithmic(values: impl IntoIterator<Item = f64>) -> Self {
        let values: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
        let positive = values.iter().copied().filter(|value| *value > 0.0).map(f64::log10);
        match range(positive) {
            Some((low, high)) if values.iter().all(|value| *value >= 0.0) => {
                let high = high.min((low + MAX_DECADES).max(RESULTS_UP_TO));
                let margin = (0.04 * (high - low)).max(0.02);
                Self::Logarithmic { low: low - margin, high: high + margin }
            }
            _ => Self::linear(values),
        }
    }

    /// Covers the positive `values` logarithmically, however many powers of ten they span.
    pub(crate) fn decades(values: impl IntoIterator<Item = f64>) -> Self {
        let positive = values.into_iter().filter(|value| *value > 0.0 && value.is_finite()).map(f64::log10);
        let Some((low, high)) = range(positive) else { return Self::Empty };
        let margin = (0.04 * (high - low)).max(0.02);
        Self::Logarithmic { low: low - margin, high: high + margin }
    }

    /// Covers the positive `values` logarithmically, from the largest down to negligible ones; linearly if none is
    /// positive.
    pub(crate) fn decades_down(values: &[f64]) -> Self {
        let largest = values.iter().copied().filter(|value| value.is_finite()).fold(0.0, f64::max);
        let seen = values.iter().copied().filter(|value| *value >= NEGLIGIBLE * largest);
        if largest > 0.0 { Self::decades(seen) } else { Self::linear(values.iter().copied()) }
    }

    /// Covers numbers of both signs logarithmically, from the largest magnitude down on either side, with 0 between.
    pub(crate) fn symmetric(values: &[f64]) -> Self {
        let finite = || values.iter().copied().filter(|value| value.is_finite());
        let largest = finite().fold(0.0f64, |most, value| most.max(value.abs()));
        if largest == 0.0 {
            return Self::linear(finite());
        }
        let threshold = tick::power_of_ten(largest.log10().floor() as i32 - MAX_DECADES_AROUND + 1);
        let places = finite().map(|value| around(value, threshold));
        let Some((low, high)) = range(places.chain([0.0])) else { return Self::Empty };
        let margin = 0.04 * (high - low);
        Self::Symmetric { low: low - margin, high: high + margin, threshold }
    }

    /// Logarithmic if the values cover more than a factor of 10, otherwise linear.
    pub(crate) fn logarithmic_if_wide(values: &[f64]) -> Self {
        match range(values.iter().copied()) {
            Some((low, high)) if high > 10.0 * low => Self::logarithmic(values.iter().copied()),
            _ => Self::linear(values.iter().copied()),
        }
    }

    /// The numbers at both ends.
    pub(crate) fn ends(&self) -> (f64, f64) {
        match *self {
            Self::Linear { low, high } => (low, high),
            Self::Logarithmic { low, high } => (libm::exp10(low), libm::exp10(high)),
            Self::Symmetric { low, high, threshold } => (back(low, threshold), back(high, threshold)),
            Self::Empty => (0.0, 1.0),
        }
    }

    /// Whether a value is outside, and is therefore drawn at an end.
    pub(crate) fn is_outside(&self, value: f64) -> bool {
        *self != Self::Empty && !(0.0..=1.0).contains(&self.share(value))
    }

    /// Whether any of these values is outside.
    pub(crate) fn leaves_out(&self, values: &[f64]) -> bool {
        values.iter().any(|value| self.is_outside(*value))
    }

    /// The position, from 0 at the low end to 1 at the high end.
    pub(crate) fn position(&self, value: f64) -> f64 {
        let share = self.share(value);
        if share.is_nan() { 0.5 } else { share.clamp(0.0, 1.0) }
    }

    fn share(&self, value: f64) -> f64 {
        match *self {
            Self::Linear { low, high } => (value - low) / (high - low),
            Self::Logarithmic { low, high } if value > 0.0 => (value.log10() - low) / (high - low),
            Self::Logarithmic { .. } => f64::NEG_INFINITY,
            Self::Symmetric { low, high, threshold } => (around(value, threshold) - low) / (high - low),
            Self::Empty => f64::NAN,
        }
    }

    /// The ticks on the axis: about `most` labelled ones, and unlabelled ones between.
    pub(crate) fn ticks(&self, most: usize) -> Vec<Tick> {
        self.placed(match *self {
            Self::Linear { low, high } => tick::linear(low.min(high), low.max(high), most),
            Self::Logarithmic { low, high } => tick::logarithmic(low.min(high), low.max(high), most),
            Self::Symmetric { threshold, .. } => {
                let decades = tick::decades(threshold, MAX_DECADES_AROUND);
                let below = decades.iter().map(|(value, label)| (-value, format!("-{label}")));
                below.rev().chain([(0.0, "0".to_owned())]).chain(decades.clone()).collect()
            }
            Self::Empty => Vec::new(),
        })
    }

    /// The ticks on an axis of counts: none between whole numbers.
    pub(crate) fn counting_ticks(&self, most: usize) -> Vec<Tick> {
        match *self {
            Self::Linear { low, high } => self.placed(tick::counting(low, high, most)),
            Self::Logarithmic { .. } | Self::Symmetric { .. } | Self::Empty => self.ticks(most),
        }
    }

    fn placed(&self, values: Vec<(f64, String)>) -> Vec<Tick> {
        let inside = values.into_iter().filter(|(value, _)| !self.is_outside(*value));
        let tick = |(value, label)| Tick { value, position: self.position(value), label };
        let mut ticks: Vec<Tick> = inside.map(tick).collect();
        ticks.sort_by(|a, b| a.position.total_cmp(&b.position));
        ticks
    }
}

/// `± log₁₀(1 + |x| / threshold)`
fn around(value: f64, threshold: f64) -> f64 {
    (1.0 + value.abs() / threshold).log10().copysign(value)
}

/// The inverse of [`around`].
fn back(place: f64, threshold: f64) -> f64 {
    (threshold * (libm::exp10(place.abs()) - 1.0)).copysign(place)
}

fn range(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.filter(|value| value.is_finite()).fold(None, |range, value| match range {
        None => Some((value, value)),
        Some((low, high)) => Some((value.min(low), value.max(high))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_factors_are_equal_steps() {
        let scale = Scale::logarithmic([0.01, 100.0]);
        assert!((scale.position(1.0) - 0.5).abs() < 1e-12);
        assert!(
            (scale.position(10.0) - scale.position(1.0) - (scale.position(0.1) - scale.position(0.01))).abs()
                < 1e-12
        );
    }

    #[test]
    fn a_single_value_lies_in_the_middle() {
        for scale in [
            Scale::linear([3.0]),
            Scale::linear([0.0]),
            Scale::logarithmic([3.0, 3.0]),
            Scale::linear([-2.0]),
        ] {
            let value = if scale == Scale::linear([0.0]) {
                0.0
            } else if scale == Scale::linear([-2.0]) {
                -2.0
            } else {
                3.0
            };
            assert!((scale.position(value) - 0.5).abs() < 1e-12, "{scale:?}");
            assert!(!scale.ticks(6).is_empty(), "{scale:?}");
        }
    }

    #[test]
    fn zero_is_drawn_at_the_lower_end_of_a_logarithmic_axis_and_negative_numbers_make_it_linear() {
        let scale = Scale::logarithmic([0.0, 0.1, 1.0]);
        assert!(matches!(scale, Scale::Logarithmic { .. }));
        assert_eq!((scale.position(0.0), scale.is_outside(0.0)), (0.0, true));
        assert!(matches!(Scale::logarithmic([-1.0, 1.0]), Scale::Linear { .. }));
        assert!(matches!(Scale::logarithmic([0.0]), Scale::Linear { .. }));
    }

    #[test]
    fn a_loss_on_the_way_to_infinity_does_not_squeeze_the_others() {
        let scale = Scale::logarithmic([0.1, 1e30]);
        assert!(scale.is_outside(1e30) && scale.position(1e30) == 1.0);
        assert!(scale.position(1.0) - scale.position(0.1) > 0.1);
    }

    #[test]
    fn losses_of_nothing_but_rounding_leave_the_others_apart() {
        let scale = Scale::logarithmic([1e-31, 0.44, 7179.0]);
        assert!(!scale.leaves_out(&[1e-31, 0.44, 7179.0]));
        assert!(scale.position(7179.0) - scale.position(0.44) > 0.1);
    }

    #[test]
    fn a_reversed_scale_has_the_same_ticks_from_its_other_end() {
        for scale in [Scale::linear([0.0, 4.0]), Scale::logarithmic([0.01, 100.0])] {
            let (ticks, back) = (scale.ticks(5), scale.reversed().ticks(5));
            let values = |ticks: &[Tick]| ticks.iter().map(|tick| tick.value).collect::<Vec<f64>>();
            assert_eq!(values(&ticks), values(&back).into_iter().rev().collect::<Vec<f64>>());
            assert!((scale.position(1.0) + scale.reversed().position(1.0) - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn both_signs_have_their_powers_of_ten() {
        let scale = Scale::symmetric(&[-10.0, 1000.0, 0.0]);
        assert!(!scale.is_outside(-10.0) && !scale.is_outside(1000.0));
        let step = |from: f64, to: f64| scale.position(to) - scale.position(from);
        assert!((step(10.0, 100.0) - step(100.0, 1000.0)).abs() < 0.01);
        assert!((step(-10.0, 0.0) - step(0.0, 10.0)).abs() < 1e-12 && step(-1e-9, 1e-9) < 1e-4);
        let labels: Vec<_> = scale.ticks(10).into_iter().map(|tick| tick.label).collect();
        assert!(["-10", "0", "1000"].iter().all(|label| labels.contains(&(*label).to_owned())), "{labels:?}");
        assert!(matches!(Scale::symmetric(&[0.0]), Scale::Linear { .. }));
    }

    #[test]
    fn sizes_are_seen_from_the_largest_down() {
        let scale = Scale::decades_down(&[1.0, 1e-10, 0.0, 1e-40]);
        assert!(!scale.is_outside(1.0) && !scale.is_outside(1e-10) && scale.is_outside(1e-40));
        assert_eq!((scale.position(0.0), scale.is_outside(0.0)), (0.0, true));
    }

    #[test]
    fn an_axis_without_values_shows_no_numbers() {
        for scale in [Scale::linear([]), Scale::logarithmic([f64::NAN]), Scale::logarithmic_if_wide(&[])] {
            assert_eq!((scale, scale.ticks(5), scale.position(1.0)), (Scale::Empty, Vec::new(), 0.5));
        }
    }
}
