//! The noise of the cost: what rounding does to it.

use super::differences::Differences;
use crate::cancel::Cancelled;
use crate::real::Element;
use crate::seed::{Purpose, Stream};

/// Points along the diagonal.
pub(super) const POINTS: usize = 12;

/// The factors of a sixth difference; their squares sum to 924.
const SIXTH: [f64; 7] = [1.0, -6.0, 15.0, -20.0, 15.0, -6.0, 1.0];

/// Stands for no tensor in the key of the random stream.
const NO_TENSOR: u64 = 0;

/// How often the spacing is halved in search of points on one side of all kinks.
const HALVINGS: u32 = 20;

/// σ, the standard deviation of what is random in J, and no less than ε·|J|.
///
/// All parameters are moved together along a random diagonal, to twelve points; from one to the next no pre-activation
/// moves by more than ε^⅕. Of a smooth function the sixth differences are nothing there; of noise they have
/// the variance 924σ². The points are put closer together until none lies beyond a kink.
///
/// # Errors
/// If it is cancelled.
pub(super) fn of_cost<F: Element>(differences: &mut Differences<'_, F>, seed: u64) -> Result<f64, Cancelled> {
    let least = F::EPSILON * differences.cost().abs();
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

/// Each parameter's size, or 1 if that is less, up or down.
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

    /// Of ±1 in turn, every sixth difference is ±(1 + 6 + 15 + 20 + 15 + 6 + 1) = ±64: √(4096/924) = 2.105445.
    #[test]
    fn numbers_that_alternate_are_noise() {
        let turns = std::array::from_fn(|i| if i % 2 == 0 { 1.0 } else { -1.0 });
        assert!((deviation(&turns) - 2.105_445).abs() < 1e-6);
    }
}
