//! Turns a written value into a value of a specification: checked, with every default filled in.

use super::{Kind, LARGEST, Table};
use crate::spec::diagnostic::{Diagnostic, list, suggestion};
use crate::spec::parse::{Entry, Node, NodeValue, parse};
use chainrule_core::registry::{self, Domain, Parameter, ParameterValue, Range, nearest};
use serde_json::{Map, Value, json};

impl Kind {
    /// The value in a specification.
    pub(in crate::spec) fn read(
        &self,
        name: &str,
        node: &Node,
        errors: &mut Vec<Diagnostic>,
    ) -> Option<Value> {
        match (self, &node.value) {
            (Self::Whole { min, max }, NodeValue::Integer(integer)) => {
                self.whole(name, *integer, (*min, *max), node, errors)
            }
            // The parser returns integers that do not fit any integer type as floats.
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
                let error =
                    Diagnostic::new(format!("unknown value `{text}` for `{name}`"), &node.span, expected);
                errors.push(match nearest(text, [*word]) {
                    Some(word) => error.help(format!("did you mean \"{word}\"?")),
                    None => error,
                });
                None
            }
            (Self::WordOr(_, kind), _) if kind.takes(node) => kind.read(name, node, errors),
            (Self::WordsOr(words, _), NodeValue::Text(word)) => choice(name, word, words, node, errors),
            (Self::WordsOr(_, kind), _) if kind.takes(node) => kind.read(name, node, errors),
            (Self::Items(entries), NodeValue::List(items)) => distinct(name, items, &entries(), errors),
            (Self::Text, NodeValue::Text(text)) => match text.trim().is_empty() {
                false => Some(json!(text)),
                true => {
                    let expected = format!("expected {}", self.expected());
                    errors.push(Diagnostic::new(format!("`{name}` is empty"), &node.span, expected));
                    None
                }
            },
            (Self::Widths, NodeValue::List(items)) => widths(name, items, errors),
            (Self::Pair, NodeValue::List(items)) => pair(name, items, node, errors),
            (Self::Rows, NodeValue::List(items)) => rows(name, items, node, errors),
            (Self::Family(entries) | Self::NumberListsOr(entries), NodeValue::Text(item)) => {
                family_item(name, item, None, node, &entries(), errors)
            }
            (Self::Family(entries) | Self::NumberListsOr(entries), NodeValue::Table(table)) => {
                family_table(name, node, table, &entries(), errors)
            }
            (Self::Matrices, NodeValue::List(items)) => {
                each(items, |item| Kind::Rows.read(name, item, errors))
            }
            (Self::NumberListsOr(_), NodeValue::Integer(_) | NodeValue::Float(_)) => {
                number(name, node, Range::FINITE, errors)
            }
            (Self::NumberListsOr(_), NodeValue::List(items)) => {
                each(items, |item| numbers(name, item, errors))
            }
            (Self::Columns, NodeValue::Text(_) | NodeValue::Integer(_)) => column(name, node, errors),
            (Self::Columns, NodeValue::List(items)) if !items.is_empty() => {
                each(items, |item| column(name, item, errors))
            }
            (Self::Header, NodeValue::Flag(flag)) => Some(json!(flag)),
            (Self::Header, NodeValue::Text(word)) if word == "auto" => Some(json!(word)),
            (Self::Header, NodeValue::List(items)) if !items.is_empty() => {
                each(items, |item| Kind::Text.read(name, item, errors))
            }
            (Self::Texts, NodeValue::List(items)) => each(items, |item| column(name, item, errors)),
            (Self::WordOfEach(words), NodeValue::Table(entries)) => word_of_each(entries, words, errors),
            (Self::Table(table), NodeValue::Table(entries)) => read_table(name, node, entries, table, errors),
            _ => {
                errors.push(wrong_type(name, node, &self.expected()));
                None
            }
        }
    }

    /// Whether a value has a possible type.
    fn takes(&self, node: &Node) -> bool {
        match self {
            Self::Whole { .. } | Self::Number(_) => {
                matches!(node.value, NodeValue::Integer(_) | NodeValue::Float(_))
            }
            Self::Table(_) => matches!(node.value, NodeValue::Table(_)),
            Self::Matrices => matches!(node.value, NodeValue::List(_)),
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
        // −0 becomes 0; otherwise the two would be different runs.
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
    let error = Diagnostic::new(format!("unknown value `{word}` for `{name}`"), &node.span, "unknown");
    errors.push(error.help(suggestion(word, words)));
    None
}

fn widths(name: &str, items: &[Node], errors: &mut Vec<Diagnostic>) -> Option<Value> {
    let before = errors.len();
    // Wider layers would not fit into memory with any neighbour.
    let width = Kind::Whole { min: 1, max: 1 << 20 };
    let values: Vec<_> = items.iter().filter_map(|item| width.read(name, item, errors)).collect();
    (errors.len() == before).then_some(Value::Array(values))
}

/// Names of items in the order of the registry, so that the order in the file does not matter.
fn distinct(
    setting: &str,
    items: &[Node],
    entries: &[registry::Entry],
    errors: &mut Vec<Diagnostic>,
) -> Option<Value> {
    let before = errors.len();
    let mut chosen: Vec<&str> = Vec::new();
    for item in items {
        let NodeValue::Text(name) = &item.value else {
            errors.push(wrong_type(&format!("an item of {setting}"), item, "the name of an item"));
            continue;
        };
        match entries.iter().find(|entry| entry.name == name) {
            Some(entry) if chosen.contains(&entry.name) => {
                errors.push(Diagnostic::new(
                    format!("`{name}` is named twice in `{setting}`"),
                    &item.span,
                    "repeated",
                ));
            }
            Some(entry) => chosen.push(entry.name),
            None => drop(family_item(setting, name, None, item, entries, errors)),
        }
    }
    let names = entries.iter().map(|entry| entry.name).filter(|name| chosen.contains(name));
    (errors.len() == before).then(|| json!(names.collect::<Vec<_>>()))
}

/// All values of a list; `None` if one of them is wrong.
fn each(items: &[Node], read: impl FnMut(&Node) -> Option<Value>) -> Option<Value> {
    let values: Vec<_> = items.iter().map(read).collect();
    values.into_iter().collect::<Option<Vec<_>>>().map(Value::Array)
}

/// A column: its name, or its number as a text.
fn column(name: &str, node: &Node, errors: &mut Vec<Diagnostic>) -> Option<Value> {
    match node.value {
        NodeValue::Integer(_) => {
            let number = Kind::Whole { min: 1, max: 1 << 32 }.read(name, node, errors)?;
            Some(json!(number.to_string()))
        }
        NodeValue::Text(_) => Kind::Text.read(name, node, errors),
        _ => {
            errors.push(wrong_type(name, node, &Kind::Columns.expected()));
            None
        }
    }
}

fn word_of_each(entries: &[Entry], words: &[&str], errors: &mut Vec<Diagnostic>) -> Option<Value> {
    let before = errors.len();
    let mut each = Map::new();
    for Entry { key, value, .. } in entries {
        let word = match &value.value {
            NodeValue::Text(word) => choice(key, word, words, value, errors),
            _ => {
                errors.push(wrong_type(key, value, &format!("one of {}", list(words))));
                None
            }
        };
        each.extend(word.map(|word| (key.clone(), word)));
    }
    (errors.len() == before).then_some(Value::Object(each))
}

fn numbers(name: &str, node: &Node, errors: &mut Vec<Diagnostic>) -> Option<Value> {
    let NodeValue::List(items) = &node.value else {
        errors.push(wrong_type(name, node, "a list of numbers for each layer"));
        return None;
    };
    each(items, |item| Kind::Number(Range::FINITE).read(name, item, errors))
}

fn pair(name: &str, items: &[Node], node: &Node, errors: &mut Vec<Diagnostic>) -> Option<Value> {
    let values = each(items, |item| number(name, item, Range::FINITE, errors))?;
    let numbers: Vec<f64> = values.as_array()?.iter().filter_map(Value::as_f64).collect();
    if matches!(numbers[..], [low, high] if low < high) {
        return Some(values);
    }
    errors.push(wrong_value(name, node, &Kind::Pair.expected()));
    None
}

fn rows(name: &str, items: &[Node], node: &Node, errors: &mut Vec<Diagnostic>) -> Option<Value> {
    let finite = Kind::Number(Range::FINITE);
    let before = errors.len();
    let mut matrix: Vec<Vec<Value>> = Vec::new();
    for item in items {
        let NodeValue::List(entries) = &item.value else {
            errors.push(wrong_type(&format!("a row of {name}"), item, "a list of numbers"));
            continue;
        };
        let row: Vec<_> = entries.iter().filter_map(|entry| finite.read(name, entry, errors)).collect();
        if errors.len() == before && matrix.first().is_some_and(|first| first.len() != row.len()) {
            let label = format!("{} numbers, but the first row has {}", row.len(), matrix[0].len());
            errors.push(Diagnostic::new(format!("the rows of `{name}` differ in length"), &item.span, label));
        }
        matrix.push(row);
    }
    if errors.len() == before && matrix.first().is_none_or(Vec::is_empty) {
        errors.push(wrong_value(name, node, &Kind::Rows.expected()));
    }
    (errors.len() == before).then(|| json!(matrix))
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
        let error = Diagnostic::new(format!("unknown {setting} `{item}`"), &place.span, "unknown");
        errors.push(error.help(suggestion(item, &names)));
        return None;
    };
    let values = read_parameters(entry, parameters, place, errors)?;
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
            Diagnostic::new(format!("`{setting}` accepts one item"), &node.span, "expected { name = { … } }");
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
    place: &Node,
    errors: &mut Vec<Diagnostic>,
) -> Option<Map<String, Value>> {
    let before = errors.len();
    let mut values: Map<String, Value> =
        item.parameters.iter().map(|p| (p.name.to_owned(), json!(p.default))).collect();
    let entries = given.map_or(&[][..], Node::entries);
    for entry in entries {
        let Some(parameter) = item.parameters.iter().find(|parameter| parameter.name == entry.key) else {
            errors.push(unknown_parameter(item, entry));
            continue;
        };
        if let Some(value) = kind_of(parameter).read(&entry.key, &entry.value, errors) {
            values.insert(entry.key.clone(), value);
        }
    }
    for parameter in item.parameters.iter().filter(|parameter| parameter.is_required()) {
        if !entries.iter().any(|entry| entry.key == parameter.name) {
            errors.push(missing_parameter(item, parameter, place));
        }
    }
    (errors.len() == before).then_some(values)
}

