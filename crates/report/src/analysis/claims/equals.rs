//! `equals`: every run has a value, within a tolerance.

use super::Test;
use super::every::every;
use super::evidence::{Estimate, Evidence};
use super::groups::Group;
use crate::analysis::runs::Runs;
use chainrule_record::Claim;

/// The test.
pub(super) struct Equals {
    /// The value.
    pub(super) value: f64,
    /// The largest distance from it.
    pub(super) tolerance: f64,
}

impl<'a> Test<'a> for Equals {
    fn groups(&self, experiment: &'a Runs, claim: &'a Claim) -> Vec<Group<'a>> {
        vec![Group::all(experiment, claim)]
    }

    fn evidence(&self, experiment: &Runs, claim: &Claim, groups: &[Group], confirmed: bool) -> Vec<Evidence> {
        let off = |found: f64| (found - self.value).abs();
        let of = |group| every(experiment, claim, group, confirmed, Estimate::Farthest, off, self.tolerance);
        groups.iter().map(of).collect()
    }
}
