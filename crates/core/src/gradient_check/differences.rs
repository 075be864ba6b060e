//! Finite differences of the cost in one entry.

use super::objective::{Entry, Objective};
use super::settings::{CheckSettings, Scheme, StepSize};
use crate::cancel::{Cancel, Cancelled};
use crate::network::{Network, Pass};
use crate::real::Element;
use std::cmp::Ordering;

/// A point of a difference: the value of the entry, and the cost there.
type Point = (f64, f64);

/// The cost as a function of single entries, around the point where it is differentiated.
pub(super) struct Differences<'a, F> {
    pub(super) network: Network<F>,
    features: Vec<F>,
    pub(super) objective: Objective<'a, F>,
    scheme: Scheme,
    step_size: StepSize,
    pass: Pass<F>,
    losses: Vec<F>,
    loss_kinks: Vec<f64>,
    /// Values at the point itself: the cost, every pre-activation, and the side of every kink that each number is on.
    cost: f64,
    pre_activations: Vec<Vec<F>>,
    sides: Vec<Option<Ordering>>,
    pub(super) cancel: &'a Cancel<'a>,
}

impl<'a, F: Element> Differences<'a, F> {
    pub(super) fn new(
        network: &Network<F>,
        objective: Objective<'a, F>,
        settings: &CheckSettings,
        cancel: &'a Cancel<'a>,
    ) -> Result<Self, Cancelled> {
        let batch = objective.features.len() / network.n_in();
        let mut new = Self {
            network: network.clone(),
            features: objective.features.to_vec(),
            objective,
            scheme: settings.scheme,
            step_size: settings.step_size,
            pass: objective.pass(network, cancel)?,
            losses: vec![F::ZERO; batch],
            loss_kinks: objective.cost.loss.kernel::<F>().kinks(),
            cost: 0.0,
            pre_activations: Vec::new(),
            sides: Vec::new(),
            cancel,
        };
        new.cost = new.evaluate()?;
        new.pre_activations = new.pass.layers.iter().map(|layer| layer.pre_activation.clone()).collect();
        new.sides = new.current_sides().collect();
        Ok(new)
    }

    /// J at the point itself.
    pub(super) fn cost(&self) -> f64 {
        self.cost
    }

    /// J for the current network and features.
    fn evaluate(&mut self) -> Result<f64, Cancelled> {
        let Self { network, features, pass, losses, cancel, .. } = self;
        // Twice: the forward pass and the search for kinks.
        cancel.after(2 * network.operations(losses.len()))?;
        self.objective.value(network, features, pass, losses, cancel)
    }

    /// Whether the last evaluation left every number on its side of every kink.
    fn is_smooth(&self) -> bool {
        self.sides.is_empty() || self.current_sides().eq(self.sides.iter().copied())
    }

    /// The difference in an entry, and the step by which its noise is judged; `None` at a kink.
    pub(super) fn slope(&mut self, entry: Entry) -> Result<Option<(f64, f64)>, Cancelled> {
        let (step, judged_by) = match self.step_size {
            StepSize::Given(step) => (step, self.scheme.default_step::<F>()),
            StepSize::Auto => {
                let step = self.automatic_step(entry)?;
                (step, step)
            }
        };
        let scheme = self.scheme;
        let mut at = |multiple: f64| self.point(entry, multiple * step);
        let slope = match scheme {
            Scheme::Forward => quotient(at(1.0)?, at(0.0)?),
            Scheme::Central => quotient(at(1.0)?, at(-1.0)?),
            // Equal to the formula with 12h, but also right for points that rounding has moved.
            Scheme::FivePoint => {
                let (near, far) = (quotient(at(1.0)?, at(-1.0)?), quotient(at(2.0)?, at(-2.0)?));
                near.zip(far).map(|(near, far)| (4.0 * near - far) / 3.0)
            }
        };
        Ok(slope.map(|slope| (slope, judged_by)))
    }

    /// The cost with a moved entry; `None` if the move takes a number across a kink.
    fn point(&mut self, entry: Entry, step: f64) -> Result<Option<Point>, Cancelled> {
        let start = *self.slot(entry);
        let moved = F::from_f64(start.to_f64() + step);
        *self.slot(entry) = moved;
        let cost = self.evaluate()?;
        *self.slot(entry) = start;
        let is_smooth = self.is_smooth() && !self.penalty_has_kink_between(entry, start, moved);
        Ok(is_smooth.then(|| (moved.to_f64(), cost)))
    }

    fn slot(&mut self, entry: Entry) -> &mut F {
        match entry {
            Entry::Parameter(index) => &mut self.network.parameters[index],
            Entry::Input(index) => &mut self.features[index],
        }
    }

