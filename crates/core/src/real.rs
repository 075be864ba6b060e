//! The number types of the formulas.

use crate::math;
use serde::{Deserialize, Serialize};
use std::fmt::{Debug, Display};
use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};

/// Bits of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// Single precision, `f32`.
    F32,
    /// Double precision, `f64`.
    F64,
}

impl Precision {
    /// Bytes of a number.
    pub fn bytes(self) -> usize {
        match self {
            Self::F32 => size_of::<f32>(),
            Self::F64 => size_of::<f64>(),
        }
    }
}

/// A real number: `f32` and `f64` in the engine, [`Libm`](crate::reference::Libm) in the reference engine. Both engines
/// compute the formulas that are written once for every `Real`.
pub trait Real:
    Copy
    + Debug
    + Default
    + PartialOrd
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
{
    /// 0
    const ZERO: Self;
    /// 1
    const ONE: Self;
    /// The smallest positive normal number: 2⁻¹²⁶ in single, 2⁻¹⁰²² in double precision.
    const TINY: Self;

    /// The nearest number of this precision.
    fn from_f64(value: f64) -> Self;
    /// The same number in double precision.
    fn to_f64(self) -> f64;
    /// `self · factor + term`, rounded once.
    fn mul_add(self, factor: Self, term: Self) -> Self;
    /// |x|
    fn abs(self) -> Self;
    /// √x
    fn sqrt(self) -> Self;
    /// eˣ
    fn exp(self) -> Self;
    /// eˣ − 1, accurate for small x.
    fn exp_m1(self) -> Self;
    /// ln x
    fn ln(self) -> Self;
    /// ln(1 + x), accurate for small x of either sign.
    fn ln_1p(self) -> Self;
    /// tanh x
    fn tanh(self) -> Self;
    /// 1 / (1 + e⁻ˣ)
    fn sigmoid(self) -> Self;
    /// Distribution function and density of the standard normal distribution:
    /// `Φ(x) = ½·erfc(−x/√2)` and `e^(−x²/2)/√(2π)`, to full relative accuracy in the tails.
    fn normal(self) -> (Self, Self);
    /// Whether it is neither infinite nor NaN.
    fn is_finite(self) -> bool;

    /// The larger of two numbers; NaN if `self` is NaN.
    #[inline(always)]
    fn max_or_nan(self, other: Self) -> Self {
        if self < other { other } else { self }
    }

    /// The nearest number of [−limit, limit]; NaN stays NaN.
    #[inline(always)]
    fn within(self, limit: f64) -> Self {
        let limit = Self::from_f64(limit);
        if self > limit { limit } else { self.max_or_nan(-limit) }
    }
}

/// A [`Real`] for matrices: `f32` or `f64`.
pub trait Element: Real + Display + faer::traits::ComplexField {
    /// Little-endian bytes, padded with zeros to eight; the first [`Self::SIZE`] count.
    fn to_le_bytes8(self) -> [u8; 8];
    /// Bytes of a number.
    const SIZE: usize;
    /// ε, the distance from 1 to the next number: 2⁻²³ or 2⁻⁵².
    const EPSILON: f64;
}

macro_rules! real {
    ($type:ty, $math:ident) => {
        impl Real for $type {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const TINY: Self = <$type>::MIN_POSITIVE;

            #[inline(always)]
            fn from_f64(value: f64) -> Self {
                value as Self
            }
            #[inline(always)]
            fn to_f64(self) -> f64 {
                f64::from(self)
            }
            #[inline(always)]
            fn mul_add(self, factor: Self, term: Self) -> Self {
                <$type>::mul_add(self, factor, term)
            }
            #[inline(always)]
            fn abs(self) -> Self {
                <$type>::abs(self)
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                <$type>::sqrt(self)
            }
            #[inline(always)]
            fn exp(self) -> Self {
                math::$math::exp(self)
            }
            #[inline(always)]
            fn exp_m1(self) -> Self {
                math::$math::exp_m1(self)
            }
            #[inline(always)]
            fn ln(self) -> Self {
                math::$math::ln(self)
            }
            #[inline(always)]
            fn ln_1p(self) -> Self {
                math::$math::ln_1p(self)
            }
            #[inline(always)]
            fn tanh(self) -> Self {
                math::$math::tanh(self)
            }
            #[inline(always)]
            fn sigmoid(self) -> Self {
                math::$math::sigmoid(self)
            }
            #[inline(always)]
            fn normal(self) -> (Self, Self) {
                math::$math::normal(self)
            }
            #[inline(always)]
            fn is_finite(self) -> bool {
                <$type>::is_finite(self)
            }
        }

        impl Element for $type {
            const SIZE: usize = size_of::<$type>();
            const EPSILON: f64 = <$type>::EPSILON as f64;

            fn to_le_bytes8(self) -> [u8; 8] {
                let mut bytes = [0; 8];
                bytes[..Self::SIZE].copy_from_slice(&self.to_le_bytes());
                bytes
            }
        }
    };
}

real!(f32, single);
real!(f64, double);
