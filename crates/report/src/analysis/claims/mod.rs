//! Decides claims: supported, refuted or undecided, with the evidence.
//!
//! A claim may have several statements, like an order or a trend. If all are on its side, p is their largest p, because
//! the claim holds only if all statements hold. Otherwise p is the smallest p on the other side times the number of
//! statements, at most 1, because the claim fails if any statement fails. Holm's method then adjusts p over all claims
//! of the file that have one. At an adjusted p of 5 % or below, the claim is supported or refuted, depending on the
//! side of the runs.

mod every;
mod evidence;
mod groups;
mod mean;
mod measure;
mod pairs;
mod trend;

#[cfg(test)]
mod tests;

pub(crate) use evidence::{Estimate, Evidence, Unit};

use super::missing::Missing;
use super::runs::Runs;
use crate::number::count;
use chainrule_record::{Better, Claim, ClaimTest, Direction, Extent, RunSpec, Selection, Side};
use chainrule_statistics::{LEVEL, MIN_PAIRS, holm};
use every::every;
use groups::{Group, pairing};
use pairs::against_next;
use std::rc::Rc;

/// The groups of a claim: the arms of an order, the levels of a trend, or all its runs.
fn groups<'a>(experiment: &'a Runs, claim: &'a Claim) -> Vec<Group<'a>> {
    match &claim.test {
        ClaimTest::Order { arms, .. } => {
            let pairing = pairing(experiment, |setting| arms.iter().any(|arm| arm.names(setting)));
            let group = |arm: &'a Selection| {
                let meets = move |spec: &RunSpec| claim.filter.selects(spec) && arm.selects(spec);
                Group::new(experiment, claim, arm.label.clone(), pairing.clone(), Rc::new(meets))
            };
            arms.iter().map(group).collect()
        }
        ClaimTest::Trend { over, .. } => trend::levels(experiment, claim, over),
        ClaimTest::Threshold { .. } | ClaimTest::Equals { .. } => vec![Group::all(experiment, claim)],
    }
}

/// The evidence from the planned runs of a claim's groups, or with `confirmed` from their runs on fresh seeds. Each
/// group, or each pair of adjacent groups, gives evidence.
fn evidence(claim: &Claim, groups: &[Group], confirmed: bool) -> Vec<Evidence> {
    let each = |of: &dyn Fn(&Group) -> Evidence| groups.iter().map(of).collect();
    match claim.test {
        ClaimTest::Order { prefers, .. } => against_next(groups, prefers, confirmed),
        ClaimTest::Trend { direction: Direction::Falls, .. } => {
            against_next(groups, Better::Higher, confirmed)
        }
        ClaimTest::Trend { direction: Direction::Rises, .. } => {
            against_next(groups, Better::Lower, confirmed)
        }
        ClaimTest::Threshold { side, bound, of: Extent::Mean } => {
            each(&|group| mean::evidence(group, confirmed, side, bound))
        }
        ClaimTest::Threshold { side: Side::AtLeast, bound, of: Extent::Every } => {
            each(&|group| every(group, confirmed, Estimate::Worst, |value| bound - value, 0.0))
        }
        ClaimTest::Threshold { side: Side::AtMost, bound, of: Extent::Every } => {
            each(&|group| every(group, confirmed, Estimate::Worst, |value| value - bound, 0.0))
        }
        ClaimTest::Equals { value, tolerance } => {
            let off = |found: f64| (found - value).abs();
            each(&|group| every(group, confirmed, Estimate::Farthest, off, tolerance))
        }
    }
}

/// The decision on a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// The runs support it.
    Supported,
    /// The runs refute it.
    Refuted,
    /// The runs do not decide it.
    Undecided,
}

impl Decision {
    /// The word in tables and pages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Supported => "supported",
            Self::Refuted => "refuted",
            Self::Undecided => "undecided",
        }
    }
}

