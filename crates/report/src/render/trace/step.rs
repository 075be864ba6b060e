//! The tables of a step: forward, backward, gradients and updates.

use super::number::{factor, plain_number, product, sum, symbol};
use chainrule_record::{RunRecord, TracedStep};
use serde_json::Value;

/// A step, with the known properties of the run.
pub(super) struct Board<'a> {
    traced: &'a TracedStep,
    layers: usize,
    rule: LearningRule<'a>,
    /// The divisor of each sample's gradient.
    divisor: f64,
    /// Whether the gradient is the plain sum of `a·δ` over the samples.
    is_bare: bool,
}

/// The update rule of the parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum LearningRule<'a> {
    /// `w − η·g`
    Plain,
    /// An optimizer with a memory, or weight decay.
    Other(&'a str),
}

impl<'a> Board<'a> {
    pub(super) fn new(traced: &'a TracedStep, record: &'a RunRecord) -> Self {
        let is = |setting: &str, word: &str| record.spec.get(setting).and_then(Value::as_str) == Some(word);
        let is_zero = |setting: &str| record.spec.get(setting).and_then(Value::as_f64) == Some(0.0);
        let layers =
            (1..).take_while(|layer| traced.matrices.contains_key(&format!("weights{layer}"))).count();
        let samples = traced.matrices.get("input").map_or(1, Vec::len);
        let optimizer = record.spec.get("optimizer").map_or("the optimizer", name);
        let is_plain = optimizer == "sgd" && is_zero("weight_decay");
        Self {
            traced,
            layers,
            rule: if is_plain { LearningRule::Plain } else { LearningRule::Other(optimizer) },
            divisor: if is("reduction", "sum") { 1.0 } else { samples as f64 },
            is_bare: ["penalty", "clip_value", "clip_norm", "fault"]
                .iter()
                .all(|setting| record.spec.get(setting).is_none_or(|value| value == "none"))
                && is_zero("dropout"),
        }
    }

    pub(super) fn layers(&self) -> usize {
        self.layers
    }

    pub(super) fn samples(&self) -> usize {
        self.matrix("input").len()
    }

