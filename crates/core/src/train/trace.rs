//! Every number of a training step, for networks that fit on a blackboard.

use super::Run;
use crate::cancel::Cancelled;
use crate::loss::Rows;
use crate::network::{Layer, Network};
use crate::output::Output;
use crate::real::Element;
use std::collections::BTreeMap;

/// A matrix, row by row.
pub type Matrix = Vec<Vec<f64>>;

/// Every number of a training step, by name. The layer, counted from 1, follows the name: `weights1`.
///
/// | name | content | shape |
/// |---|---|---|
/// | `input`, `target`, `output` | x, y, ŷ | `[batch, n]` |
/// | `weights1`, `biases1` | W and b before the step | `[n_in, n_out]`, `[1, n_out]` |
/// | `pre_activation1`, `activation1` | z and φ(z); in the last layer only the logits | `[batch, n_out]` |
/// | `derivative1` | φ'(z) of hidden layers | `[batch, n_out]` |
/// | `loss` | L of each sample | `[batch, 1]` |
/// | `output_gradient` | ∂L/∂ŷ | `[batch, n_out]` |
/// | `output_jacobian1` | ∂ŷᵢ/∂zⱼ of the first sample, and so on | `[n_out, n_out]` |
/// | `delta1` | δ = ∂J/∂z, the reduction over the batch included; always right, even with a `fault` | `[batch, n_out]` |
/// | `learnt1` | the learnt parameters of φ of hidden layers, before the step | `[1, parameters]` |
/// | `weight_gradient1`, `bias_gradient1`, `learnt_gradient1` | the optimizer's input: penalty included, clipped | as W, b and the parameters of φ |
/// | `new_weights1`, `new_biases1`, `new_learnt1` | W, b and the parameters of φ after the step | the same |
#[derive(Debug, Clone, PartialEq)]
pub struct StepTrace {
    /// The step, counted from 0.
    pub step: u64,
    /// Its learning rate.
    pub learning_rate: f64,
    /// The numbers.
    pub matrices: BTreeMap<String, Matrix>,
}

impl<F: Element> Run<'_, F> {
    /// The trace of the step just taken from `before`. Forward and backward pass are computed again, with the same
    /// numbers.
    pub(super) fn trace(&self, before: &Network<F>) -> Result<StepTrace, Cancelled> {
        let (input, targets, samples) = self.batches.current(&self.parts.train);
        let (mut pass, mut gradient) = (self.pass.clone(), self.gradient.clone());
        let loss = &self.settings.loss;
        let scale = self.settings.reduction.scale(samples);
        before.forward(input, &mut pass, self.cancel)?;
        before.backward(input, targets, loss, scale, &mut pass, &mut gradient, self.cancel)?;
        let mut trace = Matrices(BTreeMap::new());
        let n_out = before.n_out();
        trace.put("input", input, before.n_in());
        trace.put("target", targets, n_out);
        for (index, (layer, done)) in before.layers.iter().zip(&pass.layers).enumerate() {
            let (number, width, size) = (index + 1, layer.n_out, samples * layer.n_out);
            trace.parameters(["weights", "biases", "learnt"], number, layer, &before.parameters);
            let gradients = ["weight_gradient", "bias_gradient", "learnt_gradient"];
            trace.parameters(gradients, number, layer, &self.gradient);
            let after = ["new_weights", "new_biases", "new_learnt"];
            trace.parameters(after, number, layer, &self.network.parameters);
            trace.put(&format!("pre_activation{number}"), &done.pre_activation[..size], width);
            trace.put(&format!("delta{number}"), &done.delta[..size], width);
            if number < before.layers.len() {
                let phi = before.activation_of(index);
                let pairs = done.pre_activation[..size].iter().zip(&done.activation);
                let derivative: Vec<F> = pairs.map(|(&z, &a)| phi.kernel::<F>().derivative(z, a)).collect();
                trace.put(&format!("activation{number}"), &done.activation[..size], width);
                trace.put(&format!("derivative{number}"), &derivative, width);
            }
        }
        let last = pass.last();
        let (logits, outputs) = (&last.pre_activation[..targets.len()], &last.activation[..targets.len()]);
        let rows = Rows { n_out, logits, outputs, targets };
        let (mut losses, mut by_output) = (vec![F::ZERO; samples], vec![F::ZERO; targets.len()]);
        loss.kernel().sample_losses(&before.output, rows, &mut losses);
        // If the outputs are the logits, both gradients are equal.
        let identity = Output::Identity(Default::default());
        loss.kernel().delta(&identity, Rows { logits: outputs, ..rows }, &mut by_output);
        trace.put("output", outputs, n_out);
        trace.put("loss", &losses, 1);
        trace.put("output_gradient", &by_output, n_out);
        for (sample, outputs) in outputs.chunks_exact(n_out).enumerate() {
            trace.put(&format!("output_jacobian{}", sample + 1), &jacobian(&before.output, outputs), n_out);
        }
        let step = self.progress.steps - 1;
        Ok(StepTrace { step, learning_rate: self.learning_rate, matrices: trace.0 })
    }
}

/// `∂ŷᵢ/∂zⱼ`: each row is the result of the backward step for a gradient that is 1 at one output and 0 elsewhere.
fn jacobian<F: Element>(output: &Output, outputs: &[F]) -> Vec<F> {
    let n_out = outputs.len();
    let mut rows = vec![F::ZERO; n_out * n_out];
    for (index, row) in rows.chunks_exact_mut(n_out).enumerate() {
        row[index] = F::ONE;
        output.kernel().backward(n_out, outputs, row);
    }
    rows
}

struct Matrices(BTreeMap<String, Matrix>);

impl Matrices {
    /// Adds nothing if there are no numbers: a layer without biases has none.
    fn put<F: Element>(&mut self, name: &str, values: &[F], width: usize) {
        if !values.is_empty() {
            let row = |row: &[F]| row.iter().map(|value| value.to_f64()).collect();
            self.0.insert(name.to_owned(), values.chunks_exact(width).map(row).collect());
        }
    }

    /// A layer's entries of a vector in the layout of the parameters: for W, b and the learnt parameters of φ.
    fn parameters<F: Element>(&mut self, names: [&str; 3], number: usize, layer: &Layer, parameters: &[F]) {
        let ranges = [&layer.weights, &layer.biases, &layer.learnt];
        let widths = [layer.n_out, layer.n_out, layer.learnt.len()];
        for ((name, range), width) in names.into_iter().zip(ranges).zip(widths) {
            self.put(&format!("{name}{number}"), &parameters[range.clone()], width);
        }
    }
}
