//! Exact products of the Hessian with vectors.
//!
//! The R-operator (Pearlmutter, *Fast exact multiplication by the Hessian*, 1994) is the derivative along a direction v
//! of the parameters, `R{f} = d/dr f(θ + r·v)` at r = 0. Let V, v_b and v_θ be the components of v for W, b and the
//! learnt parameters of φ. Then for l = 1 … L, with all matrices `[batch, width]` and Ra⁰ = 0:
//!
//! - forward: `Rzˡ = Raˡ⁻¹·Wˡ + aˡ⁻¹·Vˡ + v_bˡ`, `Raˡ = φ'(zˡ)∗Rzˡ + Σ ∂φ/∂θ·v_θ`;
//! - the loss: `RδᴸL`, its gradient in the logits, on dual numbers;
//! - backward: with `eˡ = δˡ⁺¹·(Wˡ⁺¹)ᵀ`, `Reˡ = Rδˡ⁺¹·(Wˡ⁺¹)ᵀ + δˡ⁺¹·(Vˡ⁺¹)ᵀ` and
//!   `Rδˡ = Reˡ∗φ'(zˡ) + eˡ∗(φ''(zˡ)∗Rzˡ + Σ ∂φ'/∂θ·v_θ)`, the product with φ' on dual numbers;
//! - the product: `R{∂J/∂Wˡ} = (Raˡ⁻¹)ᵀ·δˡ + (aˡ⁻¹)ᵀ·Rδˡ`, `R{∂J/∂bˡ} = Σ_batch Rδˡ`, and the penalty's `p''(W)∗V`.
//!
//! At a kink, φ' is the documented value of the activation and φ'' is 0. All computations are in double precision, for
//! either precision of the run.

use crate::activation::MOST_LEARNT;
use crate::cancel::{Cancel, Cancelled};
use crate::cost::{CHUNK, CostFunction, chunks};
use crate::dataset::Part;
use crate::dual::Dual;
use crate::loss::Rows;
use crate::network::{Layer, Network};
use crate::product::{self, Shape};
use crate::real::{Element, Real};

/// The Hessian of the cost `J = scale·Σ L + Σ p(w)` on a set of samples, at the parameters of a network, without
/// dropout. The matrix itself is never computed, only its products. Construction allocates all memory.
#[derive(Debug, Clone)]
pub struct Hessian {
    network: Network<f64>,
    cost: CostFunction,
    layers: Vec<LayerRoom>,
    /// A chunk of the features, `[batch, n_in]`, and of the targets as dual numbers.
    input: Vec<f64>,
    targets: Vec<Dual>,
    /// Memory for a second product, as large as the largest matrix of weights or of a layer.
    second: Vec<f64>,
    /// The weights, and the penalty's gradient, as dual numbers; empty without a penalty.
    penalized: Vec<Dual>,
    by_penalty: Vec<Dual>,
}

/// The results of a layer: `[batch, n_out]` each.
#[derive(Debug, Clone)]
struct LayerRoom {
    z: Vec<f64>,
    a: Vec<f64>,
    /// Rz
    rz: Vec<f64>,
    /// Ra
    ra: Vec<f64>,
    /// δ and Rδ
    delta: Vec<f64>,
    rdelta: Vec<f64>,
    /// z, a and δ as dual numbers.
    duals: [Vec<Dual>; 3],
}

impl LayerRoom {
    fn new(layer: &Layer) -> Self {
        let room = || vec![0.0; CHUNK * layer.n_out];
        let dual = || vec![Dual::ZERO; CHUNK * layer.n_out];
        Self {
            z: room(),
            a: room(),
            rz: room(),
            ra: room(),
            delta: room(),
            rdelta: room(),
            duals: [dual(), dual(), dual()],
        }
    }
}

