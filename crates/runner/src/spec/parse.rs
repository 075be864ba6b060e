//! Parses TOML text into a tree of values with their places. Checks only the syntax.

use super::diagnostic::{Diagnostic, Diagnostics, Source, Span, list};
use chainrule_record::text::{json, shell_word};
use toml::de::{DeTable, DeValue};

/// A value as written.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The value.
    pub value: NodeValue,
    /// Its place.
    pub span: Span,
}

/// The content of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeValue {
    /// A string.
    Text(String),
    /// A whole number.
    Integer(i128),
    /// A number with a decimal point or an exponent, `inf` or `nan`.
    Float(f64),
    /// `true` or `false`.
    Flag(bool),
    /// A date or time, which no setting accepts.
    Datetime,
    /// `[ … ]`
    List(Vec<Node>),
    /// `{ … }` or `[section]`
    Table(Vec<Entry>),
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The place of the key.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

impl Node {
    /// The type of the value, for messages.
    pub fn describe(&self) -> &'static str {
        match self.value {
            NodeValue::Text(_) => "a string",
            NodeValue::Integer(_) => "a whole number",
            NodeValue::Float(_) => "a decimal number",
            NodeValue::Flag(_) => "true or false",
            NodeValue::Datetime => "a date or time",
            NodeValue::List(_) => "a list",
            NodeValue::Table(_) => "a table",
        }
    }

    /// The entries of a table; an empty slice for anything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            NodeValue::Table(entries) => entries,
            _ => &[],
        }
    }
}

/// An experiment as written: the root table and its source text.
#[derive(Debug, Clone)]
pub struct ExperimentFile {
    /// The root table.
    pub root: Node,
    /// The texts that spans point into.
    pub sources: Vec<Source>,
}

/// Parses an experiment file and `--set key=value` assignments.
///
/// # Errors
/// Every syntax error, and assignments that set nothing, several settings, or the same setting as another assignment.
pub fn parse(
    name: &str,
    text: &str,
    assignments: &[String],
) -> Result<(ExperimentFile, Vec<Entry>), Diagnostics> {
    let mut sources = vec![Source { name: name.to_owned(), text: text.to_owned() }];
    let mut errors = Vec::new();
    let root = parse_text(text, 0, &mut errors);
    let mut entries = Vec::new();
    for assignment in assignments {
        let index = sources.len();
        let text = as_toml(assignment);
        let before = errors.len();
        let root = parse_text(&text, index, &mut errors);
        if errors.len() == before {
            match single(&root) {
                Ok(entry) => entries.push(entry),
                Err(error) => errors.push(error),
            }
        }
        sources.push(Source { name: "--set".to_owned(), text });
    }
    errors.extend(set_twice(&entries, &sources));
    if errors.is_empty() {
        Ok((ExperimentFile { root, sources }, entries))
    } else {
        Err(Diagnostics::new(sources, errors))
    }
}

/// The only setting of an assignment.
fn single(root: &Node) -> Result<Entry, Diagnostic> {
    match root.entries() {
        [entry] => Ok(entry.clone()),
        [] => Err(Diagnostic::new("`--set` sets nothing", &root.span, "no setting").help(SET_HELP)),
        [_, second, ..] => {
            let names: Vec<&str> = root.entries().iter().map(|entry| entry.key.as_str()).collect();
            let message = format!("one `--set` sets {} settings: {}", names.len(), list(&names));
            let error = Diagnostic::new(message, &second.key_span, "a second setting");
            Err(error.help("write --set once for each setting"))
        }
    }
}

