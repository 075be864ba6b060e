//! Dual numbers: a value and its derivative along one direction. A formula written for every [`Real`] computes both.
//!
//! `f(x + ẋε) = f(x) + f'(x)ẋε` with `ε² = 0` (Clifford 1871; forward mode of automatic differentiation). Applied to
//! φ', this gives φ''; applied to the gradient of a loss, it gives the second derivative.

use crate::real::Real;
use std::cmp::Ordering;
use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};

/// `value + tangent·ε` with `ε² = 0`, in double precision. Comparisons use only the values, so a formula takes the same
/// branch as for plain numbers.
#[derive(Debug, Clone, Copy, Default)]
pub struct Dual {
    /// x
    pub value: f64,
    /// ẋ, the derivative along the direction.
    pub tangent: f64,
}

impl Dual {
    /// A value and its tangent.
    #[inline(always)]
    pub const fn new(value: f64, tangent: f64) -> Self {
        Self { value, tangent }
    }

    /// `f(x)` with its derivative `slope` at x.
    #[inline(always)]
    fn chain(self, value: f64, slope: f64) -> Self {
        Self::new(value, slope * self.tangent)
    }
}

impl PartialEq for Dual {
    #[inline(always)]
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl PartialOrd for Dual {
    #[inline(always)]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value.partial_cmp(&other.value)
    }
}

impl Add for Dual {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self::new(self.value + other.value, self.tangent + other.tangent)
    }
}

impl Sub for Dual {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self::new(self.value - other.value, self.tangent - other.tangent)
    }
}

impl Mul for Dual {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self::new(self.value * other.value, self.tangent * other.value + self.value * other.tangent)
    }
}

impl Div for Dual {
    type Output = Self;
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        let quotient = self.value / other.value;
        Self::new(quotient, (self.tangent - quotient * other.tangent) / other.value)
    }
}

impl Neg for Dual {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self::new(-self.value, -self.tangent)
    }
}

macro_rules! assign {
    ($($trait:ident $method:ident $operator:tt;)*) => {
        $( impl $trait for Dual {
            #[inline(always)]
            fn $method(&mut self, other: Self) {
                *self = *self $operator other;
            }
        } )*
    };
}

assign! {
    AddAssign add_assign +;
    SubAssign sub_assign -;
    MulAssign mul_assign *;
}

impl Real for Dual {
    const ZERO: Self = Self::new(0.0, 0.0);
    const ONE: Self = Self::new(1.0, 0.0);
    const TINY: Self = Self::new(f64::MIN_POSITIVE, 0.0);

    #[inline(always)]
    fn from_f64(value: f64) -> Self {
        Self::new(value, 0.0)
    }
    /// The value alone.
    #[inline(always)]
    fn to_f64(self) -> f64 {
        self.value
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, term: Self) -> Self {
        let tangent = self.tangent * factor.value + self.value * factor.tangent + term.tangent;
        Self::new(self.value.mul_add(factor.value, term.value), tangent)
    }
    /// Its derivative at 0 is taken as 0.
    #[inline(always)]
    fn abs(self) -> Self {
        let sign = if self.value == 0.0 { 0.0 } else { self.value.signum() };
        self.chain(self.value.abs(), sign)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        let root = self.value.sqrt();
        self.chain(root, 0.5 / root)
    }
    #[inline(always)]
    fn exp(self) -> Self {
        let power = Real::exp(self.value);
        self.chain(power, power)
    }
    #[inline(always)]
    fn exp_m1(self) -> Self {
        self.chain(Real::exp_m1(self.value), Real::exp(self.value))
    }
    #[inline(always)]
    fn ln(self) -> Self {
        self.chain(Real::ln(self.value), 1.0 / self.value)
    }
    #[inline(always)]
    fn ln_1p(self) -> Self {
        self.chain(Real::ln_1p(self.value), 1.0 / (1.0 + self.value))
    }
    #[inline(always)]
    fn tanh(self) -> Self {
        let tanh = Real::tanh(self.value);
        self.chain(tanh, (1.0 - tanh) * (1.0 + tanh))
    }
    #[inline(always)]
    fn sigmoid(self) -> Self {
        let share = Real::sigmoid(self.value);
        // Not `1 − share`, which loses all digits if `share` is almost 1.
        self.chain(share, share * Real::sigmoid(-self.value))
    }
    #[inline(always)]
    fn normal(self) -> (Self, Self) {
        let (share, density) = Real::normal(self.value);
        (self.chain(share, density), self.chain(density, -self.value * density))
    }
    #[inline(always)]
    fn is_finite(self) -> bool {
        self.value.is_finite() && self.tangent.is_finite()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares every function with `(f(x + h) − f(x − h)) / 2h`, whose error is h²f‴/6 plus rounding of 1e-16/h: 1e-9
    /// for h = 1e-5.
    #[test]
    fn tangents_are_slopes() {
        type Function = fn(Dual) -> Dual;
        let functions: [(&str, Function); 15] = [
            ("x·(x + 2)", |x| x * (x + Dual::from_f64(2.0))),
            ("x/(1 + x²)", |x| x / (Dual::ONE + x * x)),
            ("−x − x²", |x| -x - x * x),
            ("x² + x", |x| x.mul_add(x, x)),
            ("|x|", Real::abs),
            ("√(1 + x²)", |x| (Dual::ONE + x * x).sqrt()),
            ("exp", Real::exp),
            ("exp_m1", Real::exp_m1),
            ("ln(2 + x)", |x| (x + Dual::from_f64(2.0)).ln()),
            ("ln_1p(x²)", |x| (x * x).ln_1p()),
            ("tanh", Real::tanh),
            ("sigmoid", Real::sigmoid),
            ("Φ", |x| x.normal().0),
            ("density", |x| x.normal().1),
            ("within 1", |x| x.within(1.0) * x),
        ];
        for (name, function) in functions {
            for x in [-1.7, -0.6, 0.3, 0.9, 1.6] {
                let at = |x: f64| function(Dual::new(x, 0.0)).value;
                let slope = (at(x + 1e-5) - at(x - 1e-5)) / 2e-5;
                let tangent = function(Dual::new(x, 3.0)).tangent;
                assert!((tangent - 3.0 * slope).abs() < 1e-8, "{name} at {x}: {tangent} {slope}");
            }
        }
    }

    /// σ'(±30) = e⁻³⁰/(1 + e⁻³⁰)² = 9.357622968838423e-14, to the last digits on both sides.
    #[test]
    fn slopes_in_the_tails_have_all_digits() {
        for x in [-30.0, 30.0] {
            let slope = Dual::new(x, 1.0).sigmoid().tangent;
            assert!((slope / 9.357_622_968_838_423e-14 - 1.0).abs() < 1e-15, "{slope:e}");
        }
    }

    #[test]
    fn values_are_those_of_plain_numbers() {
        for x in [-3.0, -0.1, 0.0, 2.5] {
            assert_eq!(Dual::new(x, 1.0).tanh().value.to_bits(), Real::tanh(x).to_bits());
            assert_eq!(Dual::new(x, 1.0).exp_m1().value.to_bits(), Real::exp_m1(x).to_bits());
        }
        assert!(Dual::new(1.0, 5.0) == Dual::new(1.0, -5.0) && Dual::new(1.0, 5.0) < Dual::new(2.0, 0.0));
    }
}
