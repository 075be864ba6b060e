use crate::activation::Activation;
use crate::reference::{BackwardSteps, Libm, Trace};

crate::item! {
    /// A derivative formula for the value a is evaluated at z: for `sigmoid` z·(1 − z), for `tanh` 1 − z².
    ///
    /// - Formula: `φ' = a·(1 − a)` becomes `z·(1 − z)`, `1 − a²` becomes `1 − z²`
    /// - No effect: without hidden layers; activations whose derivative is computed from z alone, all but `sigmoid` and
    ///   `tanh`
    /// - Gradient check: finds it in all layers below the last, and in the inputs
    /// - Source: `sigmoid_derivative(x)` that returns `x * (1 - x)`, as in many short programs, called with the
    ///   pre-activation
    OutputFormulaAtInput = "output_formula_at_input" {}
}

impl BackwardSteps for OutputFormulaAtInput {
    fn activation_derivative(&self, phi: &Activation, trace: &Trace, layer: usize, unit: usize) -> f64 {
        let z = Libm(trace.pre_activations[layer][unit]);
        phi.kernel::<Libm>().derivative(z, z).0
    }
}
