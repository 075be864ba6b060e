//! The largest and the smallest singular value of each layer's weights.

use super::canvas::{Anchor, BLACK, Canvas, Drawn, GRID, HEIGHT};
use super::font::text_width;
use super::page::{Entry, Frame, LEGEND, TEXT, heading, legend};
use super::palette::look;
use super::scale::Scale;
use super::wording;
use crate::analysis::{Analysis, LayerSpread, Spread};

/// The scale reaches down to this share of the largest value: what is smaller is 0 but for rounding in single precision.
const NEGLIGIBLE: f64 = 1e-7;
/// The share of a layer's width that bars stand in.
const USED: f64 = 0.66;

pub(super) fn draw(canvas: &mut Canvas, analysis: &Analysis, layers: &[LayerSpread]) -> Drawn {
    let title = format!("Singular values of the weights, layer by layer{}", wording::each(analysis));
    let top = heading(canvas, &title, &subtitle(analysis, layers))? + 14.0;
    let frame = frame(layers, top);
    frame.draw_y_axis(canvas, "singular value")?;
    draw_layers(canvas, &frame, layers)?;
    let places = Places::new(&frame, layers);
    layers.iter().try_for_each(|layer| draw_shade(canvas, &frame, &places, layer))?;
    frame.draw_border(canvas)?;
    layers.iter().try_for_each(|layer| draw_bar(canvas, &frame, &places, layer))?;
    legend(canvas, top, f64::from(HEIGHT) - 20.0, analysis.compared_name(), &entries(analysis, &places))
}

fn subtitle(analysis: &Analysis, layers: &[LayerSpread]) -> Vec<Vec<String>> {
    let seeds = wording::over_seeds(analysis);
    let mut how = vec![format!("a bar: from the smallest to the largest singular value, {seeds}")];
    if layers.iter().any(|layer| layer.compared != layers[0].compared) {
        how.push("side by side: as in the legend".to_owned());
    }
    if analysis.info.seeds.len() > 1 {
        how.push(wording::shade(analysis));
    }
    let scale = scale(layers);
    if values(layers).iter().any(|value| scale.is_outside(*value)) {
        how.push(wording::EDGE.to_owned());
    }
    how.extend(wording::left_out(analysis));
    vec![how, wording::fixed(analysis.info)]
}

/// Everything that is drawn.
fn values(layers: &[LayerSpread]) -> Vec<f64> {
    let spreads = layers.iter().flat_map(|layer| [&layer.largest, &layer.smallest]);
    let ends = |spread: &Spread| spread.band().map(|(low, high)| [low, high]);
    spreads.flat_map(|spread| spread.median.into_iter().chain(ends(spread).into_iter().flatten())).collect()
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

fn frame(layers: &[LayerSpread], top: f64) -> Frame {
    let last = layers.iter().map(|layer| layer.layer).max().unwrap_or(1) as f64;
    let (x, y) = (Scale::exactly(0.5, last + 0.5), scale(layers));
    Frame { left: 190.0, top, right: LEGEND - 45.0, bottom: f64::from(HEIGHT) - 90.0, x, y }
}

/// Names of the layers, with lines between them. Their shapes are told where all bars have the same and there is room.
fn draw_layers(canvas: &mut Canvas, frame: &Frame, layers: &[LayerSpread]) -> Drawn {
    let mut numbers: Vec<u64> = layers.iter().map(|layer| layer.layer).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let width = frame.x(2.0) - frame.x(1.0);
    let named: Vec<String> = numbers.iter().map(|number| name(layers, *number)).collect();
    let fits = named.iter().all(|name| text_width(name, TEXT) < width - 12.0);
    let mut free = frame.left;
    for (number, name) in numbers.iter().zip(named) {
        let x = frame.x(*number as f64);
        if *number > 1 {
            let between = frame.x(*number as f64 - 0.5);
            canvas.hairline((between, frame.top), (between, frame.bottom), GRID)?;
        }
        let name = if fits { name } else { number.to_string() };
        let half = text_width(&name, TEXT) / 2.0;
        if x - half > free {
            canvas.text(&name, (x, frame.bottom + 24.0), TEXT, BLACK, Anchor::Center)?;
            free = x + half + 8.0;
        }
    }
    let middle = ((frame.left + frame.right) / 2.0, frame.bottom + 62.0);
    canvas.text("layer", middle, TEXT, BLACK, Anchor::Center)
}

/// `2 (64 → 32)`, or `2` where the shapes differ.
fn name(layers: &[LayerSpread], number: u64) -> String {
    let mut shapes: Vec<_> =
        layers.iter().filter(|layer| layer.layer == number).map(|layer| (layer.n_in, layer.n_out)).collect();
    shapes.dedup();
    match shapes.as_slice() {
        [(n_in, n_out)] => format!("{number} ({n_in} → {n_out})"),
        _ => number.to_string(),
    }
}

/// Where the bars of a layer stand: side by side, in the order of the legend.
struct Places {
    compared: Vec<usize>,
    /// The distance of neighbours in pixels.
    step: f64,
}

impl Places {
    fn new(frame: &Frame, layers: &[LayerSpread]) -> Self {
        let mut compared: Vec<usize> = layers.iter().map(|layer| layer.compared).collect();
        compared.dedup();
        let step = USED * (frame.x(2.0) - frame.x(1.0)) / compared.len().max(1) as f64;
        // Few bars stand together rather than spread over the page.
        Self { compared, step: step.min(90.0) }
    }

    fn x(&self, frame: &Frame, layer: &LayerSpread) -> f64 {
        let order = self.compared.iter().position(|compared| *compared == layer.compared).unwrap_or(0);
        let middle = (self.compared.len() - 1) as f64 / 2.0;
        frame.x(layer.layer as f64) + (order as f64 - middle) * self.step
    }

    /// Of markers.
    fn size(&self) -> f64 {
        (0.4 * self.step).clamp(3.0, 10.0)
    }
}

fn draw_shade(canvas: &mut Canvas, frame: &Frame, places: &Places, layer: &LayerSpread) -> Drawn {
    let (x, half) = (places.x(frame, layer), (1.6 * places.size()).min(0.45 * places.step));
    for (low, high) in [&layer.largest, &layer.smallest].into_iter().filter_map(Spread::band) {
        let (top, bottom) = (frame.y(high), frame.y(low));
        canvas.band(&[x - half, x + half], &[top; 2], &[bottom; 2], look(layer.compared).color)?;
    }
    Ok(())
}

fn draw_bar(canvas: &mut Canvas, frame: &Frame, places: &Places, layer: &LayerSpread) -> Drawn {
    let (look, x) = (look(layer.compared), places.x(frame, layer));
    let ends =
        [layer.largest.median, layer.smallest.median].map(|median| median.map(|value| (x, frame.y(value))));
    if let [Some(top), Some(bottom)] = ends {
        canvas.line(&[top, bottom], look.stroke, look.color)?;
    }
    ends.into_iter().flatten().try_for_each(|end| look.mark(canvas, end, places.size()))
}

fn entries(analysis: &Analysis, places: &Places) -> Vec<Entry> {
    let entry = |compared: &usize| {
        let best = analysis.best_of(*compared)?;
        let label = analysis.compared[*compared].short.clone();
        let notes = wording::lost(best).into_iter().collect();
        Some(Entry { look: look(*compared), label, details: wording::details(analysis, best), notes })
    };
    places.compared.iter().filter_map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::weights;
    use crate::support::{Synthetic, axis, measure_layers};
    use serde_json::json;

    /// The scale of runs whose layers all have these singular values.
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
