//! Findings as text, Markdown, JSON and annotations. Names come from experiment files: nothing in them may break a format.

mod github;
mod json;
mod markdown;
mod text;

use super::compare::{Comparison, Layer};
use super::finding::Severity;
use crate::number::count;
use crate::text::one_line;

/// How a comparison is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a terminal.
    Text,
    /// For a comment.
    Markdown,
    /// For programs.
    Json,
    /// Annotations of GitHub Actions.
    Github,
}

/// What a comparison is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Files<'a> {
    pub(super) experiment: &'a str,
    pub(super) baseline: &'a str,
}

impl Comparison {
    /// The comparison as text that ends with a line break. `experiment` and `baseline` are the paths of the files.
    pub fn render(&self, format: Format, experiment: &str, baseline: &str) -> String {
        let files = Files { experiment, baseline };
        match format {
            Format::Text => text::render(self, files),
            Format::Markdown => markdown::render(self, files),
            Format::Json => json::render(self, files),
            Format::Github => github::render(self, files),
        }
    }
}

/// What came of it, in a sentence.
fn summary(comparison: &Comparison, files: Files) -> String {
    let counts = comparison.counts;
    let compared = count(counts.same + counts.changed, "run");
    let path = one_line(files.baseline);
    let word = if comparison.passes() { "passed" } else { "regression" };
    match comparison.layer {
        Layer::Bits if counts.changed == 0 => {
            format!("{word}: {compared} compared with {path}, all the same bit by bit")
        }
        Layer::Bits => {
            format!("{word}: {compared} compared with {path}, {} with other bits", counts.changed)
        }
        Layer::Statistics => format!(
            "{word}: {compared} compared with {path}, {} with other bits, which is to be expected ({}): judged by tolerance and \
             statistics",
            counts.changed,
            one_line(&comparison.why.join("; "))
        ),
    }
}

/// How to go on where a change is meant.
fn remedy(comparison: &Comparison, files: Files) -> Option<String> {
    let is_needed = !comparison.passes();
    is_needed.then(|| format!("chainrule bless {}", quoted(&one_line(files.experiment))))
}

/// A word of a command line.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "-_./".contains(letter);
    if word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Regression => "regression",
        Severity::Notice => "notice",
    }
}
