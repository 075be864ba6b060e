//! Probes: what is measured of a network while it is trained. They look at it on the whole training part, without dropout,
//! and change nothing: with and without them the weights are the same, bit for bit.
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
    /// What is measured of a network while it is trained.
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

/// What a probe looks at, and so what has to be done for it.
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
    /// The curvature of the cost, of the network as a whole.
    Curvature,
}

/// No probe has more columns.
pub const MOST_COLUMNS: usize = 3;

/// The values of a probe, one a column. `None` where there is no such number.
pub type Values = [Option<f64>; MOST_COLUMNS];

/// What a probe's file says: what it looks at, and its formula.
pub trait ProbeKernel<F> {
    /// What it looks at.
    fn scope(&self) -> Scope;

    /// The names of its values.
    fn columns(&self) -> &'static [&'static str];

    /// Adds a layer's part in the passes of some training samples to the sums that [`of_layer`](Self::of_layer) gets; they
    /// begin at 0.
    fn add(&self, _chunk: &LayerChunk<'_, F>, _sums: &mut Sums) {}

    /// The values of a layer.
    fn of_layer(&self, _layer: &LayerState<'_, F>, _sums: &Sums) -> Values {
        Values::default()
    }

    /// The same. A probe that takes long overrides it, so that it can be cancelled.
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

    /// The memory that it takes beside what its scope needs: numbers in double precision, for a network with so many
    /// parameters, whose largest layer has so many weights.
    fn working_numbers(&self, _parameters: f64, _largest_layer: f64) -> f64 {
        0.0
    }

    /// The most weights and biases of a network that it can be measured of.
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
    /// ∂L/∂z of each sample's loss, `[batch, units]`; empty where no probe looks at it.
    pub delta: &'a [F],
}

/// What is summed up over the chunks. A probe gives the numbers their meaning.
#[derive(Debug, Clone, Default)]
pub struct Sums {
    /// Sums.
    pub numbers: [f64; 3],
    /// One for each unit.
    pub units: Vec<bool>,
}

/// A layer when all samples have gone through it.
#[derive(Debug)]
pub struct LayerState<'a, F> {
    /// Its shape.
    pub layer: &'a Layer,
    /// W, `[n_in, n_out]`, row-major.
    pub weights: &'a [F],
    /// b, `[n_out]`; empty without biases.
    pub biases: &'a [F],
    /// ∂J/∂W, `[n_in, n_out]`, of the whole training part, penalty included; empty where no probe looks at it.
    pub gradient: &'a [F],
    /// `‖ΔW‖ / ‖W‖` of the last step, if there was one.
    pub update_ratio: Option<f64>,
}

/// The curvature of the cost on the training part.
pub struct Curvature<'a, F> {
    pub(crate) hessian: &'a mut Hessian,
    pub(crate) lanczos: &'a mut Lanczos,
    pub(crate) part: &'a Part<F>,
    /// All eigenvalues, where a probe finds them.
    pub(crate) spectrum: &'a mut Vec<f64>,
    pub(crate) cancel: &'a Cancel<'a>,
}

/// Whether a network of so many weights and biases can be measured.
///
/// # Errors
/// The first probe that it is too large for, or that this build cannot measure.
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