    pub(super) fn rule(&self) -> LearningRule<'a> {
        self.rule
    }

    pub(super) fn matrix(&self, name: &str) -> &'a [Vec<f64>] {
        self.traced.matrices.get(name).map_or(&[], Vec::as_slice)
    }

    /// A matrix of a layer.
    pub(super) fn of(&self, name: &str, layer: usize) -> &'a [Vec<f64>] {
        self.matrix(&format!("{name}{layer}"))
    }

    /// The input of a layer for a sample: x, or the activations of the layer before. Empty if there is no such
    /// sample.
    pub(super) fn below(&self, layer: usize, sample: usize) -> &'a [f64] {
        let matrix = if layer == 1 { self.matrix("input") } else { self.of("activation", layer - 1) };
        matrix.get(sample).map_or(&[], Vec::as_slice)
    }

    /// The symbol for the input of a layer: `x₁`, `a¹₁`.
    pub(super) fn below_symbol(&self, layer: usize, unit: usize) -> String {
        if layer == 1 { symbol("x", None, &[unit]) } else { symbol("a", Some(layer - 1), &[unit]) }
    }

    /// z and a of every layer, ŷ and L. Each row has a symbol, a formula, numbers and a value.
    pub(super) fn forward(&self, sample: usize) -> Vec<[String; 4]> {
        let mut rows = Vec::new();
        for layer in 1..=self.layers {
            let below = self.below(layer, sample);
            for (unit, &z) in self.of("pre_activation", layer)[sample].iter().enumerate() {
                rows.push(self.pre_activation(layer, unit, below, z));
                if layer < self.layers {
                    rows.extend(self.activation(layer, unit, sample));
                }
            }
        }
        for (unit, &output) in self.matrix("output")[sample].iter().enumerate() {
            let z = symbol("z", Some(self.layers), &[]);
            let target = plain_number(self.matrix("target")[sample][unit]);
            let place = symbol("ŷ", None, &[unit + 1]);
            rows.push([place, format!("output of {z}"), format!("target {target}"), plain_number(output)]);
        }
        rows.push([
            "L".to_owned(),
            "loss of ŷ and y".to_owned(),
            String::new(),
            plain_number(self.matrix("loss")[sample][0]),
        ]);
        rows
    }

    fn pre_activation(&self, layer: usize, unit: usize, below: &[f64], z: f64) -> [String; 4] {
        let weights = self.of("weights", layer);
        let terms = below.iter().enumerate().map(|(input, &a)| product(&[a, weights[input][unit]]));
        let bias = self.of("biases", layer).first().map(|biases| factor(biases[unit]));
        let place = symbol("", None, &[unit + 1]);
        let formula = format!(
            "Σᵢ {}·{}{}",
            if layer == 1 { "xᵢ".to_owned() } else { format!("{}ᵢ", symbol("a", Some(layer - 1), &[])) },
            format_args!("{}ᵢ{place}", symbol("w", Some(layer), &[])),
            bias.as_ref()
                .map_or_else(String::new, |_| format!(" + {}{place}", symbol("b", Some(layer), &[]))),
        );
        [symbol("z", Some(layer), &[unit + 1]), formula, sum(terms.chain(bias).collect()), plain_number(z)]
    }

    fn activation(&self, layer: usize, unit: usize, sample: usize) -> [[String; 4]; 2] {
        let z = self.of("pre_activation", layer)[sample][unit];
        let of_z = format!("({})", symbol("z", Some(layer), &[unit + 1]));
        let put_in = format!("({})", plain_number(z));
        let row = |place: String, formula: String, function: &str, name: &str| {
            let value = plain_number(self.of(name, layer)[sample][unit]);
            [place, formula, format!("{function}{put_in}"), value]
        };
        [
            row(symbol("a", Some(layer), &[unit + 1]), format!("φ{of_z}"), "φ", "activation"),
            row(format!("φ'{of_z}"), "derivative of φ".to_owned(), "φ'", "derivative"),
        ]
    }

    /// ∂L/∂ŷ, then δ of every layer from the last to the first.
    pub(super) fn backward(&self, sample: usize) -> Vec<[String; 4]> {
        let mut rows = Vec::new();
        for (unit, &gradient) in self.matrix("output_gradient")[sample].iter().enumerate() {
            let place = format!("∂L/∂{}", symbol("ŷ", None, &[unit + 1]));
            rows.push([place, "derivative of the loss".to_owned(), String::new(), plain_number(gradient)]);
        }
        for layer in (1..=self.layers).rev() {
            for (unit, &delta) in self.of("delta", layer)[sample].iter().enumerate() {
                let (formula, numbers) = if layer == self.layers {
                    self.output_delta(unit, sample)
                } else {
                    self.hidden_delta(layer, unit, sample)
                };
                rows.push([symbol("δ", Some(layer), &[unit + 1]), formula, numbers, plain_number(delta)]);
            }
        }
        rows
    }

    /// `δⱼ = Σᵢ ∂L/∂ŷᵢ · ∂ŷᵢ/∂zⱼ`, divided by the number of samples if the batch is a mean.
    fn output_delta(&self, unit: usize, sample: usize) -> (String, String) {
        let jacobian = self.of("output_jacobian", sample + 1);
        let gradient = &self.matrix("output_gradient")[sample];
        let reaches = |(output, _): &(usize, &f64)| jacobian[*output][unit] != 0.0 || *output == unit;
        let terms = gradient.iter().enumerate().filter(reaches);
        let numbers = sum(terms.map(|(output, &value)| product(&[value, jacobian[output][unit]])).collect());
        let formula = format!("Σᵢ ∂L/∂ŷᵢ·∂ŷᵢ/∂{}", symbol("z", Some(self.layers), &[unit + 1]));
        if self.divisor == 1.0 {
            return (formula, numbers);
        }
        (format!("({formula})/{}", self.divisor), format!("({numbers})/{}", self.divisor))
    }

    /// `δᵢ = φ'(zᵢ) · Σⱼ wᵢⱼ·δⱼ`
    fn hidden_delta(&self, layer: usize, unit: usize, sample: usize) -> (String, String) {
        let above = &self.of("delta", layer + 1)[sample];
        let weights = &self.of("weights", layer + 1)[unit];
        let terms = weights.iter().zip(above).map(|(&weight, &delta)| product(&[weight, delta]));
        let derivative = factor(self.of("derivative", layer)[sample][unit]);
        let formula = format!(
            "φ'({})·Σⱼ {}·{}",
            symbol("z", Some(layer), &[unit + 1]),
            format_args!("{}ⱼ", symbol("w", Some(layer + 1), &[unit + 1])),
            format_args!("{}ⱼ", symbol("δ", Some(layer + 1), &[])),
        );
        (formula, format!("{derivative}·({})", sum(terms.collect())))
    }

    /// The gradient and the update of every parameter of a layer; θ are the parameters that its activation learns.
    pub(super) fn updates(&self, layer: usize) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        for (input, weights) in self.of("weights", layer).iter().enumerate() {
            for (unit, &weight) in weights.iter().enumerate() {
                let gradient = self.of("weight_gradient", layer)[input][unit];
                let place = symbol("w", Some(layer), &[input + 1, unit + 1]);
                let after = self.of("new_weights", layer)[input][unit];
                rows.push(self.update(
                    place,
                    self.products(layer, Some(input), unit),
                    [weight, gradient, after],
                ));
            }
        }
        for (unit, &bias) in self.of("biases", layer).iter().flatten().enumerate() {
            let gradient = self.of("bias_gradient", layer)[0][unit];
            let after = self.of("new_biases", layer)[0][unit];
            let place = symbol("b", Some(layer), &[unit + 1]);
            rows.push(self.update(place, self.products(layer, None, unit), [bias, gradient, after]));
        }
        for (index, &parameter) in self.of("learnt", layer).iter().flatten().enumerate() {
            let gradient = self.of("learnt_gradient", layer)[0][index];
            let after = self.of("new_learnt", layer)[0][index];
            let place = symbol("θ", Some(layer), &[index + 1]);
            rows.push(self.update(place, String::new(), [parameter, gradient, after]));
        }
        rows
    }

    /// `Σ a·δ` over the samples, or `Σ δ` for a bias; empty if the gradient contains more than that.
    fn products(&self, layer: usize, input: Option<usize>, unit: usize) -> String {
        if !self.is_bare {
            return String::new();
        }
        let deltas = self.of("delta", layer).iter().map(|deltas| deltas[unit]);
        let terms = deltas.enumerate().map(|(sample, delta)| match input {
            Some(input) => product(&[self.below(layer, sample)[input], delta]),
            None => factor(delta),
        });
        sum(terms.collect())
    }

    fn update(&self, place: String, numbers: String, [before, gradient, after]: [f64; 3]) -> Vec<String> {
        let step = match self.rule {
            LearningRule::Plain => {
                let moved = product(&[self.traced.learning_rate, gradient]);
                format!("{} − {moved}", plain_number(before))
            }
            LearningRule::Other(_) => format!("from {}", plain_number(before)),
        };
        vec![place, numbers, plain_number(gradient), step, plain_number(after)]
    }

    /// The sum of all entries, which a formula without a free index would give in place of each entry.
    pub(super) fn sum_of_gradients(&self, layer: usize) -> String {
        let gradients = self.of("weight_gradient", layer).concat();
        let n = gradients.len();
        let what = if n == 1 { "The only entry".to_owned() } else { format!("The sum of the {n} entries") };
        let gradient = format!("∂J/∂{}", symbol("W", Some(layer), &[]));
        format!("{what} of {gradient} is {}.", plain_number(gradients.iter().sum()))
    }
}

/// The name of an item: `"sgd"`, or the key of `{ adam = { … } }`.
fn name(value: &Value) -> &str {
    let key = value.as_object().and_then(|table| table.keys().next());
    value.as_str().or(key.map(String::as_str)).unwrap_or("the optimizer")
}
