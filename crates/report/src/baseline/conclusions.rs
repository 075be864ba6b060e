//! The conclusions from runs: the ranking of the compared values, and the decisions on the claims.

use super::finding::{Finding, Kind, Severity};
use super::similar::{Tolerances, worsening};
use crate::analysis::{Analysis, Verdict};
use crate::number::rounded_or;
use crate::text::one_line;
use chainrule_record::ExperimentKind;
use serde::{Deserialize, Serialize};

/// An adjusted p in this range is near the level of 5 %: a change in rounding can move it across the level.
const NEAR: std::ops::RangeInclusive<f64> = 0.025..=0.1;

/// The conclusions.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Conclusions {
    /// The compared values that have runs, best first; empty for gradient checks and functions.
    pub ranking: Vec<Ranked>,
    /// The claims, in the order of the file.
    pub claims: Vec<ClaimConclusion>,
}

/// A compared value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ranked {
    /// Its name.
    pub label: String,
    /// The median of the deciding metric at its best configuration. `None` if half or more of its runs are lost, and
    /// with several data sets, where mean ranks give the order.
    pub median: Option<f64>,
}

/// The decision on a claim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClaimConclusion {
    /// The claim.
    pub text: String,
    /// `supported`, `refuted` or `undecided`.
    pub decision: String,
    /// p, adjusted for the other claims.
    pub p: Option<f64>,
}

impl Conclusions {
    pub(super) fn of(analysis: &Analysis) -> Self {
        let best = |index: usize| analysis.best_of(index).filter(|_| !analysis.spans_datasets());
        let median = |index: usize| best(index)?.final_metric(analysis.info.metric).median;
        let ranked = |index: &usize| Ranked {
            label: one_line(&analysis.compared[*index].label),
            median: median(*index),
        };
        let claim = |verdict: &Verdict| ClaimConclusion {
            text: one_line(&verdict.claim.text),
            decision: verdict.decision.name().to_owned(),
            p: verdict.adjusted,
        };
        let is_ranked = analysis.info.kind == ExperimentKind::Train;
        let ranking = analysis.compared_ranking.iter().filter(|_| is_ranked).map(ranked).collect();
        Self { ranking, claims: analysis.verdicts.iter().map(claim).collect() }
    }
}

/// The findings for conclusions that changed. If the runs are equal in every bit (`strict`), their conclusions must be
/// equal too. Otherwise a decision may change if its p is near the level, and the ranking may change if medians differ
/// by less than the tolerance.
pub(super) fn changed(
    before: &Conclusions,
    now: &Conclusions,
    metric: &str,
    tolerances: &Tolerances,
    strict: bool,
) -> Vec<Finding> {
    let severity = |is_regression| if is_regression { Severity::Regression } else { Severity::Notice };
    let mut findings = Vec::new();
    let bests = before.ranking.first().zip(now.ranking.first());
    if let Some((was, is)) = bests.filter(|(was, is)| was.label != is.label) {
        let is_clear = strict || is_overtaken(before, now, was, is, metric, tolerances);
        let message = format!(
            "the best is {} now (median {metric} {}), and was {} ({})",
            is.label,
            median(is),
            was.label,
            median(was)
        );
        findings.push(Finding::new(severity(is_clear), Kind::Ranking, message));
    } else if strict && labels(before) != labels(now) {
        let message =
            format!("the ranking is {}, and was {}", labels(now).join(", "), labels(before).join(", "));
        findings.push(Finding::new(Severity::Regression, Kind::Ranking, message));
    }
    for claim in &now.claims {
        let Some(was) = before.claims.iter().find(|known| known.text == claim.text) else {
            let message =
                format!("the claim \"{}\" is not in the baseline: it is {}", claim.text, claim.decision);
            findings.push(Finding::new(Severity::Notice, Kind::Claim, message));
            continue;
        };
        if was.decision != claim.decision {
            let is_regression = strict || !is_near(was.p, claim.p);
            findings.push(Finding::new(severity(is_regression), Kind::Claim, decided_otherwise(was, claim)));
        }
    }
    for claim in before.claims.iter().filter(|claim| now.claims.iter().all(|known| known.text != claim.text))
    {
        let message = format!("the claim \"{}\" of the baseline is not in the experiment", claim.text);
        findings.push(Finding::new(Severity::Notice, Kind::Claim, message));
    }
    findings
}

/// Medians differ if their relative difference is larger: JSON may not restore the last bit.
const SAME: f64 = 1e-12;

/// Medians that differ although all runs are equal. The baseline was edited, or the calculation of medians changed.
pub(super) fn other_medians(before: &Conclusions, now: &Conclusions) -> Option<Finding> {
    let is_same = |a: Option<f64>, b: Option<f64>| match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= SAME * a.abs().max(b.abs()),
        (a, b) => a == b,
    };
    let pairs = before.ranking.iter().zip(&now.ranking);
    let mut others = pairs.filter(|(was, is)| was.label == is.label && !is_same(was.median, is.median));
    let (was, is) = others.next()?;
    let message = format!(
        "the median of {} is {}, and was {}, though all runs are the same",
        is.label,
        median(is),
        median(was)
    );
    Some(Finding::new(Severity::Regression, Kind::Ranking, message))
}

fn median(ranked: &Ranked) -> String {
    rounded_or(ranked.median, 4, "none")
}

fn labels(conclusions: &Conclusions) -> Vec<&str> {
    conclusions.ranking.iter().map(|ranked| ranked.label.as_str()).collect()
}

/// Whether the earlier best was clearly better than the present best, and is clearly worse now.
fn is_overtaken(
    before: &Conclusions,
    now: &Conclusions,
    was: &Ranked,
    is: &Ranked,
    metric: &str,
    tolerances: &Tolerances,
) -> bool {
    let median_of = |conclusions: &Conclusions, label: &str| {
        conclusions.ranking.iter().find(|ranked| ranked.label == label)?.median
    };
    let is_clearly_better = |better: Option<f64>, worse: Option<f64>| match (better, worse) {
        (Some(better), Some(worse)) => {
            worsening(metric, better, worse).is_some_and(|worse| worse > tolerances.of(metric))
        }
        (better, _) => better.is_some(),
    };
    is_clearly_better(was.median, median_of(before, &is.label))
        && is_clearly_better(is.median, median_of(now, &was.label))
}

/// Whether either p is near the level, so that chance alone may have moved it across.
fn is_near(before: Option<f64>, now: Option<f64>) -> bool {
    [before, now].into_iter().flatten().any(|p| NEAR.contains(&p))
}

fn decided_otherwise(was: &ClaimConclusion, is: &ClaimConclusion) -> String {
    let p = |claim: &ClaimConclusion| rounded_or(claim.p, 2, "none");
    format!(
        "the claim \"{}\" is {} (p {}), and was {} (p {})",
        is.text,
        is.decision,
        p(is),
        was.decision,
        p(was)
    )
}
