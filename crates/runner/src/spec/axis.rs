//! Axes: lists of values, and ranges of numbers.

use super::diagnostic::{Diagnostic, suggestion};
use super::experiment::{Axis, Point};
use super::label::{label, tell_apart};
use super::parse::{Entry, Node, NodeValue};
use super::setting::Setting;
use chainrule_core::math::double;
use std::collections::HashSet;

/// The keys that make a table a range.
const RANGES: [&str; 2] = ["log", "linear"];

/// The maximum number of points in a range.
const MOST_POINTS: i128 = 100_000;

/// Whether a value is an axis rather than a single value of a setting.
pub(super) fn is_axis(setting: &Setting, node: &Node) -> bool {
    match &node.value {
        NodeValue::List(_) => setting.kind.list_depth() != Some(depth(node)),
        NodeValue::Table(entries) => {
            setting.kind.is_numeric() && entries.iter().any(|e| RANGES.contains(&&*e.key))
        }
        _ => false,
    }
}

/// The nesting depth of lists: 1 for a list of numbers.
fn depth(node: &Node) -> usize {
    match &node.value {
        NodeValue::List(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// Reads an axis. If it advances together with others (`may_repeat`), it may repeat a value.
pub(super) fn read(
    setting: &'static Setting,
    entry: &Entry,
    may_repeat: bool,
    errors: &mut Vec<Diagnostic>,
) -> Option<Axis> {
    let nodes = match &entry.value.value {
        NodeValue::List(items) if is_list_of_widths(setting, items) => {
            let message = format!("`{}` in [grid] must be a list of lists", setting.name);
            let error = Diagnostic::new(message, &entry.value.span, "one list for each value");
            errors.push(error.help("as in [[32], [64], [64, 32]]; [] means no hidden layer"));
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
    let points = points(setting, &nodes, may_repeat, errors)?;
    Some(Axis { setting, points, span: entry.key_span.clone() })
}

/// Whether the axis is really one value of a setting whose values are lists.
fn is_list_of_widths(setting: &Setting, items: &[Node]) -> bool {
    let is_list = |item: &Node| matches!(item.value, NodeValue::List(_));
    matches!(setting.kind, super::Kind::Widths) && !items.is_empty() && !items.iter().any(is_list)
}

fn not_an_axis(setting: &Setting, entry: &Entry) -> Diagnostic {
    let message = format!("`{}` in [grid] must be a list of values", setting.name);
    let range = if setting.kind.is_numeric() { ", or a range { log = [0.001, 1], points = 7 }" } else { "" };
    let error = Diagnostic::new(message, &entry.value.span, format!("expected a list{range}"));
    error.help(format!("put a single value in [{}]", setting.section.name()))
}

fn points(
    setting: &'static Setting,
    nodes: &[Node],
    may_repeat: bool,
    errors: &mut Vec<Diagnostic>,
) -> Option<Vec<Point>> {
    let before = errors.len();
    let mut points: Vec<Point> = Vec::new();
    let mut known = HashSet::new();
    for node in nodes {
        let Some(value) = setting.kind.read(setting.name, node, errors) else { continue };
        let label = label(&setting.kind, &value);
        if !known.insert(value.to_string()) && !may_repeat {
            let message = format!("the axis `{}` has the value {label} twice", setting.name);
            errors
                .push(Diagnostic::new(message, &node.span, "already in the list").help("remove one of them"));
        }
        points.push(Point { value, label, span: Some(node.span.clone()) });
    }
    tell_apart(points.iter_mut().map(|point| (&mut point.label, &point.value)));
    (errors.len() == before).then_some(points)
}

/// The numbers of `{ log = [a, b], points = n }` or `{ linear = [a, b], points = n }`, as if they were written in the
/// file.
fn range(setting: &Setting, node: &Node, table: &[Entry], errors: &mut Vec<Diagnostic>) -> Option<Vec<Node>> {
    let before = errors.len();
    let (mut ends, mut n, mut logarithmic) = (None, None, false);
    for entry in table {
        match entry.key.as_str() {
            "log" | "linear" => {
                logarithmic = entry.key == "log";
                if ends.replace(range_ends(entry, logarithmic, errors)).is_some() {
                    let error = Diagnostic::new(
                        "a range is either `log` or `linear`, not both",
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
    let (ends, n) = ends.flatten().zip(n.flatten())?;
    let whole = setting.kind.is_whole();
    let ends = if whole { ends.map(as_whole) } else { ends };
    let range = Range { ends, n, logarithmic, whole };
    let Some(values) = range.values() else {
        let message = format!("the range of `{}` is too narrow for {n} points", setting.name);
        let numbers = if whole { "whole numbers" } else { "numbers" };
        let error = Diagnostic::new(message, &node.span, format!("it contains fewer {numbers}"));
        errors.push(error.help("use fewer points, or a wider range"));
        return None;
    };
    let nodes = values.into_iter().map(|value| Node { value, span: node.span.clone() }).collect();
    (errors.len() == before).then_some(nodes)
}

/// Numbers between two ends, which are included.
struct Range {
    /// The ends as written, the lower one first; each is an integer or a float.
    ends: [NodeValue; 2],
    /// The number of points, at least 2.
    n: u32,
    /// Whether neighbours have a common ratio instead of a common difference.
    logarithmic: bool,
    /// Whether the setting takes whole numbers.
    whole: bool,
}

impl Range {
    /// The minimum number of significant digits to which inner points are rounded for readability.
    const MIN_DIGITS: usize = 6;
    /// This many digits distinguish any two numbers.
    const MAX_DIGITS: usize = 17;

    /// The points: the ends exactly as written, the others rounded to as few digits as keep all of them distinct.
    /// `None` if there are not enough different numbers.
    fn values(&self) -> Option<Vec<NodeValue>> {
        (Self::MIN_DIGITS..=Self::MAX_DIGITS).map(|digits| self.rounded(digits)).find(|all| is_ascending(all))
    }

    fn rounded(&self, digits: usize) -> Vec<NodeValue> {
        let between = (1..self.n - 1).map(|index| self.between(index, digits));
        let [low, high] = &self.ends;
        [low.clone()].into_iter().chain(between).chain([high.clone()]).collect()
    }

    fn between(&self, index: u32, digits: usize) -> NodeValue {
        if let ([NodeValue::Integer(low), NodeValue::Integer(high)], true, false) =
            (&self.ends, self.whole, self.logarithmic)
            && (digits == Self::MAX_DIGITS || *high > 1 << f64::MANTISSA_DIGITS)
        {
            // An `f64` cannot represent every whole number of this size.
            let (steps, half) = (i128::from(self.n) - 1, (i128::from(self.n) - 1) / 2);
            return NodeValue::Integer(low + ((high - low) * i128::from(index) + half) / steps);
        }
        let share = f64::from(index) / f64::from(self.n - 1);
        let [low, high] = self.ends.each_ref().map(|end| number(end).unwrap_or(f64::NAN));
        let value = range_value(low, high, share, self.logarithmic, digits);
        if self.whole { NodeValue::Integer(value.round() as i128) } else { NodeValue::Float(value) }
    }
}

/// Whether each number is larger than the previous one.
fn is_ascending(values: &[NodeValue]) -> bool {
    values.windows(2).all(|pair| match pair {
        [NodeValue::Integer(a), NodeValue::Integer(b)] => a < b,
        [a, b] => number(a) < number(b),
        _ => true,
    })
}

/// Turns `5.0` into `5`, and leaves other values unchanged.
fn as_whole(value: NodeValue) -> NodeValue {
    match value {
        NodeValue::Float(float) if float.fract() == 0.0 => NodeValue::Integer(float as i128),
        other => other,
    }
}

fn number(value: &NodeValue) -> Option<f64> {
    match value {
        NodeValue::Integer(integer) => Some(*integer as f64),
        NodeValue::Float(float) => Some(*float),
        _ => None,
    }
}

fn range_ends(entry: &Entry, logarithmic: bool, errors: &mut Vec<Diagnostic>) -> Option<[NodeValue; 2]> {
    let ends = match &entry.value.value {
        NodeValue::List(items) => items.as_slice(),
        _ => &[],
    };
    let lowest = if logarithmic { 0.0 } else { f64::NEG_INFINITY };
    if let [low, high] = ends
        && let Some((a, b)) = number(&low.value).zip(number(&high.value))
        && lowest < a
        && is_ascending(&[low.value.clone(), high.value.clone()])
        && b < f64::INFINITY
    {
        return Some([low.value.clone(), high.value.clone()]);
    }
    let expected = if logarithmic { "[a, b] with 0 < a < b" } else { "[a, b] with a < b" };
    let message = format!("`{}` needs two ends in ascending order", entry.key);
    errors.push(Diagnostic::new(message, &entry.value.span, format!("expected {expected}")));
    None
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

/// The point at the fraction `share` of the range, rounded to `digits` significant digits to be the same on all
/// platforms.
fn range_value(low: f64, high: f64, share: f64, logarithmic: bool, digits: usize) -> f64 {
    let value = if logarithmic {
        double::exp(double::ln(low) + share * (double::ln(high) - double::ln(low)))
    } else {
        low + share * (high - low)
    };
    format!("{value:.*e}", digits - 1).parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(ends: [NodeValue; 2], n: u32, logarithmic: bool, whole: bool) -> Option<Vec<NodeValue>> {
        Range { ends, n, logarithmic, whole }.values()
    }

    fn floats(ends: [f64; 2], n: u32, logarithmic: bool) -> Vec<f64> {
        let all = range(ends.map(NodeValue::Float), n, logarithmic, false).unwrap();
        all.iter().filter_map(number).collect()
    }

    fn whole(ends: [i128; 2], n: u32) -> Option<Vec<i128>> {
        let integer = |value: &NodeValue| match value {
            NodeValue::Integer(integer) => *integer,
            other => panic!("{other:?}"),
        };
        Some(range(ends.map(NodeValue::Integer), n, false, true)?.iter().map(integer).collect())
    }

    #[test]
    fn log_ranges_have_round_numbers() {
        let values = floats([1e-3, 1.0], 7, true);
        assert_eq!(values, [0.001, 0.003_162_28, 0.01, 0.031_622_8, 0.1, 0.316_228, 1.0]);
        assert_eq!(floats([0.0, 0.3], 4, false), [0.0, 0.1, 0.2, 0.3]);
    }

    #[test]
    fn ends_are_those_that_are_written() {
        assert_eq!(floats([0.123_456_789, 1.234_567_891], 2, true), [0.123_456_789, 1.234_567_891]);
        assert_eq!(whole([1_234_567, 2_234_567], 2), Some(vec![1_234_567, 2_234_567]));
        // Above 2⁵³ an `f64` cannot distinguish neighbouring integers.
        let large = 9_007_199_254_740_993;
        assert_eq!(whole([large, large + 4], 3), Some(vec![large, large + 2, large + 4]));
    }

    #[test]
    fn points_between_close_ends_have_as_many_digits_as_they_need() {
        assert_eq!(whole([1_234_567, 1_234_569], 3), Some(vec![1_234_567, 1_234_568, 1_234_569]));
        assert_eq!(whole([1, 3], 4), None, "there are three whole numbers");
        assert_eq!(floats([1.000_000_1, 1.000_000_3], 3, false), [1.000_000_1, 1.000_000_2, 1.000_000_3]);
        assert_eq!(range([1.0, 1.0 + f64::EPSILON].map(NodeValue::Float), 3, false, false), None);
    }
}
