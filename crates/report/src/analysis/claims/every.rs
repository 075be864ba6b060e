//! `at_least`, `at_most` of every run: the value of each run is on one side of a bound.

use super::Test;
use super::evidence::{Estimate, Evidence, Unit};
use super::groups::Group;
use crate::analysis::run::is_lost;
use crate::analysis::runs::Runs;
use chainrule_record::{Claim, Side};

/// The test.
pub(super) struct Every {
    /// The side of the bound.
    pub(super) side: Side,
    /// The bound.
    pub(super) bound: f64,
}

impl<'a> Test<'a> for Every {
    fn groups(&self, experiment: &'a Runs, claim: &'a Claim) -> Vec<Group<'a>> {
        vec![Group::all(experiment, claim)]
    }

    fn evidence(&self, experiment: &Runs, claim: &Claim, groups: &[Group], confirmed: bool) -> Vec<Evidence> {
        let off = |value: f64| match self.side {
            Side::AtLeast => self.bound - value,
            Side::AtMost => value - self.bound,
        };
        let of = |group| every(experiment, claim, group, confirmed, Estimate::Worst, off, 0.0);
        groups.iter().map(of).collect()
    }
}

/// Whether every run holds, that is, its distance from the claim is at most `tolerance`. A lost run does not hold. If a
/// finished run does not measure the number, the answer is open.
pub(super) fn every(
    experiment: &Runs,
    claim: &Claim,
    group: &Group,
    confirmed: bool,
    kind: Estimate,
    off: impl Fn(f64) -> f64,
    tolerance: f64,
) -> Evidence {
    let measured: Vec<f64> =
        group.measured(experiment, &claim.subject, confirmed).map(|(_, value)| value).collect();
    let n = group.runs(experiment, confirmed).count();
    let worst = measured.iter().copied().max_by(|a, b| off(*a).total_cmp(&off(*b)));
    let unmeasured = n - measured.len();
    let fails = measured.iter().any(|value| off(*value) > tolerance)
        || group.runs(experiment, confirmed).any(|run| is_lost(run) && !claim.subject.is_flag());
    let holds = if fails { Some(false) } else { (n > 0 && unmeasured == 0).then_some(true) };
    let lost = group.runs(experiment, confirmed).filter(|run| is_lost(run)).count();
    let missed = measured.iter().filter(|value| value.is_infinite()).count();
    Evidence {
        n,
        unit: Unit::Runs,
        kind,
        estimate: worst,
        holds,
        agrees: holds == Some(true),
        lost: lost.max(missed),
        unmeasured,
        ..Evidence::default()
    }
}
