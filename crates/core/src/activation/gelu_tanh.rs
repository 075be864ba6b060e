use super::{ActivationFunction, VANISHES};
use crate::real::Real;

crate::item! {
    /// The Gaussian error linear unit with its error function approximated by a hyperbolic tangent; it differs from
    /// `gelu` by less than 0.0005.
    ///
    /// - Formula: `φ(z) = ½·z·(1 + tanh u)` with `u = √(2/π)·(z + 0.044715·z³)`,
    ///   `φ'(z) = s + z·s·(1 − s)·2u'` with `s = ½·(1 + tanh u) = σ(2u)` and `u' = √(2/π)·(1 + 3·0.044715·z²)`
    /// - Range: [−0.17004…, ∞), least at z = −0.75246…
    /// - Source: Hendrycks and Gimpel, *Gaussian error linear units (GELUs)* (2016), section 2
    GeluTanh = "gelu_tanh" {}
}

/// 2·√(2/π), and its remainder beyond double precision.
const TWICE_ROOT: [f64; 2] = [1.595_769_121_605_730_8, -9.969_308_809_110_92e-17];
/// 0.044715, and its remainder beyond double precision.
const CUBIC: [f64; 2] = [0.044_715, 2.196_021_142_708_559_5e-18];

/// A number as a sum of two: the rounded number and the remainder. The gate is exponential in its argument, so a
/// relative error of ε in the argument would become ε·|2u|.
type Two<F> = (F, F);

/// A constant to twice the precision of F.
#[inline(always)]
fn constant<F: Real>([value, rest]: [f64; 2]) -> Two<F> {
    let high = F::from_f64(value);
    (high, F::from_f64((value - high.to_f64()) + rest))
}

#[inline(always)]
fn product<F: Real>(a: Two<F>, b: Two<F>) -> Two<F> {
    let high = a.0 * b.0;
    (high, a.0.mul_add(b.0, -high) + (a.0 * b.1 + a.1 * b.0))
}

#[inline(always)]
fn one_more<F: Real>(a: Two<F>) -> Two<F> {
    let high = F::ONE + a.0;
    let added = high - F::ONE;
    (high, (F::ONE - (high - added)) + (a.0 - added) + a.1)
}

/// σ(2u) = ½·(1 + tanh u), without the cancellation on the left side, for |z| ≤ [`VANISHES`].
#[inline(always)]
fn gate<F: Real>(z: F) -> F {
    let z = (z, F::ZERO);
    let bent = one_more(product(constant(CUBIC), product(z, z)));
    let (argument, rest) = product(constant(TWICE_ROOT), product(z, bent));
    let s = argument.sigmoid();
    (s * (F::ONE - s)).mul_add(rest, s)
}

impl ActivationFunction for GeluTanh {
    #[inline(always)]
    fn value<F: Real>(&self, z: F) -> F {
        z.max_or_nan(-F::from_f64(VANISHES)) * gate(z.within(VANISHES))
    }

    #[inline(always)]
    fn derivative<F: Real>(&self, z: F, _a: F) -> F {
        let z = z.within(VANISHES);
        let slope = F::from_f64(TWICE_ROOT[0]) * (F::ONE + F::from_f64(3.0 * CUBIC[0]) * z * z);
        let s = gate(z);
        s + z * s * (F::ONE - s) * slope
    }
}
