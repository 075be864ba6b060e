//! Checks `[grid]`: axes, zips and excluded combinations.

use super::axis;
use super::check::Checker;
use super::diagnostic::{Diagnostic, Span, list, suggestion};
use super::experiment::{Axis, Condition, Exclude, Grid};
use super::kind::Kind;
use super::label::label;
use super::language::{setting, settings};
use super::parse::{Entry, Node, NodeValue};
use super::setting::Setting;
use std::collections::HashSet;

impl Checker<'_> {
    /// Reads `[grid]`, or every `[[grid]]`; without any, returns one grid without axes.
    pub(super) fn grids(&mut self) -> Vec<Grid> {
        let Some(entry) = self.root_entry("grid") else { return vec![Grid::default()] };
        let nodes = match &entry.value.value {
            NodeValue::Table(_) => std::slice::from_ref(&entry.value),
            NodeValue::List(nodes) if is_list_of_tables(nodes) => nodes,
            _ => {
                self.error(Diagnostic::new(
                    "`grid` must be a section",
                    &entry.value.span,
                    "expected [grid] or [[grid]]",
                ));
                &[]
            }
        };
        nodes.iter().map(|node| self.grid(node)).collect()
    }

    fn grid(&mut self, node: &Node) -> Grid {
        let mut axes = Vec::new();
        let special = |key: &str| node.entries().iter().find(|entry| entry.key == key);
        let zipped = special("zip").map(|entry| names_in(&entry.value)).unwrap_or_default();
        for entry in node.entries().iter().filter(|entry| !["exclude", "zip"].contains(&&*entry.key)) {
            match setting(&entry.key) {
                Some(setting) if self.is_of_another_kind(setting, entry) => {}
                Some(setting) => {
                    let may_repeat = zipped.contains(&setting.name);
                    axes.extend(axis::read(setting, entry, may_repeat, self.errors));
                }
                None => self.unknown_axis(entry),
            }
        }
        let zips = special("zip").map(|entry| self.zips(entry, node, &axes)).unwrap_or_default();
        let excludes = special("exclude").map(|entry| self.excludes(entry, &axes)).unwrap_or_default();
        Grid { groups: groups(axes.len(), &zips), axes, excludes }
    }

    fn unknown_axis(&mut self, entry: &Entry) {
        let names: Vec<_> = settings().iter().map(|setting| setting.name).chain(["exclude", "zip"]).collect();
        let error =
            Diagnostic::new(format!("unknown key `{}` in [grid]", entry.key), &entry.key_span, "unknown");
        self.error(match entry.key.as_str() {
            "seed" => error.help("set the number of replicates at the top of the file: seeds = 5"),
            key => error.help(suggestion(key, &names)),
        });
    }

    /// `zip = [["a", "b"], …]`: groups of axes of equal length, by their indices.
    fn zips(&mut self, entry: &Entry, grid: &Node, axes: &[Axis]) -> Vec<Vec<usize>> {
        let expected = "expected lists of axes";
        let example = "as in zip = [[\"architecture\", \"epochs\"]]";
        let NodeValue::List(groups) = &entry.value.value else {
            let error = Diagnostic::new("`zip` must be a list of lists", &entry.value.span, expected);
            self.error(error.help(example));
            return Vec::new();
        };
        let mut zips: Vec<Vec<usize>> = Vec::new();
        for group in groups {
            let NodeValue::List(names) = &group.value else {
                let error = Diagnostic::new("`zip` must be a list of lists", &group.span, expected);
                self.error(error.help(example));
                continue;
            };
            let mut members = Vec::new();
            for name in names {
                members.extend(self.zip_member(name, grid, axes, zips.iter().flatten().chain(&members)));
            }
            let lengths: Vec<_> = members.iter().map(|&index| axes[index].points.len()).collect();
            if lengths.windows(2).any(|pair| pair[0] != pair[1]) {
                let describe = |&index: &usize| {
                    format!("`{}` has {}", axes[index].setting.name, axes[index].points.len())
                };
                let label = members.iter().map(describe).collect::<Vec<_>>().join(", ");
                self.error(Diagnostic::new(
                    "zipped axes must have the same number of values",
                    &group.span,
                    label,
                ));
            } else if let Some(twice) = met_twice(axes, &members) {
                let error = Diagnostic::new(format!("`zip` has {twice} twice"), &group.span, "zipped here");
                self.error(error.help("remove one of them from each axis"));
            }
            zips.push(members);
        }
        zips
    }

    fn zip_member<'b>(
        &mut self,
        node: &Node,
        grid: &Node,
        axes: &[Axis],
        mut zipped: impl Iterator<Item = &'b usize>,
    ) -> Option<usize> {
        let names: Vec<_> = axes.iter().map(|axis| axis.setting.name).collect();
        let NodeValue::Text(name) = &node.value else {
            self.error(Diagnostic::new(
                "`zip` must list axis names",
                &node.span,
                "expected the name of an axis of this grid",
            ));
            return None;
        };
        let Some(index) = names.iter().position(|axis| axis == name) else {
            // An axis with wrong values has its own error.
            if !grid.entries().iter().any(|entry| entry.key == *name && setting(name).is_some()) {
                let error =
                    Diagnostic::new(format!("this grid has no axis `{name}`"), &node.span, "not an axis");
                let none = "this grid has no axes".to_owned();
                self.error(error.help(if names.is_empty() { none } else { suggestion(name, &names) }));
            }
            return None;
        };
        if zipped.any(|&other| other == index) {
            self.error(Diagnostic::new(format!("`{name}` is zipped twice"), &node.span, "repeated"));
            return None;
        }
        Some(index)
    }

    fn excludes(&mut self, entry: &Entry, axes: &[Axis]) -> Vec<Exclude> {
        let wrong = |span: &Span, expected: &str| {
            let example = "as in exclude = [{ activation = \"relu\", initialization = \"xavier_normal\" }]";
            Diagnostic::new("`exclude` must be a list of tables", span, expected).help(example)
        };
        let NodeValue::List(items) = &entry.value.value else {
            self.error(wrong(&entry.value.span, "expected a list of tables"));
            return Vec::new();
        };
        let mut excludes = Vec::new();
        for item in items {
            match &item.value {
                NodeValue::Table(conditions) if !conditions.is_empty() => {
                    excludes.extend(self.exclude(conditions, &item.span, axes));
                }
                _ => self.error(wrong(&item.span, "expected a table of conditions")),
            }
        }
        excludes
    }

    fn exclude(&mut self, entries: &[Entry], span: &Span, axes: &[Axis]) -> Option<Exclude> {
        let (mut conditions, mut texts) = (Vec::new(), Vec::new());
        for entry in entries {
            let Some(setting) = setting(&entry.key) else {
                self.unknown_axis(entry);
                return None;
            };
            let nodes = match &entry.value.value {
                NodeValue::List(items) if axis::is_axis(setting, &entry.value) => items.as_slice(),
                _ => std::slice::from_ref(&entry.value),
            };
            let values: Option<Vec<_>> =
                nodes.iter().map(|node| self.condition(setting, node, axes)).collect();
            let (values, labels): (Vec<_>, Vec<_>) = values?.into_iter().unzip();
            texts.push(format!("{} = {}", setting.name, labels.join(" or ")));
            conditions.push((setting, values));
        }
        Some(Exclude { conditions, text: texts.join(", "), span: span.clone() })
    }

    /// A condition, with its text. A condition that no value of its axis can meet is an error, because it is a
    /// misspelling.
    pub(super) fn condition(
        &mut self,
        setting: &'static Setting,
        node: &Node,
        axes: &[Axis],
    ) -> Option<(Condition, String)> {
        let value = setting.kind.read(setting.name, node, self.errors)?;
        let (condition, text) = match (&setting.kind, &node.value) {
            (Kind::Family(_), NodeValue::Text(item)) => (Condition::Item(item.clone()), item.clone()),
            _ => (Condition::Value(value.clone()), label(&setting.kind, &value)),
        };
        if let Some(axis) = axes.iter().find(|axis| axis.setting.name == setting.name)
            && !axis.points.iter().any(|point| condition.meets(&point.value))
        {
            let labels: Vec<_> = axis.points.iter().map(|point| point.label.as_str()).collect();
            let message = format!("`exclude` has no effect: the axis `{}` has no value {text}", setting.name);
            self.error(Diagnostic::new(message, &node.span, format!("the values are {}", list(&labels))));
            return None;
        }
        Some((condition, text))
    }
}

