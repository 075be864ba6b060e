//! The noise of the cost: the effect of rounding.

use super::differences::Differences;
use super::objective::Objective;
use crate::cancel::Cancelled;
use crate::loss::Rows;
use crate::network::{Network, Pass};
use crate::output::Output;
use crate::product::{self, Shape};
use crate::real::Element;
use crate::seed::{Purpose, Stream};

/// Points along the diagonal.
pub(super) const POINTS: usize = 12;

/// The factors of a sixth difference; their squares sum to 924.
const SIXTH: [f64; 7] = [1.0, -6.0, 15.0, -20.0, 15.0, -6.0, 1.0];

/// A key of the random stream that belongs to no tensor.
const NO_TENSOR: u64 = 0;

/// The maximum number of halvings of the spacing, in search of points on one side of all kinks.
const HALVINGS: u32 = 20;

/// σ, the standard deviation of the random part of J; at least ε·|J| and the [resolution](resolution) of J.
///
/// All parameters are moved together along a random diagonal, to twelve points. Between neighbouring points, no
/// pre-activation moves by more than ε^⅕. The sixth differences of a smooth function vanish there; those caused by
/// noise have the variance 924σ². The spacing is halved until no point is beyond a kink.
///
/// # Errors
/// If it is cancelled.
pub(super) fn of_cost<F: Element>(differences: &mut Differences<'_, F>, seed: u64) -> Result<f64, Cancelled> {
    let least = (F::EPSILON * differences.cost().abs()).max(resolution(differences)?);
    let directions = directions(&differences.network.parameters, seed);
    let mut spacing = differences.spacing_along(&directions)?;
    for _ in 0..HALVINGS {
        if let Some(costs) = differences.costs_along(&directions, spacing)? {
            return Ok(deviation(&costs).max(least));
        }
        spacing *= 0.5;
    }
    Ok(least)
}

/// The effect on J of rounding every activation and pre-activation: `½ε·√Σ (x·∂J/∂x)²`. With a loss of
/// outputs close to 1, J is a coarse staircase. Small steps do not change it, so sixth differences show no noise.
fn resolution<F: Element>(differences: &Differences<'_, F>) -> Result<f64, Cancelled> {
    let cancel = differences.cancel;
    let (network, objective) = (&differences.network, &differences.objective);
    let Objective { features, targets, cost, .. } = objective;
    let (mut pass, scale) = (objective.pass(network, cancel)?, objective.scale(network));
    let mut gradient = vec![F::ZERO; network.parameters.len()];
    network.forward(features, &mut pass, cancel)?;
    network.backward(features, targets, &cost.loss, scale, &mut pass, &mut gradient, cancel)?;
    let mut squares = of_outputs(network, objective, &pass);
    for (index, (layer, done)) in network.layers.iter().zip(&pass.layers).enumerate() {
        squares += sum_of_squares(&done.pre_activation, &done.delta);
        if let Some(below) = index.checked_sub(1) {
            let mut upstream = vec![F::ZERO; pass.batch * layer.n_in];
            let shape = Shape { batch: pass.batch, n_in: layer.n_in, n_out: layer.n_out };
            let weights = &network.parameters[layer.weights.clone()];
            product::input_gradient(shape, &done.delta, weights, &mut upstream, cancel, |_, _| ())?;
            squares += sum_of_squares(pass.layers[below].passed_on(), &upstream);
        }
    }
    Ok(0.5 * F::EPSILON * squares.sqrt())
}

/// The same for the outputs, unless the loss does not use them.
fn of_outputs<F: Element>(network: &Network<F>, objective: &Objective<'_, F>, pass: &Pass<F>) -> f64 {
    let loss = objective.cost.loss.kernel::<F>();
    if loss.is_fused(&network.output) {
        return 0.0;
    }
    let (outputs, targets) = (pass.last().activation.as_slice(), objective.targets);
    let rows = Rows { n_out: network.n_out(), logits: outputs, outputs, targets };
    let mut by_output = vec![F::ZERO; outputs.len()];
    loss.delta(&Output::Identity(Default::default()), rows, &mut by_output);
    let scale = objective.scale(network).to_f64();
    scale * scale * sum_of_squares(outputs, &by_output)
}

/// Σ (x·g)²
fn sum_of_squares<F: Element>(values: &[F], gradient: &[F]) -> f64 {
    let product = |(x, g): (&F, &F)| x.to_f64() * g.to_f64();
    values.iter().zip(gradient).map(product).map(|x| x * x).sum()
}

/// Each parameter's size, but at least 1, with a random sign.
fn directions<F: Element>(parameters: &[F], seed: u64) -> Vec<f64> {
    let mut stream = Stream::new(seed, Purpose::GradientCheck, 0, NO_TENSOR);
    let direction = |parameter: &F| {
        let size = parameter.to_f64().abs().max(1.0);
        if stream.uniform() < 0.5 { -size } else { size }
    };
    parameters.iter().map(direction).collect()
}

/// √(mean of the squared sixth differences / 924)
fn deviation(costs: &[f64; POINTS]) -> f64 {
    let sixth = |c: &[f64]| c.iter().zip(SIXTH).map(|(c, factor)| c * factor).sum::<f64>();
    let squares: Vec<f64> = costs.windows(7).map(sixth).map(|difference| difference * difference).collect();
    (squares.iter().sum::<f64>() / squares.len() as f64 / 924.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A polynomial of degree five has no sixth differences: 1 + i + i⁵ in whole numbers.
    #[test]
    fn a_polynomial_has_no_noise() {
        let polynomial = std::array::from_fn(|i| (1 + i + i.pow(5)) as f64);
        assert_eq!(deviation(&polynomial), 0.0);
    }

    /// For alternating ±1, every sixth difference is ±(1 + 6 + 15 + 20 + 15 + 6 + 1) = ±64: √(4096/924) = 2.105445.
    #[test]
    fn numbers_that_alternate_are_noise() {
        let turns = std::array::from_fn(|i| if i % 2 == 0 { 1.0 } else { -1.0 });
        assert!((deviation(&turns) - 2.105_445).abs() < 1e-6);
    }
}
