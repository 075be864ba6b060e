//! Double precision with the elementary functions of the crate `libm`.

use crate::real::Real;
use std::f64::consts::{FRAC_1_SQRT_2, PI};
use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};

/// A double-precision number with the elementary functions of the crate `libm`.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Libm(pub f64);

macro_rules! arithmetic {
    ($($trait:ident $method:ident $operator:tt, $assign_trait:ident $assign_method:ident;)*) => {
        $(
            impl $trait for Libm {
                type Output = Self;
                fn $method(self, other: Self) -> Self {
                    Self(self.0 $operator other.0)
                }
            }
            arithmetic!(@assign $assign_trait $assign_method $operator);
        )*
    };
    (@assign none none $operator:tt) => {};
    (@assign $assign_trait:ident $assign_method:ident $operator:tt) => {
        impl $assign_trait for Libm {
            fn $assign_method(&mut self, other: Self) {
                self.0 = self.0 $operator other.0;
            }
        }
    };
}

arithmetic! {
    Add add +, AddAssign add_assign;
    Sub sub -, SubAssign sub_assign;
    Mul mul *, MulAssign mul_assign;
    Div div /, none none;
}

impl Neg for Libm {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Real for Libm {
    const ZERO: Self = Self(0.0);
    const ONE: Self = Self(1.0);
    const TINY: Self = Self(f64::MIN_POSITIVE);

    fn from_f64(value: f64) -> Self {
        Self(value)
    }
    fn to_f64(self) -> f64 {
        self.0
    }
    fn mul_add(self, factor: Self, term: Self) -> Self {
        Self(self.0 * factor.0 + term.0)
    }
    fn abs(self) -> Self {
        Self(::libm::fabs(self.0))
    }
    fn sqrt(self) -> Self {
        Self(::libm::sqrt(self.0))
    }
    fn exp(self) -> Self {
        Self(::libm::exp(self.0))
    }
    fn exp_m1(self) -> Self {
        Self(::libm::expm1(self.0))
    }
    fn ln(self) -> Self {
        Self(::libm::log(self.0))
    }
    fn ln_1p(self) -> Self {
        Self(::libm::log1p(self.0))
    }
    fn tanh(self) -> Self {
        Self(::libm::tanh(self.0))
    }
    fn sigmoid(self) -> Self {
        Self(1.0 / (1.0 + ::libm::exp(-self.0)))
    }
    fn normal(self) -> (Self, Self) {
        let share = 0.5 * ::libm::erfc(-self.0 * FRAC_1_SQRT_2);
        let density = ::libm::exp(-0.5 * self.0 * self.0) / ::libm::sqrt(2.0 * PI);
        (Self(share), Self(density))
    }
    fn is_finite(self) -> bool {
        self.0.is_finite()
    }
}
