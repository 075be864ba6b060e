//! Measurement: one pass over the training set for all probes that need passes.

use super::{Curvature, Every, LayerChunk, LayerState, Probe, Scope, Sums};
use crate::cancel::{Cancel, Cancelled};
use crate::cost::{CHUNK, CostFunction, chunks};
use crate::dataset::Part;
use crate::hessian::{Hessian, Lanczos};
use crate::network::{Layer, Network, Pass};
use crate::real::Element;

/// One measured value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// A column of a probe.
    pub column: &'static str,
    /// The layer, counted from 1; 0 for the whole network.
    pub layer: usize,
    /// The value; `None` if it does not exist or would not be finite.
    pub value: Option<f64>,
}

/// All values measured at one moment.
#[derive(Debug, Clone, Copy)]
pub struct Measured<'a> {
    /// The epoch; 0 before training.
    pub epoch: u64,
    /// Parameter updates so far.
    pub step: u64,
    /// Probe by probe in the order of the settings, layer by layer. Names and layers are the same each time.
    pub readings: &'a [Reading],
    /// All eigenvalues of the Hessian, the largest first; empty if they are not measured.
    pub spectrum: &'a [f64],
}

/// The probes of a run, and their memory. A run without probes has no such memory.
#[derive(Debug)]
pub struct Probes<F> {
    probes: Vec<Probe>,
    every: Every,
    cost: CostFunction,
    pass: Option<Pass<F>>,
    /// The gradient of the whole set and the gradient of a chunk; empty if no probe needs them.
    gradient: Vec<F>,
    chunk_gradient: Vec<F>,
    /// The sums of each layer, for each probe.
    sums: Vec<Vec<Sums>>,
    /// The parameters before the step; empty if no probe looks at steps.
    before: Vec<F>,
    update_ratios: Vec<Option<f64>>,
    curvature: Option<(Hessian, Lanczos)>,
    readings: Vec<Reading>,
    spectrum: Vec<f64>,
    /// The step of the last measurement.
    measured: Option<u64>,
}

impl<F: Element> Probes<F> {
    /// Allocates these probes for networks of this shape that are trained on this cost; `None` if there are no probes.
    pub fn new(
        network: &Network<F>,
        probes: &[Probe],
        every: Every,
        cost: CostFunction,
    ) -> Option<Box<Self>> {
        if probes.is_empty() {
            return None;
        }
        let looks_at =
            |scopes: &[Scope]| probes.iter().any(|probe| scopes.contains(&probe.kernel::<F>().scope()));
        let room = |needed: bool| if needed { network.parameters.clone() } else { Vec::new() };
        let backward = looks_at(&[Scope::Backward]);
        let sums = |layer: &Layer| Sums { numbers: [0.0; 3], units: vec![false; layer.n_out] };
        let of_layers: Vec<Sums> = network.layers.iter().map(sums).collect();
        Some(Box::new(Self {
            probes: probes.to_vec(),
            every,
            cost,
            pass: looks_at(&[Scope::Forward, Scope::Backward]).then(|| Pass::new(network, CHUNK)),
            gradient: room(backward),
            chunk_gradient: room(backward),
            sums: vec![of_layers; probes.len()],
            before: room(looks_at(&[Scope::Step])),
            update_ratios: vec![None; network.layers.len()],
            curvature: looks_at(&[Scope::Curvature])
                .then(|| (Hessian::new(network, cost), Lanczos::new(network.parameters.len()))),
            readings: Vec::with_capacity(super::MOST_COLUMNS * probes.len() * network.layers.len().max(1)),
            spectrum: Vec::new(),
            measured: None,
        }))
    }

    /// Records the step with number `step`.
    pub fn after_step(&mut self, network: &Network<F>) {
        if self.before.is_empty() {
            return;
        }
        for (layer, ratio) in network.layers.iter().zip(&mut self.update_ratios) {
            let range = layer.weights.clone();
            *ratio = update_ratio(&self.before[range.clone()], &network.parameters[range]);
        }
        self.before.copy_from_slice(&network.parameters);
    }

    /// Whether to measure after this many steps.
    pub fn is_due(&self, step: u64) -> bool {
        self.every.is_due(step)
    }

    /// Whether to measure at evaluated epochs.
    pub fn is_due_at_epochs(&self) -> bool {
        self.every == Every::Epoch
    }

    /// The step of the last measurement.
    pub fn measured(&self) -> Option<u64> {
        self.measured
    }

