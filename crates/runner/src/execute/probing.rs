//! What probes measure, as it is recorded, and what theory expects beside it.

use crate::plan::Typed;
use chainrule_core::dataset::Part;
use chainrule_core::network::Network;
use chainrule_core::probe::{Measured, Reading};
use chainrule_core::propagation;
use chainrule_core::real::Element;
use chainrule_core::settings::{Biases, Weights};
use chainrule_core::simd::sum_of_squares;
use chainrule_record::{LayerShape, Prediction, ProbeTable, Series};

/// The measurements of a run. Theory is worked out where a run asks for what it speaks of, and recorded with the run: the
/// report knows no formula of the engine.
#[derive(Debug, Default)]
pub(super) struct Probing {
    pub(super) table: ProbeTable,
    expected: Option<propagation::Expected>,
}

/// What theory speaks of.
const EXPECTED: [&str; 3] = ["activation_standard_deviation", "delta_rms", "gradient_norm"];

impl Probing {
    /// Before the first step.
    pub(super) fn begin<F: Element>(&mut self, typed: &Typed, network: &Network<F>, part: &Part<F>) {
        // What was measured on the way to a gradient check is measured again.
        *self = Self::default();
        let measure = &typed.train.measure;
        if measure.is_empty() {
            return;
        }
        let shape = |layer: &chainrule_core::network::Layer| LayerShape {
            n_in: layer.n_in as u64,
            n_out: layer.n_out as u64,
        };
        self.table.layers = network.layers.iter().map(shape).collect();
        let model = &typed.model;
        if let (Weights::Drawn, Biases::All(bias)) = (&model.weights, &model.biases)
            && measure.iter().any(|probe| EXPECTED.contains(&probe.name()))
        {
            let input = sum_of_squares(&part.features) / part.features.len() as f64;
            let widths = model.widths(network.n_in(), network.n_out());
            let bias = if model.bias { *bias } else { 0.0 };
            self.expected =
                propagation::expect(&widths, &model.initialization, &model.activation, bias, input);
        }
    }

    /// A measurement.
    pub(super) fn add(&mut self, measured: &Measured<'_>) {
        let table = &mut self.table;
        if table.is_empty() {
            table.series = measured.readings.iter().map(series).collect();
        }
        table.epoch.push(measured.epoch);
        table.step.push(measured.step);
        for (series, reading) in table.series.iter_mut().zip(measured.readings) {
            series.values.push(reading.value);
        }
        table.spectra.push(measured.spectrum.to_vec());
        if measured.step == 0 {
            self.table.predicted = self.predictions();
        }
    }

    /// What was never found is not recorded.
    pub(super) fn end(&mut self) {
        if self.table.spectra.iter().all(Vec::is_empty) {
            self.table.spectra.clear();
        }
    }

    /// What comes back from the last layer is a multiple of what was measured there.
    fn predictions(&self) -> Vec<Prediction> {
        let Some(expected) = &self.expected else { return Vec::new() };
        let last = self.table.layers.len() as u64;
        let by_name = [
            (EXPECTED[0], &expected.activation_standard_deviation, Some(1.0)),
            (EXPECTED[1], &expected.delta_rms, self.table.value(EXPECTED[1], last, 0)),
            (EXPECTED[2], &expected.gradient_norm, self.table.value(EXPECTED[2], last, 0)),
        ];
        let measured = |name: &str| self.table.series.iter().any(|series| series.probe == name);
        let known = by_name.into_iter().filter(|(name, ..)| measured(name));
        let known = known.filter_map(|(name, layers, unit)| Some((name, layers, unit?)));
        let all = known.flat_map(|(name, layers, unit)| {
            let values = layers.iter().zip(1..).map(move |(value, layer)| (layer, value * unit));
            let finite = values.filter(|(_, value)| value.is_finite());
            finite.map(move |(layer, value)| Prediction { probe: name.to_owned(), layer, value })
        });
        all.collect()
    }
}

fn series(reading: &Reading) -> Series {
    Series { probe: reading.column.to_owned(), layer: reading.layer as u64, values: Vec::new() }
}
