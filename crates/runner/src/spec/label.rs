//! Short names of values for people.

use super::kind::Kind;
use chainrule_core::registry::Entry;
use chainrule_record::{Digest, text_without_folders};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};

/// A short name of a setting's value, without parameters that have their default.
pub fn label(kind: &Kind, value: &Value) -> String {
    match (kind, value) {
        (Kind::Family(entries) | Kind::NumberListsOr(entries), Value::Object(table)) => {
            item_label(&entries(), table)
        }
        (Kind::Widths, Value::Array(widths)) if widths.is_empty() => "no hidden layer".to_owned(),
        (Kind::Widths, Value::Array(widths)) => widths_label(widths),
        (Kind::WordOr(_, kind), value) if !value.is_string() => label(kind, value),
        (Kind::Table(table), Value::Object(fields)) => (table.label)(fields),
        (_, Value::Array(values)) if values.is_empty() => "none".to_owned(),
        (Kind::Matrices | Kind::NumberListsOr(_), Value::Array(layers)) => numbers_label(layers, "layer"),
        (_, value) => plain(value),
    }
}

/// Widths joined by `-`. Four or more equal widths are counted, as in `50×6`.
fn widths_label(widths: &[Value]) -> String {
    let equal = widths.chunk_by(|a, b| a == b);
    let label = |equal: &[Value]| match equal {
        [width, _, _, _, ..] => format!("{}×{}", plain(width), equal.len()),
        few => few.iter().map(plain).collect::<Vec<_>>().join("-"),
    };
    equal.map(label).collect::<Vec<_>>().join("-")
}

fn item_label(entries: &[Entry], table: &Map<String, Value>) -> String {
    let Some((name, Value::Object(values))) = table.iter().next() else { return String::new() };
    let defaults = entries.iter().find(|entry| entry.name == name).map(|entry| &entry.parameters);
    let is_default = |key: &str, value: &Value| {
        let parameter =
            defaults.and_then(|parameters| parameters.iter().find(|parameter| parameter.name == key));
        parameter.is_some_and(|parameter| same(value, &json!(parameter.default)))
    };
    let given = values.iter().filter(|(key, value)| !is_default(key, value));
    let given: Vec<_> = given.map(|(key, value)| format!("{key}={}", plain(value))).collect();
    if given.is_empty() { name.clone() } else { format!("{name}({})", given.join(", ")) }
}

/// Whether two values are the same. Numbers are compared by size, so an integer may equal a decimal.
fn same(a: &Value, b: &Value) -> bool {
    a == b || (a.is_number() && a.as_f64() == b.as_f64())
}

pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text_without_folders(text),
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() => float_label(float),
            _ => number.to_string(),
        },
        Value::Array(rows) if !rows.is_empty() && rows.iter().all(Value::is_array) => {
            numbers_label(rows, "row")
        }
        other => other.to_string(),
    }
}

/// The maximum number of numbers to list completely.
const NAMED: usize = 4;
/// The number of leading numbers to show otherwise.
const SHOWN: usize = 2;
/// Number of hexadecimal digits in a mark.
const MARK: usize = 6;

/// `[[0.9, 0.1]]`, or `[0, 0, …; 4 rows, #1f8e0b]` for too many numbers: the first of them, and the beginning of a
/// digest of all.
fn numbers_label(parts: &[Value], part: &str) -> String {
    let numbers: Vec<&Value> = parts.iter().flat_map(numbers).collect();
    if numbers.len() <= NAMED {
        return listed(parts);
    }
    let first: Vec<String> = numbers.iter().take(SHOWN).map(|number| plain(number)).collect();
    let parts_are = if parts.len() == 1 { part.to_owned() } else { format!("{part}s") };
    format!("[{}, …; {} {parts_are}, {}]", first.join(", "), parts.len(), mark(&json!(parts)))
}

/// The numbers of nested lists, in order.
fn numbers(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |items| items.iter().flat_map(numbers).collect())
}

/// `[[0.9, 0.1], [0, 1]]`
fn listed(items: &[Value]) -> String {
    let item = |item: &Value| item.as_array().map_or_else(|| plain(item), |items| listed(items));
    format!("[{}]", items.iter().map(item).collect::<Vec<_>>().join(", "))
}

/// A mark that distinguishes values with the same beginning.
fn mark(value: &Value) -> String {
    format!("#{}", &Digest::of(value.to_string().as_bytes()).short()[..MARK])
}

