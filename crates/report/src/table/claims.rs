//! `claims.csv`: a row for each claim, or for each of its parts. If runs on fresh seeds decide, the planned runs have
//! their own rows.

use super::Table;
use super::column::{Column, columns, write};
use crate::analysis::{Analysis, Estimate, Evidence, Unit, Verdict};

/// A part of a claim, with the runs that test it.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    /// The claim, counted from 1.
    number: usize,
    verdict: &'a Verdict<'a>,
    evidence: &'a Evidence,
    runs: &'static str,
    /// Whether these runs decide.
    decides: bool,
}

impl<'a> Part<'a> {
    /// The verdict, if these runs decide.
    fn decided(&self) -> Option<&'a Verdict<'a>> {
        self.decides.then_some(self.verdict)
    }
}

pub(super) fn fill(analysis: &Analysis, table: &mut Table) -> Result<(), csv::Error> {
    let nothing = Evidence::default();
    let parts = (1..).zip(&analysis.verdicts).flat_map(|(number, verdict)| {
        let runs = if verdict.planned.is_some() { "fresh" } else { "planned" };
        let absent = verdict.evidence.is_empty().then_some(&nothing);
        let deciding = verdict.evidence.iter().chain(absent);
        let part = move |evidence, runs, decides| Part { number, verdict, evidence, runs, decides };
        let planned = verdict.planned.iter().flatten();
        deciding
            .map(move |one| part(one, runs, true))
            .chain(planned.map(move |one| part(one, "planned", false)))
    });
    write(table, &claim_columns(), parts)
}

pub(super) fn claim_columns<'a>() -> Vec<Column<'a, Part<'a>>> {
    columns! { part: Part;
        "claim" "the claim, counted from 1; `must` is 1 if it must hold" => part.number,
        "text" => part.verdict.claim.text.clone(),
        "must" => u64::from(part.verdict.claim.must),
        "metric" => part.verdict.claim.subject.to_string(),
        "verdict" "`supported`, `refuted` or `undecided`, and why it is undecided"
            => part.decided().map(|verdict| verdict.decision.name()),
        "reason" => part.decided().and_then(|verdict| verdict.reason.clone()),
        "p_claim" "of the whole claim, and adjusted for the other claims" => part.decided().and_then(|verdict| verdict.p),
        "p_holm" => part.decided().and_then(|verdict| verdict.adjusted),
        "more_seeds" "how many more seeds would probably decide" => part.decided().and_then(|verdict| verdict.more_seeds),
        "part" "the step of an order or a trend" => part.evidence.part.clone(),
        "runs" "`planned`, or `fresh` for runs on fresh seeds" => part.runs,
        "n" "the number of `seeds` or `runs`" => part.evidence.n,
        "unit" => match part.evidence.unit {
            Unit::Seeds => "seeds",
            Unit::Runs => "runs",
        },
        "estimate_of" "`mean_difference` or `median_difference` of pairs, positive for the claim; `mean`, `median`, `share`; the \
                       `worst` value, or the value `farthest` from the claimed one"
            => estimated(part.evidence.kind),
        "estimate" "the estimate and its interval, with the level that it attains; an infinite end is empty"
            => part.evidence.estimate,
        "lower" => part.evidence.interval.map(|ends| ends.low),
        "upper" => part.evidence.interval.map(|ends| ends.high),
        "level" => part.evidence.interval.map(|ends| ends.level),
        "ahead" "the fraction of pairs in which the first is ahead, ties as half, with its interval"
            => part.evidence.ahead.map(|ahead| ahead.0),
        "ahead_lower" => part.evidence.ahead.map(|ahead| ahead.1.low),
        "ahead_upper" => part.evidence.ahead.map(|ahead| ahead.1.high),
        "p" "of this part" => part.evidence.p,
        "lost" "runs that count as worse than any number, and runs that do not measure it" => part.evidence.lost,
        "unmeasured" => part.evidence.unmeasured,
    }
}

fn estimated(kind: Estimate) -> &'static str {
    match kind {
        Estimate::MeanDifference => "mean_difference",
        Estimate::MedianDifference => "median_difference",
        Estimate::Mean => "mean",
        Estimate::Median => "median",
        Estimate::Share => "share",
        Estimate::Worst => "worst",
        Estimate::Farthest => "farthest",
    }
}
