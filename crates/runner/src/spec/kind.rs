//! The kinds of values that settings take, and how a value as written becomes a value of a specification: checked,
//! with every default filled in.

use super::diagnostic::{Diagnostic, list, nearest, suggestion};
use super::parse::{Entry, Node, NodeValue};
use chainrule_core::registry::{self, ParameterValue, Range};
use serde_json::{Map, Value, json};

/// The largest whole number that a TOML file can hold.
const LARGEST: i128 = i64::MAX as i128;

/// What values a setting takes.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A whole number of at least `min` and at most `max`.
    Whole {
        /// The smallest.
        min: u64,
        /// The largest.
        max: u64,
    },
    /// A number in a range.
    Number(Range),
    /// `true` or `false`.
    Flag,
    /// One of some words.
    Choice(&'static [&'static str]),
    /// A word of its own, or a value of another kind.
    WordOr(&'static str, &'static Kind),
    /// A list of widths, each at least 1.
    Widths,
    /// An item of a family.
    Family(fn() -> Vec<registry::Entry>),
    /// A metric with the value it is to reach.
    Goal(&'static [&'static str]),
}

impl Kind {
    /// What is expected, for messages and the reference page.
    pub fn expected(&self) -> String {
        match self {
            Self::Whole { min, max } => {
                format!("a whole number from {min} to {}", (*max).min(LARGEST as u64))
            }
            Self::Number(range) if *range == Range::FINITE => "a finite number".to_owned(),
            Self::Number(range) => format!("a number in {range}"),
            Self::Flag => "true or false".to_owned(),
            Self::Choice(words) => format!("one of {}", list(words)),
            Self::WordOr(word, kind) => format!("\"{word}\", or {}", kind.expected()),
            Self::Widths => {
                "a list of widths, each a whole number of at least 1, such as [64, 32]".to_owned()
            }
            Self::Family(entries) => {
                let names: Vec<_> = entries().iter().map(|entry| entry.name).collect();
                format!("one of {}", list(&names))
            }
            Self::Goal(metrics) => {
                format!("a table such as {{ metric = \"{}\", reaches = 0.95 }}", metrics[0])
            }
        }
    }

    /// Whether a range of numbers (`{ log = … }`) makes sense.
    pub fn is_numeric(&self) -> bool {
        match self {
            Self::Whole { .. } | Self::Number(_) => true,
            Self::WordOr(_, kind) => kind.is_numeric(),
            _ => false,
        }
    }

    /// The value in a specification.
    pub(super) fn read(&self, name: &str, node: &Node, errors: &mut Vec<Diagnostic>) -> Option<Value> {
        match (self, &node.value) {
            (Self::Whole { min, max }, NodeValue::Integer(integer)) => {
                self.whole(name, *integer, (*min, *max), node, errors)
            }
            // Integers that no integer type holds are numbers to the parser.
            (Self::Whole { .. }, NodeValue::Float(number)) if number.abs() > LARGEST as f64 => {
                errors.push(wrong_value(name, node, &self.expected()));
                None
            }
            (Self::Number(range), NodeValue::Integer(_) | NodeValue::Float(_)) => {
                number(name, node, *range, errors)
            }
            (Self::Flag, NodeValue::Flag(flag)) => Some(json!(flag)),
            (Self::Choice(words), NodeValue::Text(word)) => choice(name, word, words, node, errors),
            (Self::WordOr(word, _), NodeValue::Text(text)) if text == word => Some(json!(word)),
            (Self::WordOr(word, kind), NodeValue::Text(text)) if !matches!(kind, Self::Choice(_)) => {
                let expected = format!("expected {}", self.expected());
                let error = Diagnostic::new(format!("`{name}` cannot be this text"), &node.span, expected);
                errors.push(match nearest(text, [*word]) {
                    Some(word) => error.help(format!("did you mean \"{word}\"?")),
                    None => error,
                });
                None
            }
            (Self::WordOr(_, kind), _) if kind.takes(node) => kind.read(name, node, errors),
            (Self::Widths, NodeValue::List(items)) => widths(name, items, errors),
            (Self::Family(entries), NodeValue::Text(item)) => {
                family_item(name, item, None, node, &entries(), errors)
            }
            (Self::Family(entries), NodeValue::Table(table)) => {
                family_table(name, node, table, &entries(), errors)
            }
            (Self::Goal(metrics), NodeValue::Table(table)) => goal(name, node, table, metrics, errors),
            _ => {
                errors.push(wrong_type(name, node, &self.expected()));
                None
            }
        }
    }

