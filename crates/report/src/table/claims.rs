//! `claims.csv`: a row per claim, or one for each of its parts; where runs on fresh seeds decide, what the planned runs say
//! stands in rows of its own.

use super::{Row, Table};
use crate::analysis::{Analysis, Estimate, Evidence, Unit, Verdict};

const CLAIM: [&str; 9] =
    ["claim", "text", "must", "metric", "verdict", "reason", "p_claim", "p_holm", "more_seeds"];
const EVIDENCE: [&str; 15] = [
    "part",
    "runs",
    "n",
    "unit",
    "estimate_of",
    "estimate",
    "lower",
    "upper",
    "level",
    "ahead",
    "ahead_lower",
    "ahead_upper",
    "p",
    "lost",
    "unmeasured",
];

pub(super) fn fill(analysis: &Analysis, table: &mut Table) -> Result<(), csv::Error> {
    Row::titles(CLAIM.into_iter().chain(EVIDENCE)).write(table)?;
    for (index, verdict) in analysis.verdicts.iter().enumerate() {
        let runs = if verdict.planned.is_some() { "fresh" } else { "planned" };
        let nothing = [Evidence::default()];
        let decides = if verdict.evidence.is_empty() { &nothing[..] } else { &verdict.evidence };
        for evidence in decides {
            let mut row = head(index, verdict);
            decision(&mut row, verdict);
            numbers(&mut row, evidence, runs).write(table)?;
        }
        for evidence in verdict.planned.iter().flatten() {
            let mut row = head(index, verdict);
            row.texts([""; 5]);
            numbers(&mut row, evidence, "planned").write(table)?;
        }
    }
    Ok(())
}

fn head(index: usize, verdict: &Verdict) -> Row {
    let mut row = Row::default();
    row.count(index as u64 + 1).text(&verdict.claim.text).count(u64::from(verdict.claim.must));
    row.text(&verdict.claim.subject.to_string());
    row
}

fn decision(row: &mut Row, verdict: &Verdict) {
    row.text(verdict.decision.name()).text(verdict.reason.as_deref().unwrap_or_default());
    row.number(verdict.p).number(verdict.adjusted);
    row.number(verdict.more_seeds.map(|seeds| seeds as f64));
}

fn numbers<'a>(row: &'a mut Row, evidence: &Evidence, runs: &str) -> &'a mut Row {
    row.text(&evidence.part).text(runs).count(evidence.n as u64);
    row.text(match evidence.unit {
        Unit::Seeds => "seeds",
        Unit::Runs => "runs",
    });
    row.text(estimated(evidence.kind)).number(evidence.estimate);
    let (interval, ahead) = (evidence.interval, evidence.ahead);
    row.number(interval.map(|one| one.low)).number(interval.map(|one| one.high));
    row.number(interval.map(|one| one.level)).number(ahead.map(|ahead| ahead.0));
    row.number(ahead.map(|ahead| ahead.1.low)).number(ahead.map(|ahead| ahead.1.high));
    row.number(evidence.p).count(evidence.lost as u64).count(evidence.unmeasured as u64)
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
