//! The answer in words: the value to pick, its result, and the certainty.

mod absent;
mod certainty;
mod pick;
mod reached;
mod stance;

use super::markdown::code;
use crate::analysis::{Analysis, Configuration};

/// Significant digits in text.
pub(super) const DIGITS: usize = 4;

/// Up to this many undecided comparisons are described one by one.
const MAX_TOLD: usize = 2;

/// Larger numbers of required seeds are impractical.
const MAX_SEEDS: usize = 1000;

/// A statement: a few introductory words, and the rest.
pub(super) type Said = (&'static str, String);

/// The paragraphs that answer the question. `name` formats names of settings and values.
pub(super) fn paragraphs(analysis: &Analysis, name: &dyn Fn(&str) -> String) -> Vec<Said> {
    let Some(best) = analysis.best() else { return vec![("No answer:", absent::absence(analysis, name))] };
    if let Some(unchosen) = analysis.unchosen() {
        return vec![("No choice:", absent::why_unchosen(unchosen, name))];
    }
    let said = [
        Some(pick::pick(analysis, best, name)),
        Some(("It reaches", reached::reaches(analysis, best, name))),
        reached::by_task(analysis, name).map(|text| ("Task by task:", text)),
        analysis.comparisons.as_ref().map(|all| ("How sure?", certainty::how_sure(analysis, all, name))),
    ];
    said.into_iter().flatten().collect()
}

/// The paragraphs that answer the question, as Markdown.
pub(super) fn markdown(analysis: &Analysis) -> String {
    as_markdown(&paragraphs(analysis, &code))
}

pub(super) fn as_markdown(paragraphs: &[Said]) -> String {
    paragraphs.iter().map(|(head, rest)| format!("**{head}** {rest}\n\n")).collect()
}

/// `learning_rate 0.01, activation relu`, or a dash if nothing else varies.
pub(super) fn settings(
    analysis: &Analysis,
    configuration: &Configuration,
    name: &dyn Fn(&str) -> String,
) -> String {
    let settings = analysis.other_settings(configuration);
    let text: Vec<String> =
        settings.iter().map(|(setting, label)| format!("{setting} {}", name(label))).collect();
    if text.is_empty() { "–".to_owned() } else { text.join(", ") }
}
