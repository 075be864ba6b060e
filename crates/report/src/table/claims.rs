//! `claims.csv`: a row for each claim, or for each of its parts. If runs on fresh seeds decide, the planned runs have
//! their own rows.

use super::Table;
use super::column::{Column, write};
use crate::analysis::{Analysis, Estimate, Evidence, Unit, Verdict};
use chainrule_statistics::Interval;

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
    write(table, &columns(), parts)
}

pub(super) fn columns<'a>() -> Vec<Column<'a, Part<'a>>> {
    claim_columns().into_iter().chain(evidence_columns()).collect()
}

fn claim_columns<'a>() -> [Column<'a, Part<'a>>; 9] {
    [
        Column::new("claim", "the claim, counted from 1; `must` is 1 if it must hold", |part: &Part| {
            part.number
        }),
        Column::new("text", "", |part: &Part| part.verdict.claim.text.clone()),
        Column::new("must", "", |part: &Part| u64::from(part.verdict.claim.must)),
        Column::new("metric", "", |part: &Part| part.verdict.claim.subject.to_string()),
        Column::new(
            "verdict",
            "`supported`, `refuted` or `undecided`, and why it is undecided",
            |part: &Part| part.decided().map(|verdict| verdict.decision.name()),
        ),
        Column::new("reason", "", |part: &Part| part.decided().and_then(|verdict| verdict.reason.clone())),
        Column::new("p_claim", "of the whole claim, and adjusted for the other claims", |part: &Part| {
            part.decided().and_then(|verdict| verdict.p)
        }),
        Column::new("p_holm", "", |part: &Part| part.decided().and_then(|verdict| verdict.adjusted)),
        Column::new("more_seeds", "how many more seeds would probably decide", |part: &Part| {
            part.decided().and_then(|verdict| verdict.more_seeds)
        }),
    ]
}

fn evidence_columns<'a>() -> [Column<'a, Part<'a>>; 15] {
    let interval = |name, value: fn(Interval) -> f64| {
        Column::new(name, "", move |part: &Part| part.evidence.interval.map(value))
    };
    let ahead = |name, doc, value: fn((f64, Interval)) -> f64| {
        Column::new(name, doc, move |part: &Part| part.evidence.ahead.map(value))
    };
    [
        Column::new("part", "the step of an order or a trend", |part: &Part| part.evidence.part.clone()),
        Column::new("runs", "`planned`, or `fresh` for runs on fresh seeds", |part: &Part| part.runs),
        Column::new("n", "the number of `seeds` or `runs`", |part: &Part| part.evidence.n),
        Column::new("unit", "", |part: &Part| match part.evidence.unit {
            Unit::Seeds => "seeds",
            Unit::Runs => "runs",
        }),
        Column::new(
            "estimate_of",
            "`mean_difference` or `median_difference` of pairs, positive for the claim; `mean`, `median`, `share`; the `worst` \
             value, or the value `farthest` from the claimed one",
            |part: &Part| estimated(part.evidence.kind),
        ),
        Column::new(
            "estimate",
            "the estimate and its interval, with the level that it attains; an infinite end is empty",
            |part: &Part| part.evidence.estimate,
        ),
        interval("lower", |one| one.low),
        interval("upper", |one| one.high),
        interval("level", |one| one.level),
        ahead(
            "ahead",
            "the fraction of pairs in which the first is ahead, ties as half, with its interval",
            |ahead| ahead.0,
        ),
        ahead("ahead_lower", "", |ahead| ahead.1.low),
        ahead("ahead_upper", "", |ahead| ahead.1.high),
        Column::new("p", "of this part", |part: &Part| part.evidence.p),
        Column::new(
            "lost",
            "runs that count as worse than any number, and runs that do not measure it",
            |part: &Part| part.evidence.lost,
        ),
        Column::new("unmeasured", "", |part: &Part| part.evidence.unmeasured),
    ]
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
