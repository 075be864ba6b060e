//! The settings of a network.
//!
//! Every field is a setting of the experiment language with the same name. The defaults are the defaults of the language,
//! except where they depend on other settings.

use crate::activation::Activation;
use crate::error::SettingsError;
use crate::initializer::Initializer;
use crate::output::Output;
use crate::word::word_or_value;
use serde::{Deserialize, Serialize};

/// The network: section `[model]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelSettings {
    /// Widths of the hidden layers, from the first to the last.
    pub architecture: Vec<usize>,
    /// The activation of the hidden layers.
    pub activation: Activation,
    /// The output of the last layer.
    pub output: Output,
    /// The distribution of the initial weights.
    pub initialization: Initializer,
    /// The initial weights, if they are not drawn.
    pub weights: Weights,
    /// Whether layers have biases.
    pub bias: bool,
    /// The initial biases.
    pub biases: Biases,
    /// Fraction of the hidden units that each step of training leaves out, [0, 1).
    pub dropout: f64,
}

impl ModelSettings {
    /// The widths of all layers, from the inputs to the outputs.
    pub fn widths(&self, n_in: usize, n_out: usize) -> Vec<usize> {
        [&[n_in], self.architecture.as_slice(), &[n_out]].concat()
    }

    /// Whether given weights and biases have the shapes of the layers.
    ///
    /// # Errors
    /// The first layer that does not fit.
    pub fn check(&self, n_in: usize, n_out: usize) -> Result<(), SettingsError> {
        let widths = self.widths(n_in, n_out);
        if let Weights::Given(matrices) = &self.weights {
            let shape =
                |matrix: &Vec<Vec<f64>>| format!("{} × {}", matrix.len(), matrix.first().map_or(0, Vec::len));
            let expected = widths.windows(2).map(|pair| format!("{} × {}", pair[0], pair[1]));
            check_shapes("weights", matrices.iter().map(shape).collect(), expected.collect())?;
        }
        if let Biases::Given(layers) = &self.biases {
            let widths = widths[1..].iter().map(|width| if self.bias { *width } else { 0 }.to_string());
            check_shapes(
                "biases",
                layers.iter().map(|layer| layer.len().to_string()).collect(),
                widths.collect(),
            )?;
        }
        Ok(())
    }

    /// The number of weights and biases of a network between this many inputs and outputs.
    pub fn weights_and_biases(&self, n_in: usize, n_out: usize) -> u64 {
        let of_unit = |inputs: usize| (inputs as u64).saturating_add(u64::from(self.bias));
        let layer = |pair: &[usize]| of_unit(pair[0]).saturating_mul(pair[1] as u64);
        self.widths(n_in, n_out).windows(2).map(layer).fold(0, u64::saturating_add)
    }
}

fn check_shapes(
    setting: &'static str,
    given: Vec<String>,
    expected: Vec<String>,
) -> Result<(), SettingsError> {
    if given.len() != expected.len() {
        return Err(SettingsError::Layers { setting, given: given.len(), expected: expected.len() });
    }
    match (0..given.len()).find(|&index| given[index] != expected[index]) {
        None => Ok(()),
        Some(index) => Err(SettingsError::Shape {
            setting,
            layer: index + 1,
            given: given[index].clone(),
            expected: expected[index].clone(),
        }),
    }
}

/// The initial weights: `"drawn"` from the distribution of `initialization`, or a matrix `[n_in, n_out]` for each layer.
#[derive(Debug, Clone, PartialEq)]
pub enum Weights {
    /// Drawn.
    Drawn,
    /// Given, row by row.
    Given(Vec<Vec<Vec<f64>>>),
}

/// The initial biases: one number for all, or one list per layer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Biases {
    /// One number for all.
    All(f64),
    /// A list for each layer.
    Given(Vec<Vec<f64>>),
}

impl Default for ModelSettings {
    fn default() -> Self {
        Self {
            architecture: vec![32],
            activation: Activation::default(),
            output: Output::default(),
            initialization: Initializer::default(),
            weights: Weights::Drawn,
            bias: true,
            biases: Biases::All(0.0),
            dropout: 0.0,
        }
    }
}

word_or_value!(Weights, Drawn = "drawn", Given(Vec<Vec<Vec<f64>>>));
