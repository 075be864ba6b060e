//! Turns an expansion into a plan, or into all errors found.

use super::expand::Expansion;
use super::{Plan, PlanError, info};
use crate::memory::PlanMemory;
use crate::spec::{Diagnostic, Diagnostics};
use std::collections::HashSet;

impl Expansion<'_> {
    /// The plan.
    ///
    /// # Errors
    /// All errors found.
    pub(super) fn finish(mut self) -> Result<Plan, PlanError> {
        let experiment = self.experiment;
        if self.errors.is_empty() && self.kept.is_empty() {
            let message = "`exclude` excludes every combination of the grid: there is nothing to run";
            let error = match experiment.grids.iter().flat_map(|grid| &grid.excludes).next() {
                Some(exclude) => Diagnostic::new(message, &exclude.span, "no combination left"),
                None => Diagnostic::whole(message),
            };
            self.errors.push(error.help("use narrower conditions in `exclude`"));
        }
        self.errors.extend(info::check_metric(experiment, &self.resolver));
        if self.errors.is_empty() {
            self.errors = self.audit.errors();
        }
        if !self.errors.is_empty() {
            return Err(PlanError::Invalid(Diagnostics::new(experiment.sources.clone(), self.errors)));
        }
        let (run_ids, skipped) = (std::mem::take(&mut self.run_ids), std::mem::take(&mut self.skipped));
        let info = info::info(&self, run_ids, skipped);
        let confirmations =
            self.audit.choices().map(|configurations| configurations * info.confirm_seeds as usize);
        let memory = self.memory();
        let Self { kept, resolved, cost, .. } = self;
        Ok(Plan { info, experiment: experiment.clone(), kept, resolved, cost, confirmations, memory })
    }

    /// The memory of the kept combinations.
    fn memory(&self) -> PlanMemory {
        let mut memory = PlanMemory { data: self.resolver.bytes(), ..PlanMemory::default() };
        let (mut seen, mut met) = (vec![false; self.resolved.len()], HashSet::new());
        let mut keys = HashSet::new();
        for kept in &self.kept {
            if std::mem::replace(&mut seen[kept.resolved], true) {
                continue;
            }
            let resolved = &self.resolved[kept.resolved];
            memory.add(resolved.needs);
            if let Some(splits) = resolved.splits.as_ref().filter(|splits| met.insert(splits.identity())) {
                keys.extend(self.experiment.seeds.iter().map(|seed| splits.key(*seed)));
            }
        }
        memory.splits = keys.len();
        memory
    }
}