/// The type of a parameter's values.
pub(super) fn kind_of(parameter: &Parameter) -> Kind {
    match parameter.domain {
        Domain::Numbers(range) if matches!(parameter.default, ParameterValue::Integer(_)) => {
            Kind::Whole { min: range.min as u64, max: range.max as u64 }
        }
        Domain::Numbers(range) => Kind::Number(range),
        Domain::Flag => Kind::Flag,
        Domain::Words(words) => Kind::Choice(words),
        Domain::Text => Kind::Text,
        Domain::Rows => Kind::Rows,
        Domain::Columns => Kind::Columns,
        Domain::Header => Kind::Header,
        Domain::Texts => Kind::Texts,
        Domain::WordOfEach(words) => Kind::WordOfEach(words),
    }
}

fn missing_parameter(item: &registry::Entry, parameter: &Parameter, place: &Node) -> Diagnostic {
    let message = format!("`{}` needs `{}`", item.name, parameter.name);
    let error = Diagnostic::new(message, &place.span, format!("`{}` is missing", parameter.name));
    error.help(format!("write {{ {} = {{ {} = {} }} }}", item.name, parameter.name, example(parameter)))
}

fn unknown_parameter(item: &registry::Entry, entry: &Entry) -> Diagnostic {
    let names: Vec<_> = item.parameters.iter().map(|parameter| parameter.name).collect();
    let message = format!("unknown parameter `{}` of `{}`", entry.key, item.name);
    let error = Diagnostic::new(message, &entry.key_span, "unknown");
    let none = format!("`{}` has no parameters", item.name);
    error.help(if names.is_empty() { none } else { suggestion(&entry.key, &names) })
}