impl Hessian {
    /// Allocates memory for networks of this shape, trained on this cost.
    pub fn new<F: Element>(network: &Network<F>, cost: CostFunction) -> Self {
        let widest = network.layers.iter().map(|layer| layer.n_in.max(layer.n_out)).max().unwrap_or(0);
        let weights = network.layers.iter().map(|layer| layer.weights.len()).max().unwrap_or(0);
        let penalized = if cost.penalty.is_none() { 0 } else { weights };
        let network = Network { dropout: 0.0, ..network.to_double() };
        Self {
            layers: network.layers.iter().map(LayerRoom::new).collect(),
            input: vec![0.0; CHUNK * network.n_in()],
            targets: vec![Dual::ZERO; CHUNK * network.n_out()],
            second: vec![0.0; weights.max(CHUNK * widest)],
            penalized: vec![Dual::ZERO; penalized],
            by_penalty: vec![Dual::ZERO; penalized],
            network,
            cost,
        }
    }

    /// Replaces the parameters.
    pub fn move_to<F: Element>(&mut self, parameters: &[F]) {
        for (own, parameter) in self.network.parameters.iter_mut().zip(parameters) {
            *own = parameter.to_f64();
        }
    }

    /// The length of a vector.
    pub fn n_parameters(&self) -> usize {
        self.network.parameters.len()
    }

    /// `product ← H·v` on `part`, in the layout of the parameters. Takes about three times as long as the gradient.
    ///
    /// # Errors
    /// If it is cancelled. The contents of `product` are then undefined.
    pub fn product<F: Element>(
        &mut self,
        part: &Part<F>,
        v: &[f64],
        product: &mut [f64],
        cancel: &Cancel<'_>,
    ) -> Result<(), Cancelled> {
        let scale = self.cost.reduction.scale(part.len());
        product.fill(0.0);
        for (features, targets) in chunks(part) {
            let batch = features.len() / self.network.n_in();
            self.input.iter_mut().zip(features).for_each(|(own, feature)| *own = feature.to_f64());
            self.targets.iter_mut().zip(targets).for_each(|(own, y)| *own = Dual::from_f64(y.to_f64()));
            self.forward(batch, v, cancel)?;
            self.output_delta(batch, scale);
            self.backward(batch, v, product, cancel)?;
            cancel.after(9 * self.network.operations(batch))?;
        }
        self.add_penalty(v, product);
        Ok(())
    }

    fn forward(&mut self, batch: usize, v: &[f64], cancel: &Cancel<'_>) -> Result<(), Cancelled> {
        let last = self.layers.len() - 1;
        for (index, layer) in self.network.layers.iter().enumerate() {
            let (before, here) = self.layers.split_at_mut(index);
            let LayerRoom { z, a, rz, ra, duals, .. } = &mut here[0];
            let size = batch * layer.n_out;
            let (z, a, rz, ra) = (&mut z[..size], &mut a[..size], &mut rz[..size], &mut ra[..size]);
            let below = before.last().map_or(&self.input[..], |below| &below.a[..]);
            let below = &below[..batch * layer.n_in];
            let shape = Shape { batch, n_in: layer.n_in, n_out: layer.n_out };
            let weights = &self.network.parameters[layer.weights.clone()];
            product::forward(shape, below, weights, z, cancel, |_, _| ())?;
            product::forward(shape, below, &v[layer.weights.clone()], rz, cancel, |_, _| ())?;
            if let Some(below) = before.last() {
                let second = &mut self.second[..size];
                product::forward(shape, &below.ra[..batch * layer.n_in], weights, second, cancel, |_, _| ())?;
                add(rz, second);
            }
            add_to_rows(z, &self.network.parameters[layer.biases.clone()]);
            add_to_rows(rz, &v[layer.biases.clone()]);
            if index == last {
                output_forward(&self.network, z, rz, a, duals);
            } else {
                let phi = self.network.activation_of(index);
                let kernel = phi.kernel::<f64>();
                kernel.forward(None, z, a);
                ra.copy_from_slice(rz);
                kernel.backward(z, a, ra, &mut []);
                fill(&mut duals[0], z, rz);
                fill(&mut duals[1], a, ra);
                add_learnt(&v[layer.learnt.clone()], ra, |entry| {
                    kernel.learnt_derivatives(z[entry], a[entry])
                });
            }
        }
        Ok(())
    }

