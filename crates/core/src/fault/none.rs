use crate::reference::BackwardSteps;

crate::item! {
    /// No error: the backward pass is right.
    ///
    /// - Formula: `δᴸ = scale·Jᵀ·∂L/∂ŷ`, `δˡ = (δˡ⁺¹·(Wˡ⁺¹)ᵀ) ∗ mˡ ∗ φ'(zˡ)`, `∂J/∂Wˡ = (aˡ⁻¹)ᵀ·δˡ + p'(Wˡ)`,
    ///   `∂J/∂bˡ = Σ_batch δˡ`
    /// - No effect: everywhere
    /// - Gradient check: passes; otherwise the check itself is wrong
    /// - Source: Bishop, *Pattern Recognition and Machine Learning* (2006), section 5.3
    None = "none" {}
}

impl BackwardSteps for None {}
