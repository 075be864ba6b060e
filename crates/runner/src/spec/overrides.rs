//! `--set key=value`: assignments that override values of an experiment file.

use super::axis::is_axis;
use super::diagnostic::{Diagnostic, suggestion};
use super::language::{setting, settings};
use super::parse::{Entry, Node, NodeValue, in_quotes};
use super::setting::Setting;
use chainrule_record::text::shell_word;

/// Keys with a section of their own that does not contain settings.
const ELSEWHERE: [(&str, Option<&str>); 11] = [
    ("kind", None),
    ("name", None),
    ("question", None),
    ("seeds", None),
    ("compare", Some("analysis")),
    ("metric", Some("analysis")),
    ("x_axis", Some("analysis")),
    ("tune", Some("analysis")),
    ("problems", Some("analysis")),
    ("margin", Some("analysis")),
    ("confirm_seeds", Some("analysis")),
];

/// Keys whose value may be any text.
const FREE_TEXTS: [&str; 1] = ["question"];

/// The first key of a range inside its braces.
const RANGES: [&str; 2] = ["log", "linear"];

/// Overrides values of the root table. A single value replaces the setting everywhere, even if it is an axis; a list
/// or range becomes an axis of every sub-grid.
pub(super) fn apply(root: &mut Node, assignments: &[Entry], errors: &mut Vec<Diagnostic>) {
    for assignment in assignments {
        if let Some(error) = meant_as_list(assignment) {
            errors.push(error);
        } else if let Some((_, section)) = ELSEWHERE.iter().find(|(key, _)| *key == assignment.key) {
            let place = match section {
                Some(name) => table(root, name, assignment),
                None => entries(root),
            };
            replace(place, assignment);
        } else if let Some(setting) = setting(&assignment.key) {
            apply_setting(root, setting, assignment);
        } else {
            let names: Vec<_> =
                settings().iter().map(|s| s.name).chain(ELSEWHERE.iter().map(|e| e.0)).collect();
            let message = format!("unknown setting `{}`", assignment.key);
            let error = Diagnostic::new(message, &assignment.key_span, "unknown");
            let is_section = ["data", "model", "train", "probe", "check", "function", "grid", "analysis"]
                .contains(&&*assignment.key);
            errors.push(error.help(match is_section {
                true => "name the setting without its section, as in --set epochs=5".to_owned(),
                false => suggestion(&assignment.key, &names),
            }));
        }
    }
}

/// An error if a value is not TOML but looks like a list: `learning_rate=0.1,0.2` or `optimizer=[adam,sgd]`.
fn meant_as_list(assignment: &Entry) -> Option<Diagnostic> {
    let NodeValue::Text(text) = &assignment.value.value else { return None };
    let key = assignment.key.as_str();
    let is_list = text.starts_with('[') || text.contains(',');
    if !is_list || FREE_TEXTS.contains(&key) {
        return None;
    }
    // In `[8],[8,8]` the first and last brackets belong to items.
    let is_whole = items(text).count() == 1;
    let inside = text.strip_prefix('[').filter(|_| is_whole);
    let inside = inside.map_or(text.as_str(), |rest| rest.strip_suffix(']').unwrap_or(rest));
    let items: Vec<String> = items(inside).map(in_toml).collect();
    let right = shell_word(&format!("{key}=[{}]", items.join(",")));
    let error =
        Diagnostic::new(format!("`{key}` is not a list in TOML"), &assignment.value.span, "read as a string");
    Some(error.help(match RANGES.iter().find(|range| text.starts_with(**range)) {
        Some(range) => format!("a range is written as in --set '{key}={{{range}=[0.001,1],points=4}}'"),
        None => format!("a list needs brackets, and its strings need quotes: --set {right}"),
    }))
}

/// The parts of a text between commas, ignoring commas inside brackets.
fn items(text: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0;
    text.split(move |letter| {
        depth += i32::from("[{".contains(letter)) - i32::from("]}".contains(letter));
        letter == ',' && depth == 0
    })
    .map(str::trim)
    .filter(|item| !item.is_empty())
}

/// A TOML value unchanged; anything else as a string.
fn in_toml(item: &str) -> String {
    let is_value = toml::de::DeTable::parse(&format!("x={item}")).is_ok();
    if is_value { item.to_owned() } else { in_quotes(item.trim_matches(['"', '\''])) }
}

fn apply_setting(root: &mut Node, setting: &Setting, assignment: &Entry) {
    let section = table(root, setting.section.name(), assignment);
    section.retain(|entry| entry.key != setting.name);
    let is_axis = is_axis(setting, &assignment.value);
    if !is_axis {
        section.push(assignment.clone());
    }
    if is_axis && !entries(root).iter().any(|entry| entry.key == "grid") {
        table(root, "grid", assignment);
    }
    for grid in grids(root) {
        if is_axis {
            replace(grid, assignment);
        } else {
            grid.retain(|entry| entry.key != setting.name);
        }
    }
}

fn entries(node: &mut Node) -> &mut Vec<Entry> {
    if !matches!(node.value, NodeValue::Table(_)) {
        node.value = NodeValue::Table(Vec::new());
    }
    match &mut node.value {
        NodeValue::Table(entries) => entries,
        _ => unreachable!("it was made a table"),
    }
}

/// The entries of a section, which is created if missing.
fn table<'a>(root: &'a mut Node, name: &str, assignment: &Entry) -> &'a mut Vec<Entry> {
    let root = entries(root);
    let index = root.iter().position(|entry| entry.key == name).unwrap_or_else(|| {
        let value = Node { value: NodeValue::Table(Vec::new()), span: assignment.key_span.clone() };
        root.push(Entry { key: name.to_owned(), key_span: assignment.key_span.clone(), value });
        root.len() - 1
    });
    entries(&mut root[index].value)
}

/// The sub-grids: `[grid]`, or each `[[grid]]`.
fn grids(root: &mut Node) -> Vec<&mut Vec<Entry>> {
    let grid = entries(root).iter_mut().find(|entry| entry.key == "grid");
    match grid.map(|entry| &mut entry.value.value) {
        Some(NodeValue::Table(entries)) => vec![entries],
        Some(NodeValue::List(grids)) => grids.iter_mut().map(entries).collect(),
        _ => Vec::new(),
    }
}

fn replace(entries: &mut Vec<Entry>, assignment: &Entry) {
    match entries.iter_mut().find(|entry| entry.key == assignment.key) {
        Some(entry) => *entry = assignment.clone(),
        None => entries.push(assignment.clone()),
    }
}
