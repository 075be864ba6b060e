//! Axes: lists of values, and ranges of numbers.

use super::diagnostic::{Diagnostic, suggestion};
use super::experiment::{Axis, Point};
use super::label::label;
use super::parse::{Entry, Node, NodeValue};
use super::settings::Setting;
use chainrule_core::math::double;
use std::collections::HashSet;

/// The keys that make a table a range.
const RANGES: [&str; 2] = ["log", "linear"];

/// The most points that a range may have.
const MOST_POINTS: i128 = 100_000;

/// Whether a value is an axis rather than one value of a setting.
pub(super) fn is_axis(setting: &Setting, node: &Node) -> bool {
    match &node.value {
        NodeValue::List(_) => setting.kind.list_depth() != Some(depth(node)),
        NodeValue::Table(entries) => {
            setting.kind.is_numeric() && entries.iter().any(|e| RANGES.contains(&&*e.key))
        }
        _ => false,
    }
}

/// How deep lists are nested: 1 for a list of numbers.
fn depth(node: &Node) -> usize {
    match &node.value {
        NodeValue::List(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// Reads an axis.
pub(super) fn read(setting: &'static Setting, entry: &Entry, errors: &mut Vec<Diagnostic>) -> Option<Axis> {
    let nodes = match &entry.value.value {
        NodeValue::List(items) if is_list_of_widths(setting, items) => {
            let message = format!("`{}` in [grid] must be a list of lists", setting.name);
            let error = Diagnostic::new(message, &entry.value.span, "one list for each value");
            errors.push(error.help("as in [[32], [64], [64, 32]]; [] is no hidden layer"));
            return None;
        }
        NodeValue::List(items) => items.clone(),
        NodeValue::Table(table) if is_axis(setting, &entry.value) => {
            range(setting, &entry.value, table, errors)?
        }
        _ => {
            errors.push(not_an_axis(setting, entry));
            return None;
        }
    };
    if nodes.is_empty() {
        let message = format!("the axis `{}` is empty", setting.name);
        errors.push(Diagnostic::new(message, &entry.value.span, "expected at least one value"));
        return None;
    }
    let points = points(setting, &nodes, errors)?;
    Some(Axis { setting, points, span: entry.key_span.clone() })
}

/// One value of a setting whose values are lists, where its axis should be.
fn is_list_of_widths(setting: &Setting, items: &[Node]) -> bool {
    let is_list = |item: &Node| matches!(item.value, NodeValue::List(_));
    matches!(setting.kind, super::Kind::Widths) && !items.is_empty() && !items.iter().any(is_list)
}

fn not_an_axis(setting: &Setting, entry: &Entry) -> Diagnostic {
    let message = format!("`{}` in [grid] must be a list of values", setting.name);
    let range = if setting.kind.is_numeric() { ", or a range { log = [0.001, 1], points = 7 }" } else { "" };
    let error = Diagnostic::new(message, &entry.value.span, format!("expected a list{range}"));
    error.help(format!("a single value stands in [{}]", setting.section.name()))
}

fn points(setting: &'static Setting, nodes: &[Node], errors: &mut Vec<Diagnostic>) -> Option<Vec<Point>> {
    let before = errors.len();
    let mut points: Vec<Point> = Vec::new();
    let mut known = HashSet::new();
    for node in nodes {
        let Some(value) = setting.kind.read(setting.name, node, errors) else { continue };
        let label = label(&setting.kind, &value);
        if !known.insert(value.to_string()) {
            let message = format!("the axis `{}` has the value {label} twice", setting.name);
            errors
                .push(Diagnostic::new(message, &node.span, "already in the list").help("remove one of them"));
        }
        points.push(Point { value, label, span: Some(node.span.clone()) });
    }
    (errors.len() == before).then_some(points)
}

/// The numbers of `{ log = [a, b], points = n }` or `{ linear = [a, b], points = n }`, as if they had been written.
fn range(setting: &Setting, node: &Node, table: &[Entry], errors: &mut Vec<Diagnostic>) -> Option<Vec<Node>> {
    let before = errors.len();
    let (mut ends, mut n, mut logarithmic) = (None, None, false);
    for entry in table {
        match entry.key.as_str() {
            "log" | "linear" => {
                logarithmic = entry.key == "log";
                if ends.replace(range_ends(entry, logarithmic, errors)).is_some() {
                    let error = Diagnostic::new(
                        "a range is `log` or `linear`, not both",
                        &entry.key_span,
                        "remove one",
                    );
                    errors.push(error);
                }
            }
            "points" => n = Some(range_points(entry, errors)),
            unknown => {
                let message = format!("unknown key `{unknown}` in a range");
                let error = Diagnostic::new(message, &entry.key_span, "unknown");
                errors.push(error.help(suggestion(unknown, &["log", "linear", "points"])));
            }
        }
    }
    if n.is_none() {
        let message = format!("the range of `{}` needs `points`", setting.name);
        errors.push(Diagnostic::new(message, &node.span, "expected { log = [a, b], points = n }"));
    }
    let ([low, high], n) = ends.flatten().zip(n.flatten())?;
    let whole =
        matches!(setting.kind, super::Kind::Whole { .. } | super::Kind::WordOr(_, super::Kind::Whole { .. }));
    let point = |index: u32| {
        let value = range_value(low, high, f64::from(index) / f64::from(n - 1), logarithmic);
        let value = if whole { NodeValue::Integer(value.round() as i128) } else { NodeValue::Float(value) };
        Node { value, span: node.span.clone() }
    };
    let nodes: Vec<Node> = (0..n).map(point).collect();
    if nodes.windows(2).any(|pair| pair[0].value == pair[1].value) {
        let rounded = if whole { "whole numbers" } else { "6 significant digits" };
        let message = format!("the range of `{}` is too narrow for {n} points", setting.name);
        let error = Diagnostic::new(message, &node.span, format!("rounded to {rounded}, some are the same"));
        errors.push(error.help("ask for fewer points, or move the ends apart"));
    }
    (errors.len() == before).then_some(nodes)
}

fn range_ends(entry: &Entry, logarithmic: bool, errors: &mut Vec<Diagnostic>) -> Option<[f64; 2]> {
    let number = |node: &Node| match node.value {
        NodeValue::Integer(integer) => Some(integer as f64),
        NodeValue::Float(float) => Some(float),
        _ => None,
    };
    let ends = match &entry.value.value {
        NodeValue::List(items) => items.iter().map(number).collect::<Option<Vec<_>>>(),
        _ => None,
    };
    let lowest = if logarithmic { 0.0 } else { f64::NEG_INFINITY };
    match ends.as_deref() {
        Some(&[low, high]) if lowest < low && low < high && high < f64::INFINITY => Some([low, high]),
        _ => {
            let expected = if logarithmic { "[a, b] with 0 < a < b" } else { "[a, b] with a < b" };
            let message = format!("`{}` needs its two ends, the lower one first", entry.key);
            errors.push(Diagnostic::new(message, &entry.value.span, format!("expected {expected}")));
            None
        }
    }
}

fn range_points(entry: &Entry, errors: &mut Vec<Diagnostic>) -> Option<u32> {
    match entry.value.value {
        NodeValue::Integer(n @ 2..=MOST_POINTS) => Some(n as u32),
        _ => {
            let expected = format!("expected a whole number from 2 to {MOST_POINTS}");
            errors.push(Diagnostic::new("`points` is out of range", &entry.value.span, expected));
            None
        }
    }
}

/// The point at `share` of the way, rounded to 6 significant digits so that it is the same everywhere.
fn range_value(low: f64, high: f64, share: f64, logarithmic: bool) -> f64 {
    let value = if logarithmic {
        double::exp(double::ln(low) + share * (double::ln(high) - double::ln(low)))
    } else {
        low + share * (high - low)
    };
    format!("{value:.5e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_ranges_have_round_numbers() {
        let values: Vec<f64> = (0..7).map(|i| range_value(1e-3, 1.0, f64::from(i) / 6.0, true)).collect();
        assert_eq!(values, [0.001, 0.003_162_28, 0.01, 0.031_622_8, 0.1, 0.316_228, 1.0]);
        let values: Vec<f64> = (0..4).map(|i| range_value(0.0, 0.3, f64::from(i) / 3.0, false)).collect();
        assert_eq!(values, [0.0, 0.1, 0.2, 0.3]);
    }
}
