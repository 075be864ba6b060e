//! Findings as text, Markdown, JSON and annotations. Names come from experiment files and are escaped, so that they
//! cannot break a format.

mod github;
mod json;
mod markdown;
mod text;

use super::compare::{Comparison, Counts, Layer};
use super::finding::{Kind, Severity};
use crate::number::{count, list};
use crate::text::one_line;

/// The format of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a terminal.
    Text,
    /// For a pull request comment.
    Markdown,
    /// For programs.
    Json,
    /// Annotations of GitHub Actions.
    Github,
}

/// The subject of a comparison, and the next step.
#[derive(Debug, Clone, Copy)]
pub struct Files<'a> {
    /// The path of the experiment file.
    pub experiment: &'a str,
    /// The path of the baseline.
    pub baseline: &'a str,
    /// The next command, with its condition. It makes the findings the new baseline, or it must run before any
    /// judgement: `if this is meant: chainrule bless …`.
    pub remedy: (&'a str, &'a str),
}

impl Comparison {
    /// The comparison as text that ends with a line break.
    pub fn render(&self, format: Format, files: Files) -> String {
        match format {
            Format::Text => text::render(self, files),
            Format::Markdown => markdown::render(self, files),
            Format::Json => json::render(self, files),
            Format::Github => github::render(self, files),
        }
    }
}

/// The outcome in a sentence.
fn summary(comparison: &Comparison, files: Files) -> String {
    let counts = comparison.counts;
    let compared = count(counts.same + counts.changed, "run");
    let path = one_line(files.baseline);
    let word = if comparison.passes() { "passed" } else { "regression" };
    match comparison.layer {
        Layer::Bits if counts.same + counts.changed == 0 && counts.missing + counts.extra > 0 => {
            format!("{word}: nothing could be compared with {path}: {}", list(&unmatched(comparison)))
        }
        Layer::Bits if counts.changed == 0 && comparison.passes() => {
            format!("{word}: {compared} compared with {path}, all the same bit by bit")
        }
        Layer::Bits if counts.changed == 0 => {
            let but = differing(comparison);
            format!("{word}: {compared} compared with {path} and the same bit by bit, but {but}")
        }
        Layer::Bits => {
            format!("{word}: {compared} compared with {path}, {} with other bits", counts.changed)
        }
        Layer::Statistics => format!(
            "{word}: {compared} compared with {path}, {} with other bits, which is to be expected ({}): judged by {}",
            counts.changed,
            one_line(&comparison.why.join("; ")),
            match comparison.has_test() {
                true => "tolerance and statistics",
                false => "wide limits alone, since so few runs allow no test",
            }
        ),
    }
}

/// The runs that are on one side only.
fn unmatched(comparison: &Comparison) -> Vec<String> {
    let Counts { missing, extra, .. } = comparison.counts;
    let is = |n: usize| if n == 1 { "1 run is".to_owned() } else { format!("{n} runs are") };
    let missing = (missing > 0).then(|| format!("{} in the baseline alone", is(missing)));
    missing.into_iter().chain((extra > 0).then(|| format!("{} not in it", is(extra)))).collect()
}

/// The differences if all common runs are equal in every bit.
fn differing(comparison: &Comparison) -> String {
    let mut all = unmatched(comparison);
    for kind in comparison.of(Severity::Regression).map(|finding| finding.kind) {
        let words = match kind {
            Kind::Ranking => "the ranking differs",
            Kind::Claim => "decisions on claims differ",
            _ => continue,
        };
        all.push(words.to_owned());
    }
    all.dedup();
    if all.is_empty() { "the experiment differs".to_owned() } else { list(&all) }
}

/// The next step after a regression: the condition, and the command.
fn remedy<'a>(comparison: &Comparison, files: Files<'a>) -> Option<(&'a str, String)> {
    let (when, command) = files.remedy;
    (!comparison.passes()).then(|| (when, one_line(command)))
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Regression => "regression",
        Severity::Notice => "notice",
    }
}
