//! The gradient check: compares a gradient with finite differences of its cost.
//!
//! The cost of a batch is `J(θ, x) = scale · Σ_batch L + Σ p(w)`, an [`Objective`]. The check covers the gradient in
//! every parameter θ and every input x. [`check`] takes the gradient as a function, so any engine can compute it;
//! [`backpropagation`] is the fast engine's. The check moves one entry θ at a time, in the precision of the network,
//! and sums the losses in double precision:
//!
//! | scheme | difference | error |
//! |---|---|---|
//! | [`Forward`](Scheme::Forward) | `(J(θ + h) − J(θ)) / h` | h·J''/2 |
//! | [`Central`](Scheme::Central) | `(J(θ + h) − J(θ − h)) / 2h` | h²·J'''/6 |
//! | [`FivePoint`](Scheme::FivePoint) | `(8(J(θ + h) − J(θ − h)) − (J(θ + 2h) − J(θ − 2h))) / 12h` | h⁴·J'''''/30 |
//!
//! h is the step after rounding: the distance between the two numbers used. Rounding adds an error of about ε·|J|/h to
//! the error of the scheme, so the error has the shape of a V over h.
//!
//! # Relative error
//!
//! With a the entry of the gradient and n the difference: `|a − n| / max(|a|, |n|, floor)`. Without a floor, an entry
//! of 0 and a difference of 1e-12 would have an error of 1. The floor is the larger of
//!
//! - a hundredth of the largest difference of the tensor: smaller entries are sums whose larger terms cancel, and
//!   cancellation loses digits;
//! - `10 · σ / (h · t)`, where t is the default tolerance for scheme and precision, and σ the noise of the cost. Ten
//!   times the noise changes a difference by `10 · σ / h`. Entries above the floor are checked to the tolerance, and
//!   smaller ones as closely as the noise allows. An automatic h is the step of the entry. If h is given, the floor
//!   uses the default step, so that it does not hide the effect of a bad step.
//!
//! σ is measured, after Moré and Wild, *Estimating computational noise* (2011), from the sixth differences of the cost
//! at twelve points. The points are so close together that the sixth differences of a smooth function vanish. σ is at
//! least ε·|J|, and at least the resolution of J, `½ε·√Σ (x·∂J/∂x)²` over the activations and pre-activations x of all
//! layers. A loss that is computed from probabilities close to 1 is coarse: it may not change at all where it should.
//! The check then judges small entries only as closely as such a loss allows.
//!
//! # Kinks
//!
//! A step may cross a kink: of φ (jumps included) with a pre-activation of a hidden layer, of the loss with an error
//! `ŷ − y`, or of the penalty with a weight. The difference then mixes two functions and does not test the gradient.
//! Such an entry, and an entry that is moved off a kink, is counted as a kink. It is left out of all errors and of the
//! verdict.
//!
//! The derivative of `step` is 0, which is right wherever it exists. If no unit crosses the jump, the difference is 0
//! too, and the check passes. This shows that the derivative is right, not that it is useful.
//!
//! # Dropout
//!
//! The masks are the ones that training draws from the seed at a step. They stay the same in the gradient and in all
//! differences.
//!
//! # Verdict
//!
//! A check has [passed](Check::passed) if no relative error is above the tolerance and the gradient left the parameters
//! unchanged, bit for bit. The engine gets a copy of the network, so an engine that changes it affects only the
//! verdict.

mod chosen;
mod compare;
mod differences;
mod faulty;
mod memory;
mod noise;
mod objective;
mod outcome;
mod settings;

pub use faulty::{Effect, backpropagation_with};
pub use memory::memory;
pub use objective::{Gradient, Objective, backpropagation};
pub use outcome::{Check, Errors, Tensor, TensorCheck, Worst};
pub use settings::{CheckSettings, Entries, Scheme, StepSize, Tolerance};

use crate::cancel::{Cancel, Cancelled, to_the_end};
use crate::network::Network;
use crate::real::Element;
use chosen::{TensorEntries, tensors};
use compare::Compared;
use differences::Differences;

/// Checks the gradient of `objective` at `network` that `engine` computes. `seed` determines the checked entries, if
/// only some are checked.
///
/// # Errors
/// If it is cancelled.
pub fn check<F: Element>(
    network: &Network<F>,
    objective: &Objective<'_, F>,
    settings: &CheckSettings,
    seed: u64,
    engine: impl Fn(&mut Network<F>, &Objective<'_, F>) -> Result<Gradient<F>, Cancelled>,
    cancel: &Cancel<'_>,
) -> Result<Check, Cancelled> {
    let mut copy = network.clone();
    let gradient = engine(&mut copy, objective)?;
    let mut differences = Differences::new(network, *objective, settings, cancel)?;
    let noise = noise::of_cost(&mut differences, seed)?;
    let mut job = Job { differences: &mut differences, gradient: &gradient, settings, seed, noise };
    let rows = tensors(network, objective.features.len())
        .iter()
        .map(|tensor| job.check(tensor))
        .collect::<Result<_, _>>()?;
    Ok(Check {
        rows,
        cost: differences.cost(),
        noise,
        tolerance: settings.tolerance::<F>(),
        parameters_unchanged: are_same(&copy.parameters, &network.parameters),
    })
}

/// Compares bits: 0 and −0 differ, and NaN equals itself.
fn are_same<F: Element>(a: &[F], b: &[F]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.to_le_bytes8() == b.to_le_bytes8())
}

/// The inputs of a comparison.
struct Job<'a, 'o, F> {
    differences: &'a mut Differences<'o, F>,
    gradient: &'a Gradient<F>,
    settings: &'a CheckSettings,
    seed: u64,
    noise: f64,
}

impl<F: Element> Job<'_, '_, F> {
    /// A tensor: its chosen entries, one after the other.
    fn check(&mut self, tensor: &TensorEntries) -> Result<TensorCheck, Cancelled> {
        let chosen = tensor.chosen(self.settings.entries, self.seed);
        let mut compared = Vec::with_capacity(chosen.len());
        for &index in &chosen {
            compared.extend(self.compare(tensor, index)?);
        }
        Ok(TensorCheck {
            layer: tensor.layer,
            tensor: tensor.tensor,
            entries: tensor.len(),
            checked: compared.len(),
            kinks: chosen.len() - compared.len(),
            below_noise: compared.iter().filter(|entry| entry.is_below_noise()).count(),
            errors: compare::errors(&compared, tensor.columns),
        })
    }

    /// An entry and its difference; `None` at a kink.
    fn compare(&mut self, tensor: &TensorEntries, index: usize) -> Result<Option<Compared>, Cancelled> {
        let entry = tensor.entry(index);
        let analytic = self.gradient.of(entry).to_f64();
        let Some((numeric, step)) = self.differences.slope(entry)? else { return Ok(None) };
        let noise = 10.0 * self.noise / step;
        let floor = noise / self.settings.scheme.default_tolerance::<F>();
        Ok(Some(Compared { index, analytic, numeric, noise, floor }))
    }
}

/// Checks the fast engine at a network, every entry by five-point differences, and returns the outcome. It is a test
/// helper for new activations, outputs, losses and penalties.
///
/// # Panics
/// If the check has not passed. The message names the tensors and their worst entries.
pub fn assert_passes<F: Element>(network: &Network<F>, objective: &Objective<'_, F>) -> Check {
    let settings = CheckSettings::default();
    to_the_end(|cancel| {
        check(
            network,
            objective,
            &settings,
            objective.seed,
            |network, objective| backpropagation(network, objective, cancel),
            cancel,
        )
    })
    .expect_pass()
}
