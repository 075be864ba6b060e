//! `order`: the value of each arm is better than the value of the next.

use super::Test;
use super::evidence::Evidence;
use super::groups::{Group, pairing};
use super::pairs::{NOTHING, against_next};
use crate::analysis::runs::Runs;
use chainrule_record::{Better, Claim, RunSpec, Selection};
use std::rc::Rc;

/// The test.
pub(super) struct Order<'a> {
    /// The arms that should be in this order.
    pub(super) arms: &'a [Selection],
    /// Which direction is better.
    pub(super) prefers: Better,
}

impl<'a> Test<'a> for Order<'a> {
    fn groups(&self, experiment: &'a Runs, claim: &'a Claim) -> Vec<Group<'a>> {
        let pairing = pairing(experiment, |setting| self.arms.iter().any(|arm| arm.names(setting)));
        let group = |arm: &'a Selection| {
            let meets = move |spec: &RunSpec| claim.filter.selects(spec) && arm.selects(spec);
            Group::new(experiment, claim, arm.label.clone(), pairing.clone(), Rc::new(meets))
        };
        self.arms.iter().map(group).collect()
    }

    fn evidence(&self, experiment: &Runs, claim: &Claim, groups: &[Group], confirmed: bool) -> Vec<Evidence> {
        against_next(experiment, &claim.subject, groups, self.prefers, confirmed)
    }

    fn nothing(&self) -> &'static str {
        NOTHING
    }
}