/// Reports two assignments to the same setting, because one would be ignored.
fn set_twice(entries: &[Entry], sources: &[Source]) -> Vec<Diagnostic> {
    let typed = |entry: &Entry| format!("--set {}", shell_word(&sources[entry.key_span.source].text));
    let again = |(index, entry): (usize, &Entry)| {
        let first = entries[..index].iter().find(|first| first.key == entry.key)?;
        let message = format!("`{}` is set twice: {} and {}", entry.key, typed(first), typed(entry));
        let error = Diagnostic::new(message, &entry.key_span, "set before");
        Some(
            error
                .help(format!("keep one of them; several values make an axis: --set '{}=[…, …]'", entry.key)),
        )
    };
    entries.iter().enumerate().filter_map(again).collect()
}

/// An assignment as a line of TOML. A bare word needs no quotes: `activation=relu`.
pub(super) fn as_toml(assignment: &str) -> String {
    let parses = |text: &str| DeTable::parse(text).is_ok();
    match assignment.split_once('=') {
        // A value that begins like a table or a quoted string contains a mistake.
        Some((_, value)) if value.trim_start().starts_with(['{', '"']) => assignment.to_owned(),
        Some((key, word)) if !parses(assignment) => {
            let quoted = format!("{key}={}", in_quotes(word.trim()));
            if parses(&quoted) { quoted } else { assignment.to_owned() }
        }
        _ => assignment.to_owned(),
    }
}

/// A string in TOML syntax, which is the same as JSON syntax.
pub(super) fn in_quotes(text: &str) -> String {
    json(&serde_json::Value::from(text).to_string())
}

fn parse_text(text: &str, source: usize, errors: &mut Vec<Diagnostic>) -> Node {
    let (table, problems) = DeTable::parse_recoverable(text);
    errors.extend(problems.iter().map(|problem| syntax_error(problem, text, source)));
    let span = Span { source, bytes: table.span() };
    Node { value: table_value(table.get_ref(), source), span }
}

fn syntax_error(problem: &toml::de::Error, text: &str, source: usize) -> Diagnostic {
    let bytes = problem.span().unwrap_or(0..text.len());
    let message = problem.message().trim().replace('\n', ", ");
    let error = Diagnostic::new(format!("not valid TOML: {message}"), &Span { source, bytes }, "here");
    // The first source is the file; the others are assignments.
    let is_nested = text.split_once('=').is_some_and(|(_, value)| value.trim_start().starts_with('{'));
    match (source, is_nested) {
        (0, _) => error,
        (_, true) => {
            error.help("strings inside { } need quotes, as in --set 'dataset={csv={path=\"a.csv\"}}'")
        }
        (_, false) => error.help(SET_HELP),
    }
}

const SET_HELP: &str = "write --set KEY=VALUE, as in --set epochs=5";

fn table_value(table: &DeTable<'_>, source: usize) -> NodeValue {
    let entries = table.iter().map(|(key, value)| Entry {
        key: key.get_ref().to_string(),
        key_span: Span { source, bytes: key.span() },
        value: node(value.get_ref(), value.span(), source),
    });
    NodeValue::Table(entries.collect())
}

/// An integer of more than 128 bits.
fn too_large(integer: &toml::de::DeInteger<'_>) -> NodeValue {
    let decimal = (integer.radix() == 10).then(|| integer.as_str().parse().ok()).flatten();
    NodeValue::Float(decimal.unwrap_or(f64::INFINITY))
}

fn node(value: &DeValue<'_>, bytes: std::ops::Range<usize>, source: usize) -> Node {
    let value = match value {
        DeValue::String(text) => NodeValue::Text(text.to_string()),
        DeValue::Integer(integer) => i128::from_str_radix(integer.as_str(), integer.radix())
            .map_or_else(|_| too_large(integer), NodeValue::Integer),
        DeValue::Float(float) => NodeValue::Float(float.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(flag) => NodeValue::Flag(*flag),
        DeValue::Datetime(_) => NodeValue::Datetime,
        DeValue::Array(items) => {
            NodeValue::List(items.iter().map(|item| node(item.get_ref(), item.span(), source)).collect())
        }
        DeValue::Table(table) => table_value(table, source),
    };
    Node { value, span: Span { source, bytes } }
}