fn read_table(
    name: &str,
    node: &Node,
    entries: &[Entry],
    table: &Table,
    errors: &mut Vec<Diagnostic>,
) -> Option<Value> {
    let before = errors.len();
    let mut values = Map::new();
    for entry in entries {
        match table.fields.iter().find(|field| field.name == entry.key) {
            Some(field) => {
                let value = field.kind.read(&format!("{name}.{}", field.name), &entry.value, errors);
                values.extend(value.map(|value| (field.name.to_owned(), value)));
            }
            None => {
                let message = format!("unknown key `{}` in `{name}`", entry.key);
                let names: Vec<_> = table.fields.iter().map(|field| field.name).collect();
                let error = Diagnostic::new(message, &entry.key_span, "unknown");
                errors.push(error.help(suggestion(&entry.key, &names)));
            }
        }
    }
    for field in table.fields {
        if errors.len() > before || values.contains_key(field.name) {
            continue;
        }
        match field.default {
            Some(text) => {
                values.extend(written(&field.kind, text).map(|value| (field.name.to_owned(), value)))
            }
            None => {
                let message = format!("`{name}` needs `{}`", field.name);
                let label = format!("`{}` is missing", field.name);
                errors.push(Diagnostic::new(message, &node.span, label));
            }
        }
    }
    (errors.len() == before).then_some(Value::Object(values))
}

/// An example value of a parameter.
pub(crate) fn example(parameter: &Parameter) -> String {
    match parameter.domain {
        _ if !parameter.is_required() => parameter.default.to_string(),
        Domain::Rows => "[[0, 1], [1, 0]]".to_owned(),
        _ => "\"…\"".to_owned(),
    }
}

/// The value of a text as if it were written in a file.
pub(crate) fn written(kind: &Kind, text: &str) -> Option<Value> {
    let (file, _) = parse("default", &format!("value = {text}"), &[]).ok()?;
    kind.read("value", &file.root.entries().first()?.value, &mut Vec::new())
}
