//! The largest and the smallest singular value of each layer's weights.

use super::columns::Columns;
use super::spreads::drawn;
use super::table::{SPREAD, first_cells};
use super::{Area, Axis, Ink, Legend, Mark, Markers, Name, Panel, Plot, Point, Scale, Table, words};
use crate::analysis::{Analysis, LayerSpread, Spread, weights};
use crate::number::rounded_or;

const CAPTION: &str = "How unequally the layers stretch directions: a bar goes from the smallest to the largest singular value of a layer's weights. The scale is logarithmic, so the length of a bar is the condition number. The longer the bar, the more some directions are favoured over others, in signals and in gradients.";

/// The scale reaches down to this fraction of the largest value: smaller values are 0 apart from rounding in single
/// precision.
const NEGLIGIBLE: f64 = 1e-7;
/// The fraction of a layer's width that bars take, and the largest width of one bar.
const USED: f64 = 0.66;
const WIDEST: f64 = 0.12;

/// A bar for each layer and compared value.
pub(super) fn plot(analysis: &Analysis) -> Option<Plot> {
    let layers = Some(weights(analysis)).filter(|layers| !layers.is_empty())?;
    let shown = compared(&layers).into_iter().map(|compared| (compared, analysis.best_of(compared), None));
    Some(Plot {
        title: format!("Singular values of the weights, layer by layer{}", words::each(analysis)),
        notes: notes(analysis, &layers),
        settings: words::fixed(analysis.info),
        caption: CAPTION,
        panels: vec![panel(&layers)],
        legend: Legend::of_compared(analysis, shown),
        can_switch: true,
        tables: vec![table(analysis, &layers)],
        ..Plot::default()
    })
}

fn notes(analysis: &Analysis, layers: &[LayerSpread]) -> Vec<String> {
    let seeds = words::over_seeds(analysis);
    let notes = [
        Some(format!("a bar: from the smallest to the largest singular value, {seeds}")),
        (compared(layers).len() > 1).then_some("side by side: as in the legend".into()),
        (analysis.info.seeds.len() > 1).then(|| words::shade(analysis)),
        words::edge(&scale(layers), &values(layers)),
        words::left_out(analysis),
    ];
    notes.into_iter().flatten().collect()
}

/// All drawn values.
fn values(layers: &[LayerSpread]) -> Vec<f64> {
    layers.iter().flat_map(|layer| [&layer.largest, &layer.smallest]).flat_map(drawn).collect()
}

fn scale(layers: &[LayerSpread]) -> Scale {
    let all = values(layers);
    let largest = all.iter().copied().fold(0.0, f64::max);
    if largest == 0.0 {
        return Scale::exactly(0.0, 1.0);
    }
    let shown: Vec<f64> = all.iter().map(|value| value.max(NEGLIGIBLE * largest)).collect();
    let smallest = shown.iter().copied().fold(largest, f64::min);
    // Nearly equal values must look nearly equal.
    let middle = (largest * smallest).sqrt();
    Scale::logarithmic(shown.into_iter().chain([middle / 3.0, 3.0 * middle]))
}

/// The compared values, in the order of the legend.
fn compared(layers: &[LayerSpread]) -> Vec<usize> {
    let mut compared: Vec<usize> = layers.iter().map(|layer| layer.compared).collect();
    compared.dedup();
    compared
}

fn panel(layers: &[LayerSpread]) -> Panel {
    let last = layers.iter().map(|layer| layer.layer).max().unwrap_or(1);
    let names = (1..=last).map(|number| name(layers, number)).collect();
    let compared = compared(layers);
    let columns = Columns::new(compared.len(), USED, WIDEST);
    let x = |layer: &LayerSpread| {
        let order = compared.iter().position(|compared| *compared == layer.compared).unwrap_or(0);
        columns.x(layer.layer as f64 - 1.0, order)
    };
    let shades = layers.iter().map(|layer| shade(layer, x(layer), 0.4 * columns.step));
    let size = columns.size(0.4, last as usize);
    let bars = layers.iter().map(|layer| bar(layer, x(layer), size));
    let y = Axis::new("singular value", scale(layers));
    Panel::new(Axis::names("layer", names), y, shades.chain(bars).collect())
}

