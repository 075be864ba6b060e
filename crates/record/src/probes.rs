//! The measurements of the probes of a run.

use serde::{Deserialize, Serialize};

/// The measurements of the probes: one list for each quantity, over all measurements. Empty if an experiment has no
/// probes.
///
/// If there are more than [`MAX_POINTS`](crate::MAX_POINTS) measurements, every 2^k-th is kept, counted from the
/// first, with the smallest k that fits. The last measurement and the last one of the best epoch of early stopping are
/// kept too.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ProbeTable {
    /// The epoch of each measurement; 0 is before training.
    pub epoch: Vec<u64>,
    /// Number of parameter updates before each measurement.
    pub step: Vec<u64>,
    /// The layers of the network, from the first to the last.
    pub layers: Vec<LayerShape>,
    /// The measured quantities, each over all measurements.
    pub series: Vec<Series>,
    /// The values that theory predicts for the first measurement, where it predicts any.
    pub predicted: Vec<Prediction>,
    /// All eigenvalues of the Hessian at each measurement, the largest first. Empty if they were not measured; an
    /// empty list for a measurement that found none.
    #[serde(with = "crate::exact")]
    pub spectra: Vec<Vec<f64>>,
}

/// The shape of a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerShape {
    /// Number of inputs.
    pub n_in: u64,
    /// Number of units.
    pub n_out: u64,
}

/// One quantity over all measurements.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// The name of the quantity, such as `gradient_norm`.
    pub probe: String,
    /// The layer, counted from 1; 0 for the whole network.
    pub layer: u64,
    /// The value at each measurement; `None` if there was none.
    #[serde(with = "crate::exact")]
    pub values: Vec<Option<f64>>,
}

/// A value that theory predicts before the first step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// The name of the quantity, such as `gradient_norm`.
    pub probe: String,
    /// The layer, counted from 1.
    pub layer: u64,
    /// The predicted value.
    #[serde(with = "crate::exact")]
    pub value: f64,
}

impl ProbeTable {
    /// Number of measurements.
    pub fn len(&self) -> usize {
        self.step.len()
    }

    /// Whether nothing was measured.
    pub fn is_empty(&self) -> bool {
        self.step.is_empty()
    }

    /// The names of the measured quantities of layers or of the whole network, in the order of the experiment.
    pub fn names(&self, of_layers: bool) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for series in self.series.iter().filter(|series| (series.layer > 0) == of_layers) {
            if !names.contains(&series.probe.as_str()) {
                names.push(&series.probe);
            }
        }
        names
    }

    /// The value of a quantity at a measurement, counted from 0.
    pub fn value(&self, probe: &str, layer: u64, measurement: usize) -> Option<f64> {
        let series = self.series.iter().find(|series| series.layer == layer && series.probe == probe)?;
        series.values.get(measurement).copied().flatten()
    }

    /// The value that theory predicts before the first step.
    pub fn predicted(&self, probe: &str, layer: u64) -> Option<f64> {
        let ours = |known: &&Prediction| known.layer == layer && known.probe == probe;
        self.predicted.iter().find(ours).map(|known| known.value)
    }

    /// The last measurement of an epoch. Without an epoch, or if it was not measured, the last of all.
    pub fn last_of(&self, epoch: Option<u64>) -> Option<usize> {
        let of_epoch = epoch.and_then(|epoch| self.epoch.iter().rposition(|known| *known == epoch));
        of_epoch.or_else(|| self.len().checked_sub(1))
    }
}
