//! Compares groups of runs: `better`, `larger` or `smaller` with `than`, and `order` for several groups.

use super::{Reader, Said, Test};
use crate::spec::diagnostic::Diagnostic;
use crate::spec::parse::{Entry, NodeValue};
use chainrule_record::{Better, ClaimTest, Subject};

pub(super) const TESTS: &[Test] = &[
    Test { key: "better", with: Some("than"), read: comparison },
    Test { key: "larger", with: Some("than"), read: comparison },
    Test { key: "smaller", with: Some("than"), read: comparison },
    Test { key: "order", with: None, read: order },
];

fn comparison(reader: &mut Reader<'_, '_, '_>, entry: &Entry, said: &Said) -> Option<ClaimTest> {
    let first = reader.arm(&entry.value);
    let Some(than) = reader.find("than") else {
        reader.missing(
            "than",
            &format!(
                "add the group to compare with, as in than = {{ optimizer = \"sgd\" }}, next to `{}`",
                entry.key
            ),
        );
        return None;
    };
    let second = reader.arm(&than.value);
    let prefers = match entry.key.as_str() {
        "larger" => Some(Better::Higher),
        "smaller" => Some(Better::Lower),
        _ => direction(reader, entry, said.subject.as_ref()?),
    };
    Some(ClaimTest::Order { arms: vec![first?, second?], prefers: prefers? })
}

/// Which direction is better.
fn direction(reader: &mut Reader<'_, '_, '_>, entry: &Entry, subject: &Subject) -> Option<Better> {
    let better = subject.better();
    if better.is_none() {
        let message = format!("{} has no better direction", subject.name());
        let error = Diagnostic::new(message, &entry.key_span, "direction unknown");
        reader.error(error.help("use larger = { … }, than = { … }, or smaller = { … }, than = { … }"));
    }
    better
}

fn order(reader: &mut Reader<'_, '_, '_>, entry: &Entry, said: &Said) -> Option<ClaimTest> {
    let items = match &entry.value.value {
        NodeValue::List(items) if items.len() >= 2 => items,
        _ => {
            let expected = "expected two or more tables of conditions, the best first";
            let error = Diagnostic::new("`order` must be a list of tables", &entry.value.span, expected);
            reader.error(error.help("as in order = [{ optimizer = \"adam\" }, { optimizer = \"sgd\" }]"));
            return None;
        }
    };
    let arms: Vec<_> = items.iter().map(|item| reader.arm(item)).collect();
    let prefers = direction(reader, entry, said.subject.as_ref()?);
    Some(ClaimTest::Order { arms: arms.into_iter().collect::<Option<_>>()?, prefers: prefers? })
}
