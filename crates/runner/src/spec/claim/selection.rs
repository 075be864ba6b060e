//! Selects runs: `where`, and the groups that a claim compares.

use super::Reader;
use crate::spec::axis;
use crate::spec::diagnostic::{Diagnostic, suggestion};
use crate::spec::kind::Kind;
use crate::spec::label::label;
use crate::spec::language::{setting, settings};
use crate::spec::parse::{Entry, Node, NodeValue};
use crate::spec::setting::Setting;
use chainrule_record::{Condition, Selection};

impl Reader<'_, '_, '_> {
    /// One of the groups that a claim compares.
    pub(super) fn arm(&mut self, node: &Node) -> Option<Selection> {
        self.spans.push(node.span.clone());
        let selection = self.selection(node)?;
        if selection.conditions.is_empty() {
            self.error(
                Diagnostic::new("a group of runs needs a condition", &node.span, "no condition")
                    .help("as in { optimizer = \"adam\" }"),
            );
            return None;
        }
        Some(selection)
    }

    /// `{ setting = value or list of values, … }`
    pub(super) fn selection(&mut self, node: &Node) -> Option<Selection> {
        if !matches!(node.value, NodeValue::Table(_)) {
            let message = format!("conditions cannot be {}", node.describe());
            self.error(Diagnostic::new(
                message,
                &node.span,
                "expected a table such as { optimizer = \"adam\" }",
            ));
            return None;
        }
        let before = self.checker.errors.len();
        let (mut conditions, mut words) = (Vec::new(), Vec::new());
        for entry in node.entries() {
            let Some(setting) = setting(&entry.key) else {
                self.unknown_setting(entry);
                continue;
            };
            let (accepted, labels) = self.accepted(setting, entry);
            words.push(format!("{} {}", setting.name, labels.join(" or ")));
            conditions.push((setting.name.to_owned(), accepted));
        }
        (self.checker.errors.len() == before).then(|| Selection { conditions, label: words.join(", ") })
    }

    fn unknown_setting(&mut self, entry: &Entry) {
        let names: Vec<_> = settings().iter().map(|setting| setting.name).collect();
        let error = Diagnostic::new(format!("unknown setting `{}`", entry.key), &entry.key_span, "unknown");
        self.error(match entry.key.as_str() {
            "seed" | "seeds" => error.help("claims are about all seeds"),
            key => error.help(suggestion(key, &names)),
        });
    }

    fn accepted(&mut self, setting: &'static Setting, entry: &Entry) -> (Vec<Condition>, Vec<String>) {
        let nodes = match &entry.value.value {
            NodeValue::List(items) if axis::is_axis(setting, &entry.value) => items.as_slice(),
            _ => std::slice::from_ref(&entry.value),
        };
        if nodes.is_empty() {
            let message = format!("`{}` has no values", setting.name);
            self.error(Diagnostic::new(message, &entry.value.span, "expected at least one"));
        }
        let condition = |node: &Node| {
            let value = setting.kind.read(setting.name, node, self.checker.errors)?;
            Some(match (&setting.kind, &node.value) {
                (Kind::Family(_), NodeValue::Text(item)) => (Condition::Item(item.clone()), item.clone()),
                _ => (Condition::Value(value.clone()), label(&setting.kind, &value)),
            })
        };
        nodes.iter().filter_map(condition).unzip()
    }
}
