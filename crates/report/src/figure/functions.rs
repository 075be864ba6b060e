//! Functions and their derivatives.

use super::{Figure, look, panels};
use crate::analysis::{Argument, NamedFunction};
use plotly::common::Mode;
use plotly::layout::Axis;
use plotly::{Plot, Scatter};

/// The values above, the derivatives below.
pub(super) fn figures(functions: &[NamedFunction]) -> Vec<Figure> {
    if functions.is_empty() {
        return Vec::new();
    }
    let mut plot = Plot::new();
    for (index, function) in functions.iter().enumerate() {
        plot.add_trace(line(function, index, &function.curve.value, 0));
        plot.add_trace(line(function, index, &function.curve.derivative, 1));
    }
    let of_probability = functions.iter().any(|function| function.argument == Argument::Probability);
    let [x, value, derivative] = match of_probability {
        true => {
            ["p, where the outputs are (p, 1 − p) and the target is (1, 0)", "loss L", "steepness |dL/dp|"]
        }
        false => ["z, the pre-activation", "a = φ(z)", "derivative φ'(z)"],
    };
    let y = vec![Axis::new().title(value), Axis::new().title(derivative)];
    plot.set_layout(panels::stacked(Axis::new().title(x), y));
    let title =
        if of_probability { "Losses and their derivatives" } else { "Activations and their derivatives" };
    vec![Figure { height: 680, ..Figure::new("functions", title, plot) }]
}

fn line(
    function: &NamedFunction,
    index: usize,
    values: &[Option<f64>],
    panel: usize,
) -> Box<Scatter<f64, Option<f64>>> {
    Scatter::new(function.curve.x.clone(), values.to_vec())
        .mode(Mode::Lines)
        .line(look::line(index))
        .name(look::label(&function.label))
        .hover_template("%{y:.4g} at %{x:.4g}")
        .legend_group(look::group(index))
        .y_axis(panels::axis('y', panel))
}
