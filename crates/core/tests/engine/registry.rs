//! Names, defaults, and conversion to and from files.

use crate::items::{Family, families, points, with};
use chainrule_core::registry::{Domain, ParameterValue};
use serde_json::{Value, json};
use std::collections::HashSet;

fn is_snake_case(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

#[test]
fn names_are_unique_and_snake_case() {
    for Family { name, entries, .. } in families() {
        assert!(is_snake_case(name) && !entries.is_empty());
        let names: HashSet<_> = entries.iter().map(|entry| entry.name).collect();
        assert_eq!(names.len(), entries.len(), "two items of `{name}` have one name");
        for entry in entries {
            let parameters: HashSet<_> = entry.parameters.iter().map(|parameter| parameter.name).collect();
            assert_eq!(parameters.len(), entry.parameters.len(), "{}", entry.name);
            assert!(
                is_snake_case(entry.name) && parameters.iter().all(|name| is_snake_case(name)),
                "{}",
                entry.name
            );
        }
    }
}

/// Only parameters that cannot have a default are required: the path of a file, or the numbers of the user.
#[test]
fn defaults_lie_in_their_domains() {
    for entry in families().iter().flat_map(|family| &family.entries) {
        for parameter in &entry.parameters {
            let may_be_required = matches!(parameter.domain, Domain::Text | Domain::Rows);
            assert!(
                may_be_required || parameter.domain.contains(&parameter.default),
                "{} of {}",
                parameter.name,
                entry.name
            );
        }
    }
}

/// Every written item is read as the same item; without parameters it is written as the plain name.
#[test]
fn items_come_back_as_they_went() {
    for Family { entries, through, .. } in families() {
        for entry in &entries {
            let written = through(json!(entry.name)).unwrap();
            assert_eq!(through(json!({ entry.name: {} })), Ok(written.clone()));
            assert_eq!(through(written.clone()), Ok(written.clone()));
            assert_eq!(written.is_string(), entry.parameters.is_empty(), "{written}");
            for parameter in &entry.parameters {
                let default = &written[entry.name][parameter.name];
                assert_eq!(default, &json!(parameter.default), "{} of {}", parameter.name, entry.name);
            }
        }
    }
}

#[test]
fn parameters_come_back_as_they_went() {
    for Family { entries, through, .. } in families() {
        for entry in &entries {
            for parameter in &entry.parameters {
                for value in points(parameter) {
                    let mut expected = through(json!(entry.name)).unwrap();
                    expected[entry.name][parameter.name] = value.clone();
                    assert_eq!(through(with(entry, parameter, &value)), Ok(expected));
                }
            }
        }
    }
}

#[test]
fn what_is_unknown_is_refused() {
    for Family { name, entries, through } in families() {
        let refused = |value: Value, word: &str| {
            let error = through(value.clone()).expect_err(&format!("{value} is not a `{name}`"));
            assert!(error.contains(word), "{value}: {error}");
        };
        refused(json!("no_such_item"), "no_such_item");
        refused(json!({ "no_such_item": {} }), "no_such_item");
        refused(json!({}), "empty");
        refused(json!(1), name);
        for entry in &entries {
            refused(json!({ entry.name: { "no_such_parameter": 1 } }), "no_such_parameter");
            refused(json!({ entry.name: {}, "zzz": {} }), "`zzz` is a second");
            for parameter in &entry.parameters {
                let (wrong, word) = match parameter.default {
                    ParameterValue::Text(_) => (json!(7.5), "7.5"),
                    _ => (json!("word"), "word"),
                };
                refused(json!({ entry.name: { parameter.name: wrong } }), word);
            }
        }
    }
}
