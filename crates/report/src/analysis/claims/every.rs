//! A bound or a value of every run: the value of each run is on one side, or within a tolerance.

use super::evidence::{Estimate, Evidence, Unit};
use super::groups::Group;
use crate::analysis::run::is_lost;

/// Whether every run holds, that is, its distance from the claim is at most `tolerance`. A lost run does not hold. If a
/// finished run does not measure the number, the answer is open.
pub(super) fn every(
    group: &Group,
    confirmed: bool,
    kind: Estimate,
    off: impl Fn(f64) -> f64,
    tolerance: f64,
) -> Evidence {
    let measured: Vec<f64> = group.measured(confirmed).map(|(_, value)| value).collect();
    let n = group.runs(confirmed).count();
    let unmeasured = n - measured.len();
    let lost = group.runs(confirmed).filter(|run| is_lost(run)).count();
    let fails =
        measured.iter().any(|value| off(*value) > tolerance) || (lost > 0 && !group.claim.subject.is_flag());
    let holds = if fails { Some(false) } else { (n > 0 && unmeasured == 0).then_some(true) };
    let missed = measured.iter().filter(|value| value.is_infinite()).count();
    Evidence {
        n,
        unit: Unit::Runs,
        kind,
        estimate: measured.iter().copied().max_by(|a, b| off(*a).total_cmp(&off(*b))),
        holds,
        agrees: holds == Some(true),
        lost: lost.max(missed),
        unmeasured,
        ..Evidence::default()
    }
}