    /// Whether the type of a value could be right.
    fn takes(&self, node: &Node) -> bool {
        match self {
            Self::Whole { .. } | Self::Number(_) => {
                matches!(node.value, NodeValue::Integer(_) | NodeValue::Float(_))
            }
            Self::Goal(_) => matches!(node.value, NodeValue::Table(_)),
            _ => true,
        }
    }

    fn whole(
        &self,
        name: &str,
        integer: i128,
        (min, max): (u64, u64),
        node: &Node,
        errors: &mut Vec<Diagnostic>,
    ) -> Option<Value> {
        let value =
            u64::try_from(integer).ok().filter(|value| (min..=max).contains(value) && integer <= LARGEST);
        if value.is_none() {
            errors.push(wrong_value(name, node, &self.expected()));
        }
        value.map(|value| json!(value))
    }
}

fn wrong_type(name: &str, node: &Node, expected: &str) -> Diagnostic {
    Diagnostic::new(
        format!("`{name}` cannot be {}", node.describe()),
        &node.span,
        format!("expected {expected}"),
    )
}

fn wrong_value(name: &str, node: &Node, expected: &str) -> Diagnostic {
    Diagnostic::new(format!("`{name}` is out of range"), &node.span, format!("expected {expected}"))
}

fn number(name: &str, node: &Node, range: Range, errors: &mut Vec<Diagnostic>) -> Option<Value> {
    let value = match node.value {
        NodeValue::Integer(integer) => integer as f64,
        NodeValue::Float(float) => float,
        _ => f64::NAN,
    };
    if range.contains(value) {
        // −0 is 0: the two would be different runs.
        return Some(json!(value + 0.0));
    }
    errors.push(wrong_value(name, node, &Kind::Number(range).expected()));
    None
}

fn choice(
    name: &str,
    word: &str,
    words: &[&str],
    node: &Node,
    errors: &mut Vec<Diagnostic>,
) -> Option<Value> {
    if words.contains(&word) {
        return Some(json!(word));
    }
    let error = Diagnostic::new(format!("`{word}` is no `{name}`"), &node.span, "unknown");
    errors.push(error.help(suggestion(word, words)));
    None
}

fn widths(name: &str, items: &[Node], errors: &mut Vec<Diagnostic>) -> Option<Value> {
    let before = errors.len();
    // Wider layers than this would not fit into memory with any neighbour.
    let width = Kind::Whole { min: 1, max: 1 << 20 };
    let values: Vec<_> = items.iter().filter_map(|item| width.read(name, item, errors)).collect();
    (errors.len() == before).then_some(Value::Array(values))
}

/// `"name"`, or `{ name = { parameter = value } }` with the table as `parameters`.
fn family_item(
    setting: &str,
    item: &str,
    parameters: Option<&Node>,
    place: &Node,
    entries: &[registry::Entry],
    errors: &mut Vec<Diagnostic>,
) -> Option<Value> {
    let Some(entry) = entries.iter().find(|entry| entry.name == item) else {
        let names: Vec<_> = entries.iter().map(|entry| entry.name).collect();
        let error = Diagnostic::new(format!("`{item}` is no `{setting}`"), &place.span, "unknown");
        errors.push(error.help(suggestion(item, &names)));
        return None;
    };
    let values = read_parameters(entry, parameters, errors)?;
    Some(if values.is_empty() { json!(item) } else { json!({ item: values }) })
}