/// A claim with its decision and the evidence.
#[derive(Debug, Clone)]
pub(crate) struct Verdict<'a> {
    pub(crate) claim: &'a Claim,
    pub(crate) decision: Decision,
    /// Why it is undecided.
    pub(crate) reason: Option<String>,
    /// The evidence of the deciding runs.
    pub(crate) evidence: Vec<Evidence>,
    /// The evidence of the planned runs, if runs on fresh seeds decide.
    pub(crate) planned: Option<Vec<Evidence>>,
    /// The probability of a result at least this extreme if the claim has no effect.
    pub(crate) p: Option<f64>,
    /// p, adjusted for the other claims of the file.
    pub(crate) adjusted: Option<f64>,
    /// The number of additional seeds that would probably decide.
    pub(crate) more_seeds: Option<usize>,
    /// The number of seeds in which every statement holds, if there are several.
    pub(crate) throughout: Option<usize>,
}

/// The configurations that decide a claim.
pub(crate) fn configurations(experiment: &Runs, claim: &Claim) -> Vec<usize> {
    groups(experiment, claim).into_iter().flat_map(|group| group.configurations).collect()
}

/// Decides every claim of the experiment.
pub(crate) fn verdicts<'a>(experiment: &Runs<'a>, missing: Missing) -> Vec<Verdict<'a>> {
    let info = experiment.info;
    let mut verdicts: Vec<Verdict> = info.claims.iter().map(|claim| weighed(experiment, claim)).collect();
    let with_p: Vec<usize> = (0..verdicts.len()).filter(|index| verdicts[*index].p.is_some()).collect();
    let adjusted = holm(&with_p.iter().filter_map(|index| verdicts[*index].p).collect::<Vec<_>>());
    for (index, adjusted) in with_p.into_iter().zip(adjusted) {
        verdicts[index].adjusted = Some(adjusted);
    }
    // The level of the strictest comparison in Holm's method.
    let tested = verdicts
        .iter()
        .filter(|verdict| verdict.evidence.iter().any(|part| part.unit == Unit::Seeds))
        .count();
    let level = (1.0 - LEVEL) / tested.max(1) as f64;
    let missing = waits_for(missing, info.run_ids.len());
    verdicts.iter_mut().for_each(|verdict| decide(verdict, missing.as_deref(), level));
    verdicts
}

/// The reason if runs are missing that a verdict needs. `planned` is the number of planned runs.
fn waits_for(missing: Missing, planned: usize) -> Option<String> {
    if missing.planned > 0 {
        return Some(format!("{} of {planned} planned runs are not on record", missing.planned));
    }
    (missing.fresh() > 0).then(|| {
        format!(
            "{} of {} runs on fresh seeds are not on record; `chainrule run` makes them",
            missing.fresh(),
            missing.expected
        )
    })
}

/// A claim with its evidence, before the decision.
fn weighed<'a>(experiment: &Runs<'a>, claim: &'a Claim) -> Verdict<'a> {
    let confirms = experiment.info.confirm_seeds > 0;
    let groups = groups(experiment, claim);
    let evidence = |confirmed| evidence(claim, &groups, confirmed);
    let planned = evidence(false);
    let (evidence, planned) = match confirms {
        true => (evidence(true), Some(planned)),
        false => (planned, None),
    };
    // Runs that were used to choose are not evidence for the choice. So the planned runs have no p if other runs
    // decide.
    let without_p = |mut parts: Vec<Evidence>| {
        parts.iter_mut().for_each(|part| part.p = None);
        parts
    };
    Verdict {
        claim,
        decision: Decision::Undecided,
        reason: None,
        p: joint_p(&evidence),
        throughout: throughout(&evidence),
        planned: planned.map(without_p),
        evidence,
        adjusted: None,
        more_seeds: None,
    }
}