    /// J at points along a diagonal: the parameters are moved by multiples of `spacing` in the given directions, half
    /// of the points to each side. `None` if a point is beyond a kink.
    pub(super) fn costs_along<const N: usize>(
        &mut self,
        directions: &[f64],
        spacing: f64,
    ) -> Result<Option<[f64; N]>, Cancelled> {
        let start = self.network.parameters.clone();
        let mut costs = [0.0; N];
        let mut is_smooth = true;
        for (index, cost) in costs.iter_mut().enumerate() {
            self.move_to(&start, directions, (index as f64 - 0.5 * N as f64) * spacing);
            *cost = self.evaluate()?;
            is_smooth &= self.is_smooth();
        }
        self.network.parameters = start;
        Ok(is_smooth.then_some(costs))
    }

    /// The distance along a diagonal that moves no pre-activation by more than ε^⅕, for every scheme.
    pub(super) fn spacing_along(&mut self, directions: &[f64]) -> Result<f64, Cancelled> {
        let limit = Scheme::FivePoint.default_step::<F>();
        let start = self.network.parameters.clone();
        self.move_to(&start, directions, limit);
        self.evaluate()?;
        self.network.parameters = start;
        let excess = self.largest_move() / limit;
        Ok(if excess.is_finite() && excess > 1.0 { limit / excess } else { limit })
    }

    fn move_to(&mut self, start: &[F], directions: &[f64], distance: f64) {
        for ((parameter, start), direction) in self.network.parameters.iter_mut().zip(start).zip(directions) {
            *parameter = F::from_f64(start.to_f64() + distance * direction);
        }
    }

    /// The default step, halved until it moves no pre-activation by more than the default step.
    fn automatic_step(&mut self, entry: Entry) -> Result<f64, Cancelled> {
        let limit = self.scheme.default_step::<F>();
        let start = *self.slot(entry);
        let step = limit * power_of_two_above(start.to_f64().abs().max(1.0));
        *self.slot(entry) = F::from_f64(start.to_f64() + step);
        self.evaluate()?;
        *self.slot(entry) = start;
        let excess = self.largest_move() / limit;
        Ok(if excess.is_finite() && excess > 1.0 { step / power_of_two_above(excess) } else { step })
    }

    /// The largest |z − z₀| of any unit in the last evaluation.
    fn largest_move(&self) -> f64 {
        let layers = self.pass.layers.iter().zip(&self.pre_activations);
        let moves = layers.flat_map(|(now, before)| {
            now.pre_activation.iter().zip(before).map(|(&now, &z)| (now - z).abs())
        });
        moves.fold(0.0, |largest, size| size.to_f64().max(largest))
    }

    /// For each pre-activation of a hidden layer and each error, the side of each kink that it is on.
    fn current_sides(&self) -> impl Iterator<Item = Option<Ordering>> {
        let hidden = self.pass.layers.len() - 1;
        let phi = self.network.activation.kernel::<F>();
        let of_units = self.pass.layers[..hidden]
            .iter()
            .flat_map(|layer| layer.pre_activation.iter())
            .flat_map(move |&z| phi.kinks().iter().map(move |&kink| z.partial_cmp(&F::from_f64(kink))));
        // A kink at |ŷ − y| = κ is two kinks, at −κ and at κ.
        let errors = self.pass.last().activation.iter().zip(self.objective.targets);
        let of_errors = errors.flat_map(|(&output, &target)| {
            let sides = move |kink: &f64| {
                let kink = F::from_f64(*kink);
                [(output - target).partial_cmp(&kink), (output - target).partial_cmp(&-kink)]
            };
            self.loss_kinks.iter().flat_map(sides)
        });
        of_units.chain(of_errors)
    }

    fn penalty_has_kink_between(&self, entry: Entry, start: F, moved: F) -> bool {
        let Entry::Parameter(index) = entry else { return false };
        let is_weight = self.network.layers.iter().any(|layer| layer.weights.contains(&index));
        let kinks = self.objective.cost.penalty.kernel::<F>().kinks();
        let on_one_side = |&kink: &f64| {
            let kink = F::from_f64(kink);
            start.partial_cmp(&kink) == moved.partial_cmp(&kink)
        };
        is_weight && !kinks.iter().all(on_one_side)
    }
}

/// The slope between two points; 0 if rounding made them one point. `None` if one is missing.
fn quotient(right: Option<Point>, left: Option<Point>) -> Option<f64> {
    let (right, left) = right.zip(left)?;
    Some(if right.0 == left.0 { 0.0 } else { (right.1 - left.1) / (right.0 - left.0) })
}

/// The smallest power of two that is at least `value`, for a value of at least 1.
fn power_of_two_above(value: f64) -> f64 {
    let (fraction, exponent) = libm::frexp(value);
    libm::ldexp(1.0, if fraction == 0.5 { exponent - 1 } else { exponent })
}
