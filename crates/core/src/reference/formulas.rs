//! The derivatives of losses and penalties, written out a second time.

use super::OutputUnit;
use crate::loss::Loss;
use crate::penalty::Penalty;

/// `∂ℓ/∂ŷ` of one output. In the entropies, `ŷ` and `1 − ŷ` are at least the smallest positive normal number.
pub fn loss_derivative(loss: &Loss, output: OutputUnit, target: f64) -> f64 {
    let (p, y) = (output.value, target);
    match loss {
        // L = ½ Σ (p − y)²
        Loss::HalfSquaredError(_) => p - y,
        // L = Σ (p − y)²
        Loss::SquaredError(_) => (p - y) + (p - y),
        // L = Σ |p − y|
        Loss::AbsoluteError(_) => sign(p - y),
        // L = Σ ½ (p − y)² up to δ, Σ δ (|p − y| − ½ δ) from there
        Loss::Huber(huber) if ::libm::fabs(p - y) <= huber.delta => p - y,
        Loss::Huber(huber) => huber.delta * sign(p - y),
        // L = −Σ y ln p
        Loss::CrossEntropy(_) => -y / at_least(p),
        // L = −Σ (y ln p + (1 − y) ln(1 − p))
        Loss::BinaryCrossEntropy(_) => -y / at_least(p) + (1.0 - y) / at_least(output.complement),
    }
}

/// `p'(w)` of one weight, 0 at a kink.
pub fn penalty_derivative(penalty: &Penalty, weight: f64) -> f64 {
    match penalty {
        Penalty::None(_) => 0.0,
        // λ |w|
        Penalty::L1(l1) => l1.strength * sign(weight),
        // ½ λ w²
        Penalty::L2(l2) => l2.strength * weight,
        // λ₁ |w| + ½ λ₂ w²
        Penalty::ElasticNet(net) => net.l1 * sign(weight) + net.l2 * weight,
    }
}

/// A divisor, limited from below.
pub(super) fn at_least(x: f64) -> f64 {
    if x < f64::MIN_POSITIVE { f64::MIN_POSITIVE } else { x }
}

/// −1, 0 or 1; NaN for NaN.
fn sign(x: f64) -> f64 {
    if x == 0.0 { 0.0 } else { x / ::libm::fabs(x) }
}
