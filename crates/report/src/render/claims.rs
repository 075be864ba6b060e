//! The claims: the verdict on each, with its evidence in one line.

use super::interval::{self, share};
use super::markdown::{plain, table};
use crate::analysis::{Analysis, Estimate, Evidence, Unit, Verdict};
use crate::number::{count, rounded};
use crate::text::{capitalized, one_line};
use chainrule_record::ClaimTest;

/// Significant digits of estimates.
const DIGITS: usize = 4;

/// Significant digits of a number with an exact claim.
const EXACT_DIGITS: usize = 9;

/// The number of parts of a claim that are shown; the others are only in the table.
const SHOWN: usize = 4;

/// Explains how to read verdicts.
pub(super) const RULE: &str = "Differences are paired over the seeds, and positive if they support the claim. Intervals \
     have a level of 95 %. p is two-sided, and adjusted by Holm's method for the claims of this experiment. How a claim is \
     decided: `docs/claims.md`. All numbers are in [`claims.csv`](claims.csv).";

/// The head of the page.
pub(super) fn section(analysis: &Analysis) -> String {
    if analysis.verdicts.is_empty() {
        return String::new();
    }
    let row = |verdict: &Verdict| {
        let must = if verdict.claim.must { " (must hold)" } else { "" };
        vec![
            format!("**{}**", verdict.decision.name()),
            format!("{}{must}", plain(&verdict.claim.text)),
            evidence(verdict, &plain),
        ]
    };
    let rows: Vec<Vec<String>> = analysis.verdicts.iter().map(row).collect();
    format!("## Claims\n\n{}\n{RULE}\n\n", table(&["verdict", "claim", "evidence"], &rows))
}

/// Two lines for each claim, for a terminal.
pub(super) fn plain_lines(analysis: &Analysis) -> String {
    let lines = |verdict: &Verdict| {
        format!(
            "{}: {}\n    {}\n",
            capitalized(verdict.decision.name()),
            one_line(&verdict.claim.text),
            evidence(verdict, &one_line)
        )
    };
    analysis.verdicts.iter().map(lines).collect()
}

/// All evidence for the verdict, in one line. `name` formats names of settings and values.
pub(super) fn evidence(verdict: &Verdict, name: &dyn Fn(&str) -> String) -> String {
    let mut pieces = parts(&verdict.evidence, name);
    if let [one] = verdict.evidence.as_slice()
        && let Some((ahead, interval)) = one.ahead
    {
        pieces.push(format!(
            "ahead in {} of the pairs [{}, {}]",
            share(ahead),
            share(interval.low),
            share(interval.high)
        ));
    }
    pieces.extend(off_by(verdict));
    let seeds = verdict.evidence.first().map_or(0, |part| part.n);
    pieces.extend(verdict.throughout.map(|all| format!("all steps hold in {all} of {seeds} seeds")));
    pieces.extend(verdict.p.zip(verdict.adjusted).map(|(p, adjusted)| match p == adjusted {
        true => format!("p = {}", rounded(p, 2)),
        false => format!("p = {}, adjusted {}", rounded(p, 2), rounded(adjusted, 2)),
    }));
    let mut text = pieces.join(", ");
    if let Some(planned) = &verdict.planned {
        let fresh = if text.is_empty() { text } else { format!("on fresh seeds: {text}; ") };
        text = format!("{fresh}on the planned seeds, which chose: {}", parts(planned, name).join(", "));
    }
    if let Some(reason) = &verdict.reason {
        text += &format!("{}{reason}", if text.is_empty() { "" } else { "; " });
    }
    if let Some(more) = verdict.more_seeds {
        text += &format!("; about {} would likely decide", count(more, "more seed"));
    }
    text
}

/// The difference between a number and its claimed value.
fn off_by(verdict: &Verdict) -> Option<String> {
    let ClaimTest::Equals { value, .. } = verdict.claim.test else { return None };
    let off = (verdict.evidence.first()?.estimate? - value).abs();
    Some(format!("{} is claimed: off by {}", rounded(value, EXACT_DIGITS), rounded(off, 2)))
}

fn parts(parts: &[Evidence], name: &dyn Fn(&str) -> String) -> Vec<String> {
    let shown = parts.iter().filter(|part| part.n > 0).take(SHOWN).map(|one| part(one, name));
    let more = parts.len().checked_sub(SHOWN + 1).map(|rest| format!("and {} more", count(rest + 1, "step")));
    shown.chain(more).collect()
}

fn part(part: &Evidence, name: &dyn Fn(&str) -> String) -> String {
    let name = if part.part.is_empty() { String::new() } else { format!("{}: ", name(&part.part)) };
    let of = match part.unit {
        Unit::Seeds => count(part.n, "seed"),
        Unit::Runs => count(part.n, "run"),
    };
    format!("{name}{} over {of}{}", estimate(part), without(part))
}

fn estimate(part: &Evidence) -> String {
    let what = match part.kind {
        Estimate::MeanDifference => "mean difference",
        Estimate::MedianDifference => "median difference",
        Estimate::Mean => "mean",
        Estimate::Median => "median",
        Estimate::Share => "fraction",
        Estimate::Worst => "worst value",
        Estimate::Farthest => "value",
    };
    let digits = if part.kind == Estimate::Farthest { EXACT_DIGITS } else { DIGITS };
    let number = |value: f64| interval::end(value, digits);
    let value = part.estimate.map_or_else(|| "without a number".to_owned(), number);
    format!("{what} {value}{}", interval::brackets(part.interval, digits))
}

/// The runs without a number.
fn without(part: &Evidence) -> String {
    let lost = (part.lost > 0).then(|| format!("{} worse than any number", count(part.lost, "run")));
    let unmeasured = (part.unmeasured > 0).then(|| format!("{} not measured", count(part.unmeasured, "run")));
    let remarks: Vec<String> = lost.into_iter().chain(unmeasured).collect();
    if remarks.is_empty() { String::new() } else { format!(" ({})", remarks.join(", ")) }
}
