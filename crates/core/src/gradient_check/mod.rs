//! The gradient check: a gradient held against finite differences of the cost it is said to be the gradient of.
//!
//! The cost of a batch is `J(θ, x) = scale · Σ_batch L + Σ p(w)`, an [`Objective`]. What is checked is a gradient of
//! every parameter θ and of every input x, made by any engine: [`check`] takes it as a function, and
//! [`backpropagation`] is that of the fast engine. One entry θ at a time is moved, in the precision of the network, and
//! the losses are summed in double precision:
//!
//! | scheme | difference | error |
//! |---|---|---|
//! | [`Forward`](Scheme::Forward) | `(J(θ + h) − J(θ)) / h` | h·J''/2 |
//! | [`Central`](Scheme::Central) | `(J(θ + h) − J(θ − h)) / 2h` | h²·J'''/6 |
//! | [`FivePoint`](Scheme::FivePoint) | `(8(J(θ + h) − J(θ − h)) − (J(θ + 2h) − J(θ − 2h))) / 12h` | h⁴·J'''''/30 |
//!
//! h is taken as what it is after rounding: the distance between the two numbers that were used. To the error of the
//! scheme comes that of rounding, about ε·|J|/h: the error has the shape of a V over h.
//!
//! # Relative error
//!
//! With a the entry of the gradient and n the difference: `|a − n| / max(|a|, |n|, floor)`. Without a floor, an entry
//! that is 0 and a difference of 1e-12 would be an error of 1. The floor is the larger of
//!
//! - a hundredth of the largest difference of the tensor: smaller entries are sums in which larger terms cancel, and lose
//!   digits as they do;
//! - `10 · σ / (h · t)`, where t is the default tolerance of scheme and precision. The noise σ of the cost, ten times over,
//!   is worth `10 · σ / h` in a difference: entries of at least the floor are told to the tolerance from their differences,
//!   and smaller ones to as much as noise allows. h is the step of the entry where it is chosen, and the default step where
//!   it is given, so that the floor does not hide what a bad step does.
//!
//! σ is measured, after Moré and Wild, *Estimating computational noise* (2011): from the sixth differences of the cost at
//! twelve points that lie so close together that a smooth function has none. It is taken as no less than ε·|J|, and no less
//! than the resolution of J, `½ε·√Σ (x·∂J/∂x)²` over the activations and pre-activations x of all layers. A loss of
//! probabilities that are computed from outputs almost 1 is coarse: it may not move at all where it should, and the check
//! says no more of small entries than such a loss can tell.
//!
//! # Kinks
//!
//! Where a step carries a pre-activation of a hidden layer to another side of a kink of φ (a jump included), an error
//! `ŷ − y` to another side of a kink of the loss, or a weight to another side of a kink of the penalty, the difference is
//! that of two functions put together, and says nothing about the gradient. Such an entry, and one that stood on a kink
//! and was moved off it, is counted as a kink, and left out of all errors and of the verdict.
//!
//! The derivative of `step` is 0, and right wherever it exists: where no unit crosses the jump, the difference is 0 too,
//! and the check passes. It says that the derivative is right, not that it is of use.
//!
//! # Dropout
//!
//! The masks are those that training draws from the seed at a step, held fixed in the gradient and in all differences.
//!
//! # Verdict
//!
//! A check has [passed](Check::passed) if no relative error is above the tolerance and the gradient left the parameters
//! as they were, bit for bit. The engine is given a copy of the network, so that one that changes it spoils nothing but
//! its verdict.

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

/// Checks the gradient that `engine` makes of `objective` at `network`. `seed` determines which entries are checked,
/// where not all are.
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

/// Bit for bit: 0 and −0 differ, and NaN is itself.
fn are_same<F: Element>(a: &[F], b: &[F]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.to_le_bytes8() == b.to_le_bytes8())
}

/// What is compared with what.
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

/// Checks the fast engine at a network, every entry by five-point differences, and gives the outcome; the test helper for
/// whoever adds an activation, an output, a loss or a penalty.
///
/// # Panics
/// If the check has not passed, naming the tensors and their worst entries.
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