    /// δᴸ and Rδᴸ: the gradient of the loss in the logits, on dual numbers.
    fn output_delta(&mut self, batch: usize, scale: f64) {
        let n_out = self.network.n_out();
        let size = batch * n_out;
        let last = self.layers.len() - 1;
        let LayerRoom { delta, rdelta, duals: [logits, outputs, dual], .. } = &mut self.layers[last];
        let rows = Rows {
            n_out,
            logits: &logits[..size],
            outputs: &outputs[..size],
            targets: &self.targets[..size],
        };
        self.cost.loss.kernel::<Dual>().delta(&self.network.output, rows, &mut dual[..size]);
        for ((delta, rdelta), dual) in delta.iter_mut().zip(rdelta).zip(&dual[..size]) {
            (*delta, *rdelta) = (scale * dual.value, scale * dual.tangent);
        }
    }

    fn backward(
        &mut self,
        batch: usize,
        v: &[f64],
        sum: &mut [f64],
        cancel: &Cancel<'_>,
    ) -> Result<(), Cancelled> {
        for index in (0..self.layers.len()).rev() {
            let layer = &self.network.layers[index];
            let (before, here) = self.layers.split_at_mut(index);
            let (size, below_size) = (batch * layer.n_out, batch * layer.n_in);
            let (delta, rdelta) = (&here[0].delta[..size], &here[0].rdelta[..size]);
            let shape = Shape { batch, n_in: layer.n_in, n_out: layer.n_out };
            let below = before.last().map_or(&self.input[..], |below| &below.a[..]);
            let second = &mut self.second[..layer.weights.len()];
            product::weight_gradient(shape, &below[..below_size], rdelta, second, cancel, |_, _| ())?;
            add(&mut sum[layer.weights.clone()], second);
            add_column_sums(rdelta, &mut sum[layer.biases.clone()]);
            let Some(below) = before.last_mut() else { continue };
            product::weight_gradient(shape, &below.ra[..below_size], delta, second, cancel, |_, _| ())?;
            add(&mut sum[layer.weights.clone()], second);
            let weights = &self.network.parameters[layer.weights.clone()];
            let second = &mut self.second[..below_size];
            let (e, re) = (&mut below.delta[..below_size], &mut below.rdelta[..below_size]);
            product::input_gradient(shape, delta, weights, e, cancel, |_, _| ())?;
            product::input_gradient(shape, rdelta, weights, re, cancel, |_, _| ())?;
            product::input_gradient(shape, delta, &v[layer.weights.clone()], second, cancel, |_, _| ())?;
            add(re, second);
            through_activation(&self.network, index - 1, below_size, v, below, sum);
        }
        Ok(())
    }

    /// `product ← product + p''(w)∗v`: the penalty's gradient on dual numbers.
    fn add_penalty(&mut self, v: &[f64], product: &mut [f64]) {
        if self.cost.penalty.is_none() {
            return;
        }
        for layer in &self.network.layers {
            let range = layer.weights.clone();
            let (weights, gradient) =
                (&mut self.penalized[..range.len()], &mut self.by_penalty[..range.len()]);
            fill(weights, &self.network.parameters[range.clone()], &v[range.clone()]);
            gradient.fill(Dual::ZERO);
            self.cost.penalty.kernel::<Dual>().add_gradient(weights, gradient);
            let entries = product[range].iter_mut().zip(gradient);
            entries.for_each(|(product, gradient)| *product += gradient.tangent);
        }
    }
}

/// ŷ and the dual numbers of logits and outputs.
fn output_forward(network: &Network<f64>, z: &[f64], rz: &[f64], a: &mut [f64], duals: &mut [Vec<Dual>; 3]) {
    let [logits, outputs, _] = duals;
    fill(logits, z, rz);
    network.output.kernel::<Dual>().forward(network.n_out(), &logits[..z.len()], &mut outputs[..z.len()]);
    a.iter_mut().zip(outputs).for_each(|(a, output)| *a = output.value);
}

