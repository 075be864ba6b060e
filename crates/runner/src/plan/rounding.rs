//! Detects values that single precision cannot distinguish from 0, from infinity or from each other.

use crate::spec::{Experiment, Grid, Point};
use chainrule_record::ExperimentKind;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};

/// The settings that the engine uses in the precision of the run; all others are used in double precision.
const IN_PRECISION: [&str; 14] = [
    "activation",
    "biases",
    "clip_norm",
    "clip_value",
    "dropout",
    "feature_noise",
    "initialization",
    "learning_rate",
    "loss",
    "optimizer",
    "output",
    "penalty",
    "weight_decay",
    "weights",
];

/// The maximum number of values to list.
const MAX_NAMED: usize = 6;

/// A warning for every setting with such values in single-precision runs.
pub(super) fn warnings(experiment: &Experiment) -> Vec<String> {
    let mut warnings = Vec::new();
    if experiment.kind == ExperimentKind::Function {
        return warnings;
    }
    for grid in experiment.grids.iter().filter(|grid| is_single(experiment, grid)) {
        for name in IN_PRECISION {
            let points = points(experiment, grid, name);
            warnings.extend(lost(name, points).into_iter().chain(merged(name, points)));
        }
    }
    let mut seen = HashSet::new();
    warnings.retain(|warning| seen.insert(warning.clone()));
    warnings
}

fn is_single(experiment: &Experiment, grid: &Grid) -> bool {
    points(experiment, grid, "precision").iter().any(|point| point.value == "f32")
}

/// The values of a setting in a sub-grid.
fn points<'a>(experiment: &'a Experiment, grid: &'a Grid, name: &str) -> &'a [Point] {
    let axis = grid.axes.iter().find(|axis| axis.setting.name == name);
    let fixed = || experiment.fixed.get(name).map_or(&[][..], std::slice::from_ref);
    axis.map_or_else(fixed, |axis| &axis.points)
}

/// The single-precision result of a number, if it changes the meaning.
fn becomes(number: f64) -> Option<&'static str> {
    let single = f64::from(number as f32);
    match number.abs() {
        size if single == 0.0 && size > 0.0 => Some("0"),
        _ if single.is_infinite() => Some("infinite"),
        size if size < 1.0 && single.abs() == 1.0 => Some("1"),
        _ => None,
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Number(number) => number.as_f64().into_iter().collect(),
        Value::Array(items) => items.iter().flat_map(numbers).collect(),
        Value::Object(table) => table.values().flat_map(numbers).collect(),
        _ => Vec::new(),
    }
}

/// `learning_rate 1e-46 becomes 0 in single precision`
fn lost(name: &str, points: &[Point]) -> Vec<String> {
    let outcomes = ["0", "infinite", "1"];
    let warning = |outcome: &&str| {
        let is_hit = |point: &&Point| numbers(&point.value).into_iter().any(|x| becomes(x) == Some(outcome));
        let labels: Vec<&str> = points.iter().filter(is_hit).map(|point| point.label.as_str()).collect();
        let is_number = points.iter().all(|point| point.value.is_number());
        let becomes = match (is_number, labels.len()) {
            (_, 0) => return None,
            (true, 1) => format!("becomes {outcome}"),
            (true, _) => format!("become {outcome}"),
            (false, _) => format!("has a number that becomes {outcome}"),
        };
        Some(format!("{name} {} {becomes} in single precision. {ADVICE}", named(&labels)))
    };
    outcomes.iter().filter_map(warning).collect()
}

/// `learning_rate 0.1 and 0.10000000001 are the same in single precision`
fn merged(name: &str, points: &[Point]) -> Vec<String> {
    let kept: Vec<&Point> = points
        .iter()
        .filter(|point| numbers(&point.value).into_iter().all(|x| becomes(x).is_none()))
        .collect();
    let mut groups: Vec<(Value, Vec<&Point>)> = Vec::new();
    let mut places = HashMap::new();
    for point in kept {
        let single = single(&point.value);
        let place = *places.entry(single.to_string()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, group)) if group.iter().all(|known| known.value != point.value) => group.push(point),
            Some(_) => {}
            None => groups.push((single, vec![point])),
        }
    }
    let warning = |(_, group): &(Value, Vec<&Point>)| {
        let labels: Vec<&str> = group.iter().map(|point| point.label.as_str()).collect();
        (labels.len() > 1)
            .then(|| format!("{name} {} are the same in single precision. {ADVICE}", named(&labels)))
    };
    groups.iter().filter_map(warning).collect()
}

const ADVICE: &str = "Set `precision = \"f64\"` in [train], or choose other values.";

/// A value with every number rounded to single precision.
fn single(value: &Value) -> Value {
    match value {
        Value::Number(number) => number.as_f64().map_or(Value::Null, |x| json!(f64::from(x as f32))),
        Value::Array(items) => items.iter().map(single).collect(),
        Value::Object(table) => table.iter().map(|(key, value)| (key.clone(), single(value))).collect(),
        other => other.clone(),
    }
}

fn named(labels: &[&str]) -> String {
    match labels.len().saturating_sub(MAX_NAMED) {
        0 => match labels.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            _ => labels.concat(),
        },
        more => format!("{} and {more} more", labels[..MAX_NAMED].join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec;

    fn warned(body: &str) -> Vec<String> {
        let text = format!("question = \"?\"\n[data]\ndataset = \"xor\"\n{body}");
        let (file, assignments) = spec::parse::parse("test.toml", &text, &[]).unwrap();
        warnings(&spec::check::check(std::path::Path::new("test.toml"), file, assignments).unwrap())
    }

    /// The smallest number above 0 in single precision is 2⁻¹⁴⁹ = 1.4e-45, and half of it rounds to 0.
    #[test]
    fn values_that_become_zero_or_infinite_are_named() {
        let found = warned("[grid]\nlearning_rate = [1e-46, 1e-320, 1e-45, 0.1]\n");
        assert_eq!(found, [format!("learning_rate 1e-46 and 1e-320 become 0 in single precision. {ADVICE}")]);
        let found = warned("[train]\nlearning_rate = 1e39\n");
        assert_eq!(found, [format!("learning_rate 1e39 becomes infinite in single precision. {ADVICE}")]);
        let found = warned("[train]\noptimizer = { adam = { beta1 = 0.999999999 } }\n");
        let expected = "optimizer adam(beta1=0.999999999) has a number that becomes 1 in single precision";
        assert_eq!(found, [format!("{expected}. {ADVICE}")]);
        assert!(warned("[train]\nprecision = \"f64\"\n[grid]\nlearning_rate = [1e-46, 1e39]\n").is_empty());
    }

    /// 0.1 and its neighbours in single precision are 7.45e-9 apart.
    #[test]
    fn values_that_become_the_same_are_named() {
        let found = warned("[grid]\nlearning_rate = [0.1, 0.1000000001, 0.2]\n");
        let expected = "learning_rate 0.1 and 0.1000000001 are the same in single precision";
        assert_eq!(found, [format!("{expected}. {ADVICE}")]);
        assert!(warned("[grid]\nlearning_rate = [0.1, 0.10000001, 0.2]\n").is_empty());
    }
}