fn family_table(
    setting: &str,
    node: &Node,
    table: &[Entry],
    entries: &[registry::Entry],
    errors: &mut Vec<Diagnostic>,
) -> Option<Value> {
    let [entry] = table else {
        let error =
            Diagnostic::new(format!("`{setting}` names one item"), &node.span, "expected { name = { … } }");
        errors.push(error.help("to try several items, make it an axis: a list in [grid]"));
        return None;
    };
    if !matches!(entry.value.value, NodeValue::Table(_)) {
        let label = format!("expected a table of parameters, as in {{ {} = {{ … }} }}", entry.key);
        errors.push(Diagnostic::new(
            format!("the parameters of `{}` must be a table", entry.key),
            &entry.value.span,
            label,
        ));
        return None;
    }
    let place = Node { value: NodeValue::Flag(true), span: entry.key_span.clone() };
    family_item(setting, &entry.key, Some(&entry.value), &place, entries, errors)
}

fn read_parameters(
    item: &registry::Entry,
    given: Option<&Node>,
    errors: &mut Vec<Diagnostic>,
) -> Option<Map<String, Value>> {
    let before = errors.len();
    let mut values: Map<String, Value> =
        item.parameters.iter().map(|p| (p.name.to_owned(), default(p.default))).collect();
    for entry in given.map_or(&[][..], Node::entries) {
        let Some(parameter) = item.parameters.iter().find(|parameter| parameter.name == entry.key) else {
            errors.push(unknown_parameter(item, entry));
            continue;
        };
        let kind = match parameter.default {
            ParameterValue::Number(_) => Kind::Number(parameter.range),
            ParameterValue::Integer(_) => {
                Kind::Whole { min: parameter.range.min as u64, max: parameter.range.max as u64 }
            }
        };
        if let Some(value) = kind.read(&entry.key, &entry.value, errors) {
            values.insert(entry.key.clone(), value);
        }
    }
    (errors.len() == before).then_some(values)
}

fn default(value: ParameterValue) -> Value {
    match value {
        ParameterValue::Number(number) => json!(number),
        ParameterValue::Integer(integer) => json!(integer),
    }
}

fn unknown_parameter(item: &registry::Entry, entry: &Entry) -> Diagnostic {
    let names: Vec<_> = item.parameters.iter().map(|parameter| parameter.name).collect();
    let message = format!("`{}` is no parameter of `{}`", entry.key, item.name);
    let error = Diagnostic::new(message, &entry.key_span, "unknown");
    let none = format!("`{}` has no parameters", item.name);
    error.help(if names.is_empty() { none } else { suggestion(&entry.key, &names) })
}

fn goal(
    name: &str,
    node: &Node,
    table: &[Entry],
    metrics: &'static [&'static str],
    errors: &mut Vec<Diagnostic>,
) -> Option<Value> {
    let before = errors.len();
    let fields =
        [("metric", Kind::Choice(metrics)), ("reaches", Kind::Number(Range::FINITE)), ("stop", Kind::Flag)];
    let mut values = Map::from_iter([("stop".to_owned(), json!(false))]);
    for entry in table {
        match fields.iter().find(|(field, _)| *field == entry.key) {
            Some((field, kind)) => {
                let value = kind.read(&format!("{name}.{field}"), &entry.value, errors);
                values.extend(value.map(|value| ((*field).to_owned(), value)));
            }
            None => {
                let error = Diagnostic::new(
                    format!("unknown key `{}` in `{name}`", entry.key),
                    &entry.key_span,
                    "unknown",
                );
                errors.push(error.help(suggestion(&entry.key, &["metric", "reaches", "stop"])));
            }
        }
    }
    for needed in ["metric", "reaches"] {
        if errors.len() == before && !values.contains_key(needed) {
            errors.push(Diagnostic::new(
                format!("`{name}` needs `{needed}`"),
                &node.span,
                format!("`{needed}` is missing"),
            ));
        }
    }
    (errors.len() == before).then_some(Value::Object(values))
}
