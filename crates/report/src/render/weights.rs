//! Measurements of the weights.

use super::markdown::{code, more, table};
use crate::analysis::{Analysis, LayerSpread, Spread, weights as analyse};
use crate::number::rounded_or;

/// The largest number of layers listed.
const LAYERS: usize = 30;
/// Significant digits of singular values.
const DIGITS: usize = 3;

/// Singular values and condition number of each layer, if any were measured; the best compared value first.
pub(super) fn weights(analysis: &Analysis) -> String {
    let layers = analyse(analysis);
    let ranked = analysis.compared_ranking.iter();
    let ranked: Vec<&LayerSpread> =
        ranked.flat_map(|best| layers.iter().filter(move |layer| layer.compared == *best)).collect();
    if ranked.is_empty() {
        return String::new();
    }
    let titles = [
        analysis.compared_name(),
        "layer",
        "inputs → units",
        "largest singular value",
        "smallest singular value",
        "condition number",
        "seeds",
    ];
    let rows: Vec<Vec<String>> = ranked.iter().take(LAYERS).map(|layer| row(analysis, layer)).collect();
    let more = more(ranked.len(), LAYERS, Some("row"));
    format!(
        "## Weights\n\nAfter training, at the best configuration of each: medians over the seeds that did not diverge or \
         fail. Every run is in [`layers.csv`](layers.csv).\n\n{}{more}\n",
        table(&titles, &rows)
    )
}

fn row(analysis: &Analysis, layer: &LayerSpread) -> Vec<String> {
    let median = |spread: &Spread| rounded_or(spread.median, DIGITS, "–");
    vec![
        code(&analysis.compared[layer.compared].label),
        layer.layer.to_string(),
        format!("{} → {}", layer.n_in, layer.n_out),
        median(&layer.largest),
        median(&layer.smallest),
        // The smallest singular value is 0.
        rounded_or(layer.condition.median, DIGITS, "∞"),
        layer.largest.values.to_string(),
    ]
}
