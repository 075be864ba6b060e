//! Findings as text, Markdown, JSON and annotations. Names come from experiment files: nothing in them may break a format.

mod github;
mod json;
mod markdown;
mod text;

use super::compare::{Comparison, Counts, Layer};
use super::finding::{Kind, Severity};
use crate::number::{count, list};
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

/// What a comparison is about, and how to go on.
#[derive(Debug, Clone, Copy)]
pub struct Files<'a> {
    /// The path of the experiment file.
    pub experiment: &'a str,
    /// The path of the baseline.
    pub baseline: &'a str,
    /// The command that makes what was found the baseline, or that has to come before any judgement, with when it is to be given:
    /// `if this is meant: chainrule bless …`.
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

/// What came of it, in a sentence.
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

/// Runs of one side alone.
fn unmatched(comparison: &Comparison) -> Vec<String> {
    let Counts { missing, extra, .. } = comparison.counts;
    let is = |n: usize| if n == 1 { "1 run is".to_owned() } else { format!("{n} runs are") };
    let missing = (missing > 0).then(|| format!("{} in the baseline alone", is(missing)));
    missing.into_iter().chain((extra > 0).then(|| format!("{} not in it", is(extra)))).collect()
}

/// What differs where no bit of the runs that both have does.
fn differing(comparison: &Comparison) -> String {
    let mut all = unmatched(comparison);
    for kind in comparison.of(Severity::Regression).map(|finding| finding.kind) {
        let words = match kind {
            Kind::Ranking => "the ranking is another",
            Kind::Claim => "claims are decided otherwise",
            _ => continue,
        };
        all.push(words.to_owned());
    }
    all.dedup();
    if all.is_empty() { "the experiment is another".to_owned() } else { list(&all) }
}

/// How to go on where anything is a regression: when, and with which command.
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