/// Adds a mark to every label that several values share.
pub(crate) fn tell_apart<'a>(named: impl Iterator<Item = (&'a mut String, &'a Value)>) {
    let mut named: Vec<_> = named.collect();
    let mut values: HashMap<String, HashSet<String>> = HashMap::new();
    for (label, value) in &named {
        values.entry((*label).clone()).or_default().insert(value.to_string());
    }
    for (label, value) in named.iter_mut().filter(|(label, _)| values[*label].len() > 1) {
        let mark = mark(value);
        **label += &format!(" {mark}");
    }
}

/// The shortest text that reads back to the same number, without `.0`; very small and very large numbers have an
/// exponent.
fn float_label(float: f64) -> String {
    let is_plain = float == 0.0 || (1e-4..1e7).contains(&float.abs());
    if is_plain { format!("{float}") } else { format!("{float:e}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::setting;

    #[test]
    fn labels_are_short() {
        let label_of = |name: &str, value: Value| label(&setting(name).unwrap().kind, &value);
        assert_eq!(label_of("activation", json!("relu")), "relu");
        assert_eq!(label_of("activation", json!({"leaky_relu": {"slope": 0.01}})), "leaky_relu");
        assert_eq!(label_of("activation", json!({"leaky_relu": {"slope": 0.2}})), "leaky_relu(slope=0.2)");
        assert_eq!(label_of("architecture", json!([64, 32])), "64-32");
        assert_eq!(label_of("architecture", json!([])), "no hidden layer");
        assert_eq!(label_of("architecture", json!([32, 32, 32])), "32-32-32");
        assert_eq!(label_of("architecture", json!([64, 50, 50, 50, 50, 8])), "64-50×4-8");
        assert_eq!(label_of("measure", json!([])), "none");
        assert_eq!(label_of("learning_rate", json!(0.001)), "0.001");
        assert_eq!(label_of("learning_rate", json!(0.00001)), "1e-5");
        assert_eq!(label_of("learning_rate", json!(1.0)), "1");
        assert_eq!(label_of("batch_size", json!("full")), "full");
        let csv = |path: &str| label_of("dataset", json!({"csv": {"path": path}}));
        assert_eq!(csv("tables/wine.csv"), "csv(path=tables/wine.csv)");
        let absolute = csv("/home/ada/wine.csv");
        assert!(absolute.starts_with("csv(path=wine.csv#") && !absolute.contains("ada"), "{absolute}");
        assert_ne!(absolute, csv("/home/bob/wine.csv"));
        // Values that differ in one or two numbers have different names.
        let inline = |x: Value, y: Value| label_of("dataset", json!({"inline": {"x": x, "y": y}}));
        assert_eq!(inline(json!([[2]]), json!([[0.9, 0.1]])), "inline(x=[[2]], y=[[0.9, 0.1]])");
        assert_eq!(
            inline(json!([[0, 0, 1], [1, 0, 1]]), json!([[0], [1]])),
            "inline(x=[0, 0, …; 2 rows, #b95a85], y=[[0], [1]])"
        );
        let weights = |last: f64| label_of("weights", json!([[[0.1, 0.2]], [[0.3], [0.4], [last]]]));
        assert_eq!(
            label_of("weights", json!([[[0.1, 0.2]], [[0.3], [0.4]]])),
            "[[[0.1, 0.2]], [[0.3], [0.4]]]"
        );
        assert!(weights(0.5).starts_with("[0.1, 0.2, …; 2 layers, #"), "{}", weights(0.5));
        assert_ne!(weights(0.5), weights(0.6));
        assert_eq!(label_of("biases", json!([[0.5, -1.0]])), "[[0.5, -1]]");
        assert_eq!(label_of("biases", json!(0.25)), "0.25");
        let goal = |stop: bool| {
            let goal = json!({"metric": "train_loss", "reaches": 0.1, "stop": stop});
            label_of("target", goal)
        };
        assert_eq!(
            (goal(false).as_str(), goal(true).as_str()),
            ("train_loss reaches 0.1", "train_loss reaches 0.1, stop")
        );
    }

    #[test]
    fn equal_labels_of_different_values_are_marked() {
        let mut labels = ["a", "a", "b"].map(str::to_owned);
        let values = [json!(1), json!(2), json!(3)];
        tell_apart(labels.iter_mut().zip(&values));
        assert_ne!(labels[0], labels[1]);
        assert!(labels[0].starts_with("a #"), "{labels:?}");
        assert_eq!(labels[2], "b");
    }
}
