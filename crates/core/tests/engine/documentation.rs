//! The source of `chainrule list` and of the reference page.

use crate::items::families;
use chainrule_core::registry::Entry;

/// The headings required for the items of a family.
fn headings(family: &str) -> &'static [&'static str] {
    match family {
        "activation" | "output" => &["Formula", "Range", "Source"],
        "loss" => &["Formula", "Range", "Outputs", "Source"],
        "fault" => &["Formula", "No effect", "Gradient check", "Source"],
        "dataset" => &["Features", "Targets", "Source"],
        _ => &["Formula", "Source"],
    }
}

fn has(entry: &Entry, heading: &str) -> bool {
    let begin = format!(" - {heading}: ");
    entry.doc.iter().any(|line| line.strip_prefix(&begin).is_some_and(|text| !text.trim().is_empty()))
}

/// The lines before the first empty one, joined.
fn first_paragraph(doc: &[&str]) -> String {
    let lines =
        doc.iter().map(|line| line.trim()).take_while(|line| !line.is_empty() && !line.starts_with("- "));
    lines.collect::<Vec<_>>().join(" ")
}

#[test]
fn every_item_says_what_it_is_and_where_it_comes_from() {
    for family in families() {
        for entry in &family.entries {
            let summary = first_paragraph(entry.doc);
            assert!(summary.len() > 10 && summary.ends_with('.'), "{}: {summary}", entry.name);
            for heading in headings(family.name) {
                assert!(has(entry, heading), "{} `{}` has no line `- {heading}: …`", family.name, entry.name);
            }
        }
    }
}

#[test]
fn every_parameter_is_explained() {
    for entry in families().iter().flat_map(|family| &family.entries) {
        for parameter in &entry.parameters {
            assert!(first_paragraph(parameter.doc).ends_with('.'), "{} of {}", parameter.name, entry.name);
        }
    }
}