    /// Measures.
    ///
    /// # Errors
    /// If it is cancelled: a measurement is complete or absent.
    pub fn measure(
        &mut self,
        (epoch, step): (u64, u64),
        network: &Network<F>,
        part: &Part<F>,
        cancel: &Cancel<'_>,
    ) -> Result<Measured<'_>, Cancelled> {
        self.readings.clear();
        self.look(network, part, cancel)?;
        for index in 0..self.probes.len() {
            self.read_layers(index, network, cancel)?;
        }
        self.read_network(network, part, cancel)?;
        self.measured = Some(step);
        Ok(Measured { epoch, step, readings: &self.readings, spectrum: &self.spectrum })
    }

    /// The passes over all samples.
    fn look(&mut self, network: &Network<F>, part: &Part<F>, cancel: &Cancel<'_>) -> Result<(), Cancelled> {
        let Some(pass) = &mut self.pass else { return Ok(()) };
        for sums in self.sums.iter_mut().flatten() {
            sums.numbers = [0.0; 3];
            sums.units.fill(false);
        }
        self.gradient.fill(F::ZERO);
        let CostFunction { loss, reduction, .. } = self.cost;
        let scale: F = reduction.scale(part.len());
        for (features, targets) in chunks(part) {
            network.forward(features, pass, cancel)?;
            if !self.gradient.is_empty() {
                // Not scaled yet, so that δ belongs to each sample's own loss.
                let gradient = &mut self.chunk_gradient;
                network.backward(features, targets, &loss, F::ONE, pass, gradient, cancel)?;
                let entries = self.gradient.iter_mut().zip(gradient.iter());
                entries.for_each(|(sum, &term)| *sum += scale * term);
            }
            for (probe, sums) in self.probes.iter().zip(&mut self.sums) {
                for (index, sums) in sums.iter_mut().enumerate() {
                    probe.kernel().add(&layer_chunk(network, pass, index), sums);
                }
            }
            cancel.after((3 + self.probes.len() as u64) * network.operations(pass.batch))?;
        }
        if !self.gradient.is_empty() {
            self.cost.add_penalty_gradient(network, &mut self.gradient);
        }
        Ok(())
    }

    fn read_layers(
        &mut self,
        probe: usize,
        network: &Network<F>,
        cancel: &Cancel<'_>,
    ) -> Result<(), Cancelled> {
        let kernel = self.probes[probe].kernel::<F>();
        if kernel.scope() == Scope::Curvature {
            return Ok(());
        }
        for (index, layer) in network.layers.iter().enumerate() {
            let state = LayerState {
                layer,
                weights: &network.parameters[layer.weights.clone()],
                biases: &network.parameters[layer.biases.clone()],
                gradient: self.gradient.get(layer.weights.clone()).unwrap_or_default(),
                update_ratio: self.update_ratios[index],
            };
            let values = kernel.measure_layer(&state, &self.sums[probe][index], cancel)?;
            push(&mut self.readings, kernel.columns(), index + 1, values);
            cancel.after(layer.weights.len() as u64)?;
        }
        Ok(())
    }

    fn read_network(
        &mut self,
        network: &Network<F>,
        part: &Part<F>,
        cancel: &Cancel<'_>,
    ) -> Result<(), Cancelled> {
        let Some((hessian, lanczos)) = &mut self.curvature else { return Ok(()) };
        hessian.move_to(&network.parameters);
        self.spectrum.clear();
        for probe in &self.probes {
            let kernel = probe.kernel::<F>();
            if kernel.scope() == Scope::Curvature {
                let spectrum = &mut self.spectrum;
                let mut curvature = Curvature { hessian, lanczos, part, spectrum, cancel };
                let values = kernel.of_network(&mut curvature)?;
                push(&mut self.readings, kernel.columns(), 0, values);
            }
        }
        Ok(())
    }
}

fn push(readings: &mut Vec<Reading>, columns: &[&'static str], layer: usize, values: super::Values) {
    for (&column, value) in columns.iter().zip(values) {
        readings.push(Reading { column, layer, value: value.filter(|value| value.is_finite()) });
    }
}

fn layer_chunk<'a, F: Element>(network: &Network<F>, pass: &'a Pass<F>, index: usize) -> LayerChunk<'a, F> {
    let units = network.layers[index].n_out;
    let size = pass.batch * units;
    let done = &pass.layers[index];
    LayerChunk {
        units,
        activation: (index + 1 < network.layers.len()).then(|| network.activation_of(index)),
        pre_activation: &done.pre_activation[..size],
        activations: &done.activation[..size],
        delta: &done.delta[..size],
    }
}

/// `‖after − before‖ / ‖before‖`; `None` if `before` is 0.
fn update_ratio<F: Element>(before: &[F], after: &[F]) -> Option<f64> {
    let (mut moved, mut size) = (0.0, 0.0);
    for (before, after) in before.iter().zip(after) {
        let (before, after) = (before.to_f64(), after.to_f64());
        moved += (after - before) * (after - before);
        size += before * before;
    }
    (size > 0.0).then(|| (moved / size).sqrt())
}
