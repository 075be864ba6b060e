//! The quantities that probes measure in layers, in words.

use super::Scale;
use crate::analysis::Analysis;
use crate::text::capitalized;

/// The name of a quantity for readers.
pub(super) fn label(probe: &str) -> &str {
    match probe {
        "gradient_norm" => "gradient norm",
        "delta_rms" => "size of δ (root mean square)",
        "activation_mean" => "mean activation",
        "activation_standard_deviation" => "spread of activations (standard deviation)",
        "weight_norm" => "weight norm",
        "update_ratio" => "update ratio (‖ΔW‖ / ‖W‖)",
        "dead_share" => "dead units (share)",
        "saturated_share" => "saturated activations (share)",
        "unit_diversity" => "unit diversity",
        other => other,
    }
}

/// The same name as the beginning of a title, without the text in brackets.
pub(super) fn title(probe: &str) -> String {
    let label = label(probe);
    capitalized(label.split(" (").next().unwrap_or(label))
}

/// Explains how to read the plot of a quantity by layer.
pub(super) fn by_layer(probe: &str) -> &'static str {
    match probe {
        "gradient_norm" => {
            "How much each layer is told to change. Where the line falls towards the input, gradients vanish and the first layers hardly learn; where it rises, they explode. The scale is logarithmic: a straight line is a constant factor from layer to layer. Dotted is what variance propagation expects of the initial weights."
        }
        "delta_rms" => {
            "What is left of the error on its way back through the layers. The scale is logarithmic: a straight line is a constant factor from layer to layer, the gain. Dotted is what variance propagation expects of the initial weights, from the last layer back."
        }
        "activation_mean" => {
            "Where the activations of each layer lie. A mean far from 0 adds to every unit of the next layer alike."
        }
        "activation_standard_deviation" => {
            "How much of the differences between samples is left in each layer. Where the line falls, layers give nearly the same for every sample and unit, and the signal dies on its way forward. Dotted is what variance propagation expects of the initial weights."
        }
        "weight_norm" => "How large the weights of each layer are.",
        "update_ratio" => {
            "How far the last step moved each layer, as a share of its size: about 0.001 is common. Layers with much smaller ratios learn much more slowly than the others."
        }
        "dead_share" => {
            "How many units of each layer no training sample activates. They get no gradient, and stay as they are as long as the layers below do."
        }
        "saturated_share" => {
            "How many activations lie where the activation is nearly flat, and let little of the gradient through."
        }
        "unit_diversity" => {
            "How much the units of a layer differ: 0 means that all of them are the same, and that the layer does the work of a single unit."
        }
        _ => "A measurement by layer.",
    }
}

/// Whether a probe measures a magnitude, rather than a mean or a fraction.
fn is_size(probe: &str) -> bool {
    !matches!(probe, "dead_share" | "saturated_share" | "unit_diversity" | "activation_mean")
}

/// Magnitudes are compared by factors; means and fractions by differences.
pub(super) fn scale(probe: &str, values: &[f64]) -> Scale {
    match probe {
        _ if is_size(probe) => Scale::decades_down(values),
        "activation_mean" => Scale::linear(values.iter().copied()),
        _ => {
            let most = values.iter().copied().fold(0.0, f64::max);
            Scale::exactly(-0.03 * most, 1.04 * most)
        }
    }
}

/// A note if the shown configurations are the best only among the deepest.
pub(super) fn deepest(analysis: &Analysis) -> Option<String> {
    let architecture = analysis.grid.factors.iter().any(|factor| factor.setting == "architecture");
    let compares = analysis.compared_name() == "architecture";
    (architecture && !compares).then(|| "of each, the best of the networks with the most layers".to_owned())
}
