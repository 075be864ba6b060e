//! The singular values of the weights, at the best configuration of each compared value.

use super::Analysis;
use super::run::{Outcome, is_lost};
use super::spread::Spread;
use chainrule_record::{Better, LayerShape, RunRecord};

/// One layer of the best configuration of a compared value, over the seeds that measured it. Diverged and failed runs
/// are left out, because their weights are not a result.
#[derive(Debug, PartialEq)]
pub(crate) struct LayerSpread {
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
    let depth = runs.iter().map(|run| run.probes.layers.len() as u64).max().unwrap_or(0);
    let layer = |layer: u64| {
        let measured: Vec<_> = runs.iter().filter_map(|run| measured(run, layer)).collect();
        let (shape, _) = measured.first()?;
        let spread = |probe: usize| {
            let values = measured.iter().map(|(_, values)| values[probe]);
            // A missing number counts as infinite.
            Spread::of(values.map(|value| value.map_or(Outcome::Worst, Outcome::Value)), Better::Lower)
        };
        let (n_in, n_out) = (shape.n_in, shape.n_out);
        let [largest, smallest, condition] = [spread(0), spread(1), spread(2)];
        Some(LayerSpread { compared, layer, n_in, n_out, largest, smallest, condition })
    };
    (1..=depth).filter_map(layer).collect()
}

/// The shape of a layer, with its largest and smallest singular value and its condition number for the run's kept
/// parameters. `None` unless both singular values were measured.
fn measured(run: &RunRecord, layer: u64) -> Option<(&LayerShape, [Option<f64>; 3])> {
    let last = run.probes.last_of(run.kept_epoch)?;
    let probes = ["largest_singular_value", "smallest_singular_value", "condition_number"];
    let values = probes.map(|name| run.probes.value(name, layer, last));
    values[0].and(values[1])?;
    Some((run.probes.layers.get(layer as usize - 1)?, values))
}