/// The p of a claim, as described at the top of this file.
fn joint_p(parts: &[Evidence]) -> Option<f64> {
    let p: Vec<f64> = parts.iter().map(|part| part.p).collect::<Option<_>>()?;
    let largest = p.iter().copied().reduce(f64::max)?;
    let against = parts.iter().zip(&p).filter(|(part, _)| !part.agrees).map(|(_, p)| *p).reduce(f64::min);
    Some(against.map_or(largest, |smallest| (smallest * parts.len() as f64).min(1.0)))
}

/// The number of seeds in which all of several statements hold.
fn throughout(parts: &[Evidence]) -> Option<usize> {
    let (first, rest) = parts.split_first().filter(|(_, rest)| !rest.is_empty())?;
    let holds = |seed: &&u64| rest.iter().all(|part| part.holding.contains(seed));
    Some(first.holding.iter().filter(holds).count())
}

fn decide(verdict: &mut Verdict, missing: Option<&str>, level: f64) {
    let agrees = verdict.evidence.iter().all(|part| part.agrees);
    let side = if agrees { Decision::Supported } else { Decision::Refuted };
    let every: Option<Vec<bool>> = verdict.evidence.iter().map(|part| part.holds).collect();
    if let Some(missing) = missing {
        verdict.reason = Some(missing.to_owned());
    } else if verdict.evidence.is_empty() || verdict.evidence.iter().any(|part| part.n == 0) {
        let pairs = matches!(verdict.claim.test, ClaimTest::Order { .. } | ClaimTest::Trend { .. });
        let unit = if pairs { "pair of runs" } else { "run" };
        verdict.reason = Some(format!("no {unit} was measured"));
    } else if every.is_some() || verdict.adjusted.is_some_and(|p| p <= 1.0 - LEVEL) {
        verdict.decision = side;
    } else {
        verdict.reason = Some(reason(verdict));
        verdict.more_seeds = more_seeds(&verdict.evidence, level);
    }
}

/// Why the existing runs do not decide.
fn reason(verdict: &Verdict) -> String {
    let open = |part: &&Evidence| part.unit == Unit::Runs && part.holds.is_none();
    if let Some(part) = verdict.evidence.iter().find(open) {
        return format!("{} of {} runs do not measure it", part.unmeasured, part.n);
    }
    let few = verdict.evidence.iter().map(|part| part.n).min().unwrap_or(0);
    if let Some(part) = verdict.evidence.iter().find(|part| part.copies > 0 && part.n < MIN_PAIRS) {
        return format!(
            "the seed has no effect here: {} of {} repeat others bit by bit and do not count",
            part.copies,
            count(part.n + part.copies, "seed")
        );
    }
    match verdict.adjusted {
        None if few < MIN_PAIRS => {
            format!("{}, and the exact test has no p below {MIN_PAIRS}", count(few, "seed"))
        }
        None => "there is no p".to_owned(),
        Some(_) if verdict.evidence.iter().all(|part| part.tied) => "both are equal on every seed".to_owned(),
        Some(_) if verdict.p.is_some_and(|p| p <= 1.0 - LEVEL) => {
            "the result may be chance, given the number of claims tested".to_owned()
        }
        Some(_) => "the result may be chance".to_owned(),
    }
}

/// The number of additional seeds that would decide all parts on the claim's side, or any part on the other side.
fn more_seeds(parts: &[Evidence], level: f64) -> Option<usize> {
    // If seeds give copies, more seeds would not decide.
    let grows = |part: &&Evidence| part.copies == 0;
    let more = |part: &Evidence, level: f64| {
        Some(Some(part).filter(grows)?.needed(level)?.saturating_sub(part.n).max(1))
    };
    let against: Vec<_> = parts.iter().filter(|part| !part.agrees).collect();
    if against.is_empty() {
        let all: Option<Vec<usize>> = parts.iter().map(|part| more(part, level)).collect();
        return all?.into_iter().max();
    }
    let level = level / parts.len() as f64;
    against.into_iter().filter_map(|part| more(part, level)).min()
}
