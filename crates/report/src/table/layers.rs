//! `layers.csv`: a row for each run, measurement and layer.

use super::Table;
use super::column::{Column, Measured, OfRun, columns, of_runs, run_columns, write};
use crate::analysis::{Analysis, probe_names};
use chainrule_record::LayerMetric;

/// A layer, counted from 1, at a measurement.
pub(super) struct Layer {
    measurement: usize,
    layer: u64,
}

type Row<'a> = OfRun<'a, Layer>;

pub(super) fn fill(analysis: &Analysis, table: &mut Table) -> Result<(), csv::Error> {
    let names = probe_names(analysis, true);
    let mut all = place_columns();
    all.extend(names.iter().map(|name| measured(name, "")));
    all.extend(names.iter().filter(|name| is_expected(analysis, name)).map(|name| expected(name, "")));
    let rows = of_runs(analysis, analysis.records.iter(), |run| {
        let layers =
            move |measurement| (1..=run.probes.layers.len() as u64).map(move |layer| (measurement, layer));
        let all = (0..run.probes.len()).flat_map(layers);
        all.map(|(measurement, layer)| Layer { measurement, layer })
    });
    write(table, &run_columns(analysis, all), rows)
}

/// The columns in the documentation, with the columns of all probes.
pub(super) fn documented<'a>() -> Vec<Column<'a, Row<'a>>> {
    let mut all = place_columns();
    all.extend(LayerMetric::ALL.map(|metric| measured(metric.name(), meaning(metric))));
    let doc = "the prediction of variance propagation before the first step, see below";
    let predicted =
        [LayerMetric::GradientNorm, LayerMetric::DeltaRms, LayerMetric::ActivationStandardDeviation];
    all.extend(predicted.into_iter().zip([doc, "", ""]).map(|(metric, doc)| expected(metric.name(), doc)));
    all
}

/// The columns between those for the run and those for probes.
fn place_columns<'a>() -> Vec<Column<'a, Row<'a>>> {
    columns! { row: Row;
        "epoch" "the epoch of the measurement, 0 before training, and the updates until then"
            => row.run.probes.epoch[row.of.measurement],
        "step" => row.run.probes.step[row.of.measurement],
        "layer" "the layer, counted from 1 at the input" => row.of.layer,
        "n_in" "its inputs and its units" => row.run.probes.layers[row.of.layer as usize - 1].n_in,
        "n_out" => row.run.probes.layers[row.of.layer as usize - 1].n_out,
    }
}

/// The column of a quantity that a probe measures.
fn measured<'a>(name: &'a str, doc: &'static str) -> Column<'a, Row<'a>> {
    Column::new(name, doc, move |row: &Row| {
        Measured(row.run.probes.value(name, row.of.layer, row.of.measurement))
    })
}

/// The column of a value that theory predicts before the first step.
fn expected<'a>(name: &'a str, doc: &'static str) -> Column<'a, Row<'a>> {
    Column::new(format!("expected_{name}"), doc, move |row: &Row| {
        let known = row.run.probes.predicted(name, row.of.layer);
        known.filter(|_| row.run.probes.step[row.of.measurement] == 0)
    })
}

fn is_expected(analysis: &Analysis, name: &str) -> bool {
    analysis.records.iter().flat_map(|run| &run.probes.predicted).any(|known| known.probe == name)
}

fn meaning(metric: LayerMetric) -> &'static str {
    match metric {
        LayerMetric::GradientNorm => {
            "norm of the gradient of its weights, of the cost on the whole training set"
        }
        LayerMetric::DeltaRms => "root mean square of δ = ∂L/∂z over training samples and units",
        LayerMetric::ActivationMean => "of its activations, over training samples and units",
        LayerMetric::WeightNorm => "norm of its weights, without biases",
        LayerMetric::UpdateRatio => "change of its weights in the last step, as a fraction of their norm",
        LayerMetric::DeadShare => {
            "fraction of its units that no training sample activates; fraction of activations where φ is nearly flat"
        }
        LayerMetric::UnitDiversity => "how much its units differ: 0 if all are the same",
        LayerMetric::LargestSingularValue => "of its weights, without biases",
        LayerMetric::ConditionNumber => "the largest over the smallest; empty if the smallest is 0",
        LayerMetric::ActivationStandardDeviation
        | LayerMetric::SaturatedShare
        | LayerMetric::SmallestSingularValue => "",
    }
}
