//! Probes: measurements of a network during training. They use the whole training set, without dropout, and change
//! nothing: the weights are the same with and without them, bit for bit.
//!
//! To add one: a file with its type ([`item!`](crate::item)) and formula ([`ProbeKernel`]), and its lines in the registry
//! below.

mod activation_mean;
mod activation_standard_deviation;
mod dead_share;
mod delta_rms;
mod every;
mod gradient_norm;
mod hessian_spectrum;
mod measure;
mod saturated_share;
mod sharpness;
mod singular_values;
mod unit_diversity;
mod update_ratio;
mod weight_norm;

pub use every::Every;
pub use measure::{Measured, Probes, Reading};

use crate::activation::Activation;
use crate::cancel::{Cancel, Cancelled};
use crate::dataset::Part;
use crate::error::SettingsError;
use crate::hessian::{Hessian, Lanczos};
use crate::linalg;
use crate::network::Layer;
use crate::real::Element;

crate::family! {
    /// A measurement of a network during training.
    #[derive(Copy)]
    Probe = "measure", kernel<F: Element> = dyn ProbeKernel<F>, default GradientNorm {
        GradientNorm(gradient_norm),
        DeltaRms(delta_rms),
        ActivationMean(activation_mean),
        ActivationStandardDeviation(activation_standard_deviation),
        WeightNorm(weight_norm),
        UpdateRatio(update_ratio),
        DeadShare(dead_share),
        SaturatedShare(saturated_share),
        UnitDiversity(unit_diversity),
        SingularValues(singular_values),
        Sharpness(sharpness),
        HessianSpectrum(hessian_spectrum),
    }
}

/// The inputs of a probe, which determine the necessary computations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The parameters of each layer.
    Parameters,
    /// The last step.
    Step,
    /// The forward passes of all training samples.
    Forward,
    /// Their backward passes, too.
    Backward,
    /// The curvature of the cost, for the whole network.
    Curvature,
}

/// The most columns of any probe.
pub const MOST_COLUMNS: usize = 3;

/// The values of a probe, one per column. `None` if a value does not exist.
pub type Values = [Option<f64>; MOST_COLUMNS];

/// The inputs and the formula in a probe's file.
pub trait ProbeKernel<F> {
    /// The inputs.
    fn scope(&self) -> Scope;

    /// The names of its values.
    fn columns(&self) -> &'static [&'static str];

    /// Adds a layer's passes of some training samples to the sums for [`of_layer`](Self::of_layer); the sums start at
    /// 0.
    fn add(&self, _chunk: &LayerChunk<'_, F>, _sums: &mut Sums) {}

    /// The values of a layer.
    fn of_layer(&self, _layer: &LayerState<'_, F>, _sums: &Sums) -> Values {
        Values::default()
    }

    /// The same. A slow probe overrides it, so that it can be cancelled.
    ///
    /// # Errors
    /// If it is cancelled.
    fn measure_layer(
        &self,
        layer: &LayerState<'_, F>,
        sums: &Sums,
        _cancel: &Cancel<'_>,
    ) -> Result<Values, Cancelled> {
        Ok(self.of_layer(layer, sums))
    }

    /// The values of the whole network.
    ///
    /// # Errors
    /// If it is cancelled.
    fn of_network(&self, _curvature: &mut Curvature<'_, F>) -> Result<Values, Cancelled> {
        Ok(Values::default())
    }

    /// Whether LAPACK measures it.
    fn needs_lapack(&self) -> bool {
        false
    }

    /// The memory that it needs beyond its scope, as a count of numbers in double precision. It depends on the number
    /// of parameters of the network and of weights of its largest layer.
    fn working_numbers(&self, _parameters: f64, _largest_layer: f64) -> f64 {
        0.0
    }

    /// The most weights and biases of a network that it supports.
    fn most_parameters(&self) -> Option<u64> {
        None
    }
}

/// A layer in the passes of a chunk of the training samples.
#[derive(Debug)]
pub struct LayerChunk<'a, F> {
    /// Units of the layer.
    pub units: usize,
    /// φ of a hidden layer, with the parameters that it has learnt; `None` for the last layer.
    pub activation: Option<Activation>,
    /// z, `[batch, units]`
    pub pre_activation: &'a [F],
    /// a, `[batch, units]`; ŷ in the last layer.
    pub activations: &'a [F],
    /// ∂L/∂z of each sample's loss, `[batch, units]`; empty if no probe needs it.
    pub delta: &'a [F],
}

/// Sums over the chunks. Each probe defines the meaning of the numbers.
#[derive(Debug, Clone, Default)]
pub struct Sums {
    /// Sums.
    pub numbers: [f64; 3],
    /// One for each unit.
    pub units: Vec<bool>,
}

/// A layer after the passes of all samples.
#[derive(Debug)]
pub struct LayerState<'a, F> {
    /// Its shape.
    pub layer: &'a Layer,
    /// W, `[n_in, n_out]`, row-major.
    pub weights: &'a [F],
    /// b, `[n_out]`; empty without biases.
    pub biases: &'a [F],
    /// ∂J/∂W, `[n_in, n_out]`, of the whole training set, penalty included; empty if no probe needs it.
    pub gradient: &'a [F],
    /// `‖ΔW‖ / ‖W‖` of the last step, if there was one.
    pub update_ratio: Option<f64>,
}

/// The curvature of the cost on the training set.
pub struct Curvature<'a, F> {
    pub(crate) hessian: &'a mut Hessian,
    pub(crate) lanczos: &'a mut Lanczos,
    pub(crate) part: &'a Part<F>,
    /// All eigenvalues, if a probe computes them.
    pub(crate) spectrum: &'a mut Vec<f64>,
    pub(crate) cancel: &'a Cancel<'a>,
}

/// Whether the probes support a network of this many weights and biases.
///
/// # Errors
/// The first probe that the network is too large for, or that this build cannot measure.
pub fn check(probes: &[Probe], n_parameters: u64) -> Result<(), SettingsError> {
    for probe in probes {
        if probe.kernel::<f64>().needs_lapack() && !linalg::IS_AVAILABLE {
            return Err(SettingsError::NeedsLapack { probe: probe.name() });
        }
        if let Some(most) = probe.kernel::<f64>().most_parameters().filter(|most| n_parameters > *most) {
            return Err(SettingsError::TooLargeToMeasure {
                probe: probe.name(),
                parameters: n_parameters,
                most,
            });
        }
    }
    Ok(())
}

/// A single value.
fn one(value: f64) -> Values {
    [Some(value), None, None]
}

/// `√(Σ xᵢ²)` over the numbers of a layer, in double precision.
fn norm<F: Element>(numbers: &[F]) -> f64 {
    crate::simd::sum_of_squares(numbers).sqrt()
}
