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
        "dead_share" => "dead units (fraction)",
        "saturated_share" => "saturated activations (fraction)",
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
            "How strongly the gradient changes each layer. Where the line falls towards the input, gradients vanish and the first layers hardly learn; where it rises, they explode. The scale is logarithmic: a straight line is a constant factor from layer to layer. The dotted line is the prediction of variance propagation for the initial weights."
        }
        "delta_rms" => {
            "The size of the error in the backward pass through the layers. The scale is logarithmic: a straight line is a constant factor from layer to layer, the gain. The dotted line is the prediction of variance propagation for the initial weights, from the last layer back."
        }
        "activation_mean" => {
            "The mean activation of each layer. A mean far from 0 shifts every unit of the next layer."
        }
        "activation_standard_deviation" => {
            "How much of the differences between samples is left in each layer. Where the line falls, layers have nearly the same output for every sample and unit, and the signal vanishes in the forward pass. The dotted line is the prediction of variance propagation for the initial weights."
        }
        "weight_norm" => "How large the weights of each layer are.",
        "update_ratio" => {
            "How far the last step moved each layer, as a fraction of its size: about 0.001 is common. Layers with much smaller ratios learn much more slowly than the others."
        }
        "dead_share" => {
            "The fraction of units in each layer that no training sample activates. They get no gradient, and stay the same as long as the layers below do."
        }
        "saturated_share" => {
            "The fraction of activations at which the activation function is nearly flat, so that little of the gradient passes."
        }
        "unit_diversity" => {
            "How much the units of a layer differ. At 0 all units are the same, and the layer does the work of a single unit."
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
