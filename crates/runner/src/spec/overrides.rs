//! `--set key=value`: assignments laid over an experiment file.

use super::axis::is_axis;
use super::diagnostic::{Diagnostic, suggestion};
use super::parse::{Entry, Node, NodeValue};
use super::settings::{Setting, setting, settings};

/// Keys that stand in a section of their own, which is not one of settings.
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

/// Lays assignments over the root table. A single value takes the place of the setting wherever it stands, axis or not;
/// a list or range becomes an axis of every sub-grid.
pub(super) fn apply(root: &mut Node, assignments: &[Entry], errors: &mut Vec<Diagnostic>) {
    for assignment in assignments {
        if let Some((_, section)) = ELSEWHERE.iter().find(|(key, _)| *key == assignment.key) {
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
            let message = format!("`{}` is no setting", assignment.key);
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

/// The entries of a section, which is made where it is missing.
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