/// Replaces e and Re of a layer, stored as δ and Rδ, by δ and Rδ; adds to the product for its learnt parameters.
fn through_activation(
    network: &Network<f64>,
    index: usize,
    size: usize,
    v: &[f64],
    room: &mut LayerRoom,
    sum: &mut [f64],
) {
    let phi = network.activation_of(index);
    let learnt = network.layers[index].learnt.clone();
    let LayerRoom { delta, rdelta, duals: [z, a, dual], .. } = room;
    let (z, a, dual) = (&z[..size], &a[..size], &mut dual[..size]);
    fill(dual, &delta[..size], &rdelta[..size]);
    if !learnt.is_empty() {
        let v = &v[learnt.clone()];
        let kernel = phi.kernel::<Dual>();
        let sums = &mut sum[learnt.clone()];
        for ((&z, &a), &e) in z.iter().zip(a).zip(&*dual) {
            let slopes = kernel.learnt_derivatives(z, a);
            let curvatures = phi.kernel::<f64>().learnt_curvature(z.value, a.value);
            for (k, sum) in sums.iter_mut().enumerate() {
                let along: f64 = v.iter().zip(curvatures[k]).map(|(v, curvature)| v * curvature).sum();
                *sum += e.tangent * slopes[k].value + e.value * (slopes[k].tangent + along);
            }
        }
    }
    phi.kernel::<Dual>().backward(z, a, dual, &mut []);
    if !learnt.is_empty() {
        let kernel = phi.kernel::<Dual>();
        let slope = |z: Dual, a: Dual| phi.kernel::<f64>().derivative(z.value, a.value);
        add_learnt_slopes(&v[learnt], dual, &delta[..size], |entry| {
            let (z, a) = (z[entry], a[entry]);
            // With tangents of 1 instead of Rz: ∂²φ/∂θ∂z.
            let unit = kernel.learnt_derivatives(Dual::new(z.value, 1.0), Dual::new(a.value, slope(z, a)));
            unit.map(|of| of.tangent)
        });
    }
    for ((delta, rdelta), dual) in delta.iter_mut().zip(rdelta).zip(&*dual) {
        (*delta, *rdelta) = (dual.value, dual.tangent);
    }
}

/// `Ra ← Ra + Σ ∂φ/∂θ·v_θ`
fn add_learnt(v: &[f64], ra: &mut [f64], slopes: impl Fn(usize) -> [f64; MOST_LEARNT]) {
    if v.is_empty() {
        return;
    }
    for (entry, ra) in ra.iter_mut().enumerate() {
        *ra += slopes(entry).iter().zip(v).map(|(slope, v)| slope * v).sum::<f64>();
    }
}

/// `Rδ ← Rδ + e·Σ ∂φ'/∂θ·v_θ`
fn add_learnt_slopes(v: &[f64], dual: &mut [Dual], e: &[f64], slopes: impl Fn(usize) -> [f64; MOST_LEARNT]) {
    for (entry, (dual, e)) in dual.iter_mut().zip(e).enumerate() {
        dual.tangent += e * slopes(entry).iter().zip(v).map(|(slope, v)| slope * v).sum::<f64>();
    }
}

/// Values and tangents as dual numbers.
fn fill(duals: &mut [Dual], values: &[f64], tangents: &[f64]) {
    for ((dual, &value), &tangent) in duals.iter_mut().zip(values).zip(tangents) {
        *dual = Dual::new(value, tangent);
    }
}

/// `sum ← sum + term`
fn add(sum: &mut [f64], term: &[f64]) {
    sum.iter_mut().zip(term).for_each(|(sum, term)| *sum += term);
}

/// Adds `row` to every row; does nothing if it is empty.
fn add_to_rows(matrix: &mut [f64], row: &[f64]) {
    if !row.is_empty() {
        matrix.chunks_exact_mut(row.len()).for_each(|entries| add(entries, row));
    }
}

/// `sums ← sums + Σ_rows matrix`; does nothing if `sums` is empty.
fn add_column_sums(matrix: &[f64], sums: &mut [f64]) {
    if !sums.is_empty() {
        matrix.chunks_exact(sums.len()).for_each(|row| add(sums, row));
    }
}
