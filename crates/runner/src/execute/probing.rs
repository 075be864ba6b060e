//! The recorded measurements of probes, and the theoretical predictions for them.

use super::thinned::Thinned;
use crate::plan::Typed;
use chainrule_core::dataset::Part;
use chainrule_core::network::{Biases, Network, Weights};
use chainrule_core::probe::{Measured, Reading};
use chainrule_core::propagation;
use chainrule_core::real::Element;
use chainrule_core::simd::sum_of_squares;
use chainrule_record::{LayerShape, Prediction, ProbeTable, Series};

/// The mark of the last measurement of the best epoch.
const BEST: usize = 0;

/// The measurements of a run, in bounded memory. Predictions are computed if the run measures the quantity, and
/// recorded with the run, because the report contains no formulas of the engine.
#[derive(Debug)]
pub(super) struct Probing {
    /// The table without its measurements.
    table: ProbeTable,
    rows: Thinned<Measurement>,
    /// The best epoch so far, by the criterion of early stopping.
    best_epoch: Option<u64>,
    expected: Option<propagation::Expected>,
}

/// One measurement.
#[derive(Debug, Clone)]
struct Measurement {
    epoch: u64,
    step: u64,
    /// One number for each series of the table.
    values: Vec<Option<f64>>,
    spectrum: Vec<f64>,
}

impl Default for Probing {
    fn default() -> Self {
        Self { table: ProbeTable::default(), rows: Thinned::new(BEST + 1), best_epoch: None, expected: None }
    }
}

/// The quantities with a theoretical prediction.
const EXPECTED: [&str; 3] = ["activation_standard_deviation", "delta_rms", "gradient_norm"];

impl Probing {
    /// Starts before the first step.
    pub(super) fn begin<F: Element>(&mut self, typed: &Typed, network: &Network<F>, part: &Part<F>) {
        // Measurements made before a gradient check are discarded and made again.
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

    /// Adds a measurement.
    pub(super) fn add(&mut self, measured: &Measured<'_>) {
        if self.rows.last().is_none() {
            self.table.series = measured.readings.iter().map(series).collect();
        }
        self.rows.push(Measurement {
            epoch: measured.epoch,
            step: measured.step,
            values: measured.readings.iter().map(|reading| reading.value).collect(),
            spectrum: measured.spectrum.to_vec(),
        });
        self.mark_best();
        if measured.step == 0 {
            self.table.predicted = self.predictions(measured.readings);
        }
    }

    /// Marks the last measurement of an epoch that is the best so far, so that it is kept.
    pub(super) fn keep(&mut self, epoch: u64) {
        self.best_epoch = Some(epoch);
        self.mark_best();
    }

    fn mark_best(&mut self) {
        if self.rows.last().is_some_and(|last| Some(last.epoch) == self.best_epoch) {
            self.rows.mark(BEST);
        }
    }

    /// The recorded measurements. A spectrum that was never found is omitted.
    pub(super) fn finish(self) -> ProbeTable {
        let mut table = self.table;
        for Measurement { epoch, step, values, spectrum } in self.rows.into_rows() {
            table.epoch.push(epoch);
            table.step.push(step);
            table.series.iter_mut().zip(values).for_each(|(series, value)| series.values.push(value));
            table.spectra.push(spectrum);
        }
        if table.spectra.iter().all(Vec::is_empty) {
            table.spectra.clear();
        }
        table
    }

    /// Backward quantities are predicted as multiples of their measurement at the last layer.
    fn predictions(&self, readings: &[Reading]) -> Vec<Prediction> {
        let Some(expected) = &self.expected else { return Vec::new() };
        let last = self.table.layers.len();
        let of_last = |name: &str| {
            readings.iter().find(|reading| reading.layer == last && reading.column == name)?.value
        };
        let by_name = [
            (EXPECTED[0], &expected.activation_standard_deviation, Some(1.0)),
            (EXPECTED[1], &expected.delta_rms, of_last(EXPECTED[1])),
            (EXPECTED[2], &expected.gradient_norm, of_last(EXPECTED[2])),
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

#[cfg(test)]
mod tests {
    use super::*;
    use chainrule_record::MAX_POINTS;

    /// Ten steps per epoch, each measured. Measurement 3330 is not on any grid that fits.
    #[test]
    fn the_last_measurement_of_the_best_epoch_stays() {
        let (mut probing, last) = (Probing::default(), 19_999u64);
        for step in 0..=last {
            let (epoch, value) = (step.div_ceil(10), Some(step as f64));
            let readings = [Reading { column: "gradient_norm", layer: 1, value }];
            probing.add(&Measured { epoch, step, readings: &readings, spectrum: &[] });
            if [70, 3330].contains(&step) {
                probing.keep(epoch);
            }
        }
        let table = probing.finish();
        assert!((2_500..=MAX_POINTS).contains(&table.len()), "{}", table.len());
        let kept = table.last_of(Some(333)).unwrap();
        assert_eq!((table.step[0], table.step[kept], table.step.last()), (0, 3330, Some(&last)));
        let steps = table.step.iter().map(|step| Some(*step as f64));
        assert!(steps.eq(table.series[0].values.iter().copied()), "values stay with their steps");
        assert!(table.spectra.is_empty(), "nothing is recorded that was not found");
    }
}
