//! The functions of the engine, without cancellation.

use chainrule_core::cancel::{Cancelled, to_the_end};
use chainrule_core::dataset::{self, DataSettings, Part, Parts, Samples};
use chainrule_core::decomposition::{self, Eigen, Qr};
use chainrule_core::error::DataError;
use chainrule_core::fault::Fault;
use chainrule_core::gradient_check::{self, Check, CheckSettings, Objective};
use chainrule_core::hessian::Hessian;
use chainrule_core::initializer::Initializer;
use chainrule_core::loss::Loss;
use chainrule_core::network::{Network, Pass};
use chainrule_core::output::Output;
use chainrule_core::real::Element;
use chainrule_core::reference::{self, BackwardSteps, Batch, ScaledCost};
use chainrule_core::train::{self, Evaluator, Observer, Score, TrainSettings, Trained};
use ndarray::ArrayView2;

/// The split of replicate 0.
pub(crate) fn prepare<F: Element>(
    samples: &Samples,
    settings: &DataSettings,
    output: &Output,
) -> Result<Parts<F>, DataError> {
    to_the_end(|cancel| Ok(dataset::prepare(samples, settings, 0, output, cancel)))
}

pub(crate) fn initialize<F: Element>(network: &mut Network<F>, initializer: &Initializer, seed: u64) {
    to_the_end(|cancel| network.initialize(initializer, seed, cancel));
}

pub(crate) fn draw_masks<F: Element>(
    pass: &mut Pass<F>,
    network: &Network<F>,
    samples: usize,
    seed: u64,
    step: u64,
) {
    to_the_end(|cancel| pass.draw_masks(network, samples, seed, step, cancel));
}

pub(crate) fn forward<F: Element>(network: &Network<F>, input: &[F], pass: &mut Pass<F>) {
    to_the_end(|cancel| network.forward(input, pass, cancel));
}

pub(crate) fn backward<F: Element>(
    network: &Network<F>,
    (input, targets): (&[F], &[F]),
    loss: &Loss,
    scale: F,
    pass: &mut Pass<F>,
    gradient: &mut [F],
) {
    to_the_end(|cancel| network.backward(input, targets, loss, scale, pass, gradient, cancel));
}

pub(crate) fn score<F: Element>(network: &Network<F>, part: &Part<F>, loss: &Loss) -> Score {
    to_the_end(|cancel| Evaluator::new(network).score(network, part, loss, cancel))
}

pub(crate) fn train<F: Element>(
    network: Network<F>,
    parts: &Parts<F>,
    settings: &TrainSettings,
    seed: u64,
    observer: &mut dyn Observer,
) -> Trained<F> {
    to_the_end(|cancel| Ok(train::train(network, parts, settings, seed, observer, cancel)))
}

pub(crate) fn qr(matrix: ArrayView2<'_, f64>) -> Qr {
    to_the_end(|cancel| decomposition::qr(matrix, cancel))
}

pub(crate) fn symmetric_eigen(matrix: ArrayView2<'_, f64>) -> Eigen {
    to_the_end(|cancel| decomposition::symmetric_eigen(matrix, cancel))
}

pub(crate) fn hessian_product<F: Element>(
    hessian: &mut Hessian,
    part: &Part<F>,
    v: &[f64],
    product: &mut [f64],
) {
    to_the_end(|cancel| hessian.product(part, v, product, cancel));
}

/// The gradient of the reference engine.
pub(crate) fn gradient(
    network: &mut Network<f64>,
    batch: Batch<'_>,
    cost: ScaledCost<'_>,
    steps: &dyn BackwardSteps,
) -> reference::Gradient {
    to_the_end(|cancel| reference::gradient(network, batch, cost, steps, cancel))
}

pub(crate) fn backpropagation<F: Element>(
    network: &mut Network<F>,
    objective: &Objective<'_, F>,
) -> gradient_check::Gradient<F> {
    to_the_end(|cancel| gradient_check::backpropagation(network, objective, cancel))
}

pub(crate) fn backpropagation_with<F: Element>(
    fault: &Fault,
    network: &mut Network<F>,
    objective: &Objective<'_, F>,
) -> gradient_check::Gradient<F> {
    to_the_end(|cancel| gradient_check::backpropagation_with(fault, network, objective, cancel))
}

pub(crate) fn check<F: Element>(
    network: &Network<F>,
    objective: &Objective<'_, F>,
    settings: &CheckSettings,
    seed: u64,
    engine: impl Fn(&mut Network<F>, &Objective<'_, F>) -> gradient_check::Gradient<F>,
) -> Check {
    let engine = |network: &mut Network<F>, objective: &Objective<'_, F>| -> Result<_, Cancelled> {
        Ok(engine(network, objective))
    };
    to_the_end(|cancel| gradient_check::check(network, objective, settings, seed, engine, cancel))
}