/// The names in a list of lists.
fn names_in(node: &Node) -> Vec<&str> {
    match &node.value {
        NodeValue::Text(name) => vec![name],
        NodeValue::List(items) => items.iter().flat_map(names_in).collect(),
        _ => Vec::new(),
    }
}

/// The first repeated combination of values of axes that advance together, as text.
fn met_twice(axes: &[Axis], members: &[usize]) -> Option<String> {
    let steps = 0..members.first().map_or(0, |&first| axes[first].points.len());
    let points =
        |step: usize| members.iter().map(move |&axis| (&axes[axis].setting.name, &axes[axis].points[step]));
    let mut known = HashSet::new();
    let values = |step: &usize| points(*step).map(|(_, point)| point.value.to_string()).collect::<Vec<_>>();
    let twice = steps.clone().find(|step| !known.insert(values(step)))?;
    let texts: Vec<_> = points(twice).map(|(name, point)| format!("{name} = {}", point.label)).collect();
    Some(texts.join(", "))
}

/// Axes in groups that advance together, in the order of each group's first axis.
fn groups(n_axes: usize, zips: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for axis in 0..n_axes {
        if groups.iter().flatten().any(|&member| member == axis) {
            continue;
        }
        let zip = zips.iter().find(|zip| zip.contains(&axis));
        groups.push(zip.cloned().unwrap_or_else(|| vec![axis]));
    }
    groups
}

fn is_list_of_tables(nodes: &[Node]) -> bool {
    !nodes.is_empty() && nodes.iter().all(|node| matches!(node.value, NodeValue::Table(_)))
}