/// `2 (64 → 32)`, or `2` where the shapes differ.
fn name(layers: &[LayerSpread], number: u64) -> Name {
    let ours = layers.iter().filter(|layer| layer.layer == number);
    let mut shapes: Vec<_> = ours.map(|layer| (layer.n_in, layer.n_out)).collect();
    shapes.dedup();
    let label = match shapes.as_slice() {
        [(n_in, n_out)] => format!("{number} ({n_in} → {n_out})"),
        _ => number.to_string(),
    };
    Name { short: number.to_string(), ..Name::new(label) }
}

fn shade(layer: &LayerSpread, x: f64, half: f64) -> Mark {
    let bands = [&layer.largest, &layer.smallest].into_iter().filter_map(Spread::band);
    let area = |y| Area { x: (x - half, x + half), y, hover: String::new() };
    Mark::boxes(Ink::Series(layer.compared), 0.18, bands.map(area).collect())
}

fn bar(layer: &LayerSpread, x: f64, size: f64) -> Mark {
    let number = |value: Option<f64>, absent: &str| rounded_or(value, 3, absent);
    let hover = format!(
        "layer {}, {} → {}\n{} to {}\ncondition number {}",
        layer.layer,
        layer.n_in,
        layer.n_out,
        number(layer.smallest.median, "–"),
        number(layer.largest.median, "–"),
        number(layer.condition.median, "∞")
    );
    let ends = [layer.smallest.median, layer.largest.median].into_iter().flatten();
    let points = ends.map(|value| Point::new(x, value).saying(&hover)).collect();
    Mark::series(layer.compared, Markers::All(size), points)
}

/// A row for the largest and one for the smallest value of each layer.
fn table(analysis: &Analysis, layers: &[LayerSpread]) -> Table {
    let middle = ["layer", "n_in", "n_out", "metric", "values"];
    // This table excludes lost runs.
    let spread = SPREAD.into_iter().filter(|title| !["values", "lost"].contains(title));
    let mut table = Table::of_compared(analysis, middle.into_iter().chain(spread));
    for layer in layers {
        let measured =
            [("largest_singular_value", &layer.largest), ("smallest_singular_value", &layer.smallest)];
        for (name, spread) in measured {
            let mut row = first_cells(analysis, layer.compared);
            row.count(layer.layer).count(layer.n_in).count(layer.n_out).text(name);
            table.push(row.count(spread.values as u64).spread(spread));
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::weights;
    use crate::support::{Synthetic, axis, measure_layers};
    use serde_json::json;

    /// The scale for runs whose layers all have these singular values.
    fn scale_of(singular_values: &[f64]) -> Scale {
        let experiment = Synthetic {
            axes: vec![("optimizer", axis(&[json!("sgd"), json!("adam")]))],
            compare: Some("optimizer"),
            ..Synthetic::default()
        };
        let (info, mut records) = (experiment.info(), experiment.records());
        measure_layers(&mut records, &[4, 3]);
        let shapes = [((4, 3), singular_values)];
        let measured = records.iter_mut().filter(|run| !run.probes.is_empty());
        measured.for_each(|run| run.probes = crate::support::singular_values(&shapes));
        scale(&weights(&Analysis::new(&info, &records)))
    }

    #[test]
    fn nearly_equal_values_look_nearly_equal() {
        let scale = scale_of(&[2.02, 2.0]);
        let apart = scale.position(2.02) - scale.position(2.0);
        assert!((0.0..0.01).contains(&apart), "{apart}");
    }

    #[test]
    fn rounding_errors_do_not_squeeze_what_is_large() {
        let scale = scale_of(&[2.0, 0.2, 1e-30]);
        assert!(scale.is_outside(1e-30) && !scale.is_outside(2.0) && !scale.is_outside(3e-7));
        assert!(scale.position(2.0) - scale.position(0.2) > 0.1);
        assert!(!scale_of(&[0.0]).is_outside(0.0), "all zeros");
    }
}
