//! The singular values of the weights, at the best configuration of each compared value.

use super::Analysis;
use super::run::{Outcome, is_lost};
use super::spread::Spread;
use chainrule_record::{Better, RunRecord};

/// One layer of the best configuration of a compared value, over the seeds that measured it. Diverged and failed runs
/// are left out, because their weights are not a result.
#[derive(Debug, PartialEq)]
pub(crate) struct LayerSpread {
    /// The index of the compared value.
    pub(crate) compared: usize,
    /// The layer, counted from 1.
    pub(crate) layer: u64,
    /// Its inputs.
    pub(crate) n_in: u64,
    /// Its units.
    pub(crate) n_out: u64,
    /// The largest singular value.
    pub(crate) largest: Spread,
    /// The smallest singular value.
    pub(crate) smallest: Spread,
    /// The condition number. A seed whose smallest singular value is 0 ranks worse than any number.
    pub(crate) condition: Spread,
}

/// The measured layers of each compared value: values in the order of the file, layers from the input to the output.
pub(crate) fn weights(analysis: &Analysis) -> Vec<LayerSpread> {
    analysis.drawn().into_iter().flat_map(|compared| layers(analysis, compared)).collect()
}

fn layers(analysis: &Analysis, compared: usize) -> Vec<LayerSpread> {
    let runs = analysis.best_of(compared).map(|best| best.runs.as_slice()).unwrap_or_default();
    let runs: Vec<&RunRecord> = runs.iter().copied().filter(|run| !is_lost(run)).collect();
    let measured: Vec<LayerRow> = runs.iter().flat_map(|run| rows(run)).collect();
    let rows = || measured.iter();
    let mut numbers: Vec<u64> = rows().map(|row| row.layer).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let layer = |number: u64| {
        let rows: Vec<&LayerRow> = rows().filter(|row| row.layer == number).collect();
        let first = rows.first()?;
        Some(LayerSpread {
            compared,
            layer: number,
            n_in: first.n_in,
            n_out: first.n_out,
            largest: spread(&rows, |row| Some(row.largest)),
            smallest: spread(&rows, |row| Some(row.smallest)),
            condition: spread(&rows, |row| row.condition),
        })
    };
    numbers.into_iter().filter_map(layer).collect()
}

/// A layer of a run.
struct LayerRow {
    layer: u64,
    n_in: u64,
    n_out: u64,
    largest: f64,
    smallest: f64,
    condition: Option<f64>,
}

/// The measured layers of a run, for its kept parameters.
fn rows(run: &RunRecord) -> Vec<LayerRow> {
    let Some(last) = run.probes.last_of(run.kept_epoch) else { return Vec::new() };
    let row = |(shape, layer): (&chainrule_record::LayerShape, u64)| {
        let value = |name: &str| run.probes.value(name, layer, last);
        Some(LayerRow {
            layer,
            n_in: shape.n_in,
            n_out: shape.n_out,
            largest: value("largest_singular_value")?,
            smallest: value("smallest_singular_value")?,
            condition: value("condition_number"),
        })
    };
    run.probes.layers.iter().zip(1..).filter_map(row).collect()
}

/// A missing number counts as infinite.
fn spread(rows: &[&LayerRow], value: impl Fn(&LayerRow) -> Option<f64>) -> Spread {
    Spread::of(rows.iter().map(|row| value(row).map_or(Outcome::Worst, Outcome::Value)), Better::Lower)
}
