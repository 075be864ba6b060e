//! The results of gradient checks over the runs of an experiment.

mod bars;
mod fault_curves;
mod faults;
mod steps;
#[cfg(test)]
mod tests;

pub(crate) use bars::{Bar, Bars, by_layer, by_precision};
pub(crate) use fault_curves::{FaultPanel, Outcome, fault_curves};
pub(crate) use faults::{FaultRow, FaultVerdict, faults, faults_alone, faults_by_activation};
pub(crate) use steps::{Slope, StepLine, StepPoint, Steps};

use super::Analysis;
use chainrule_record::{Expectation, GradientCheck, RunRecord, TensorRow};

/// A check with at least this tolerance cannot fail, because relative errors are at most 2.
const PROVES_NOTHING: f64 = 2.0;

/// A run and its check.
#[derive(Clone, Copy)]
pub(crate) struct CheckedRun<'a> {
    pub(crate) run: &'a RunRecord,
    pub(crate) check: &'a GradientCheck,
}

impl CheckedRun<'_> {
    /// Whether the run has no fault, so that the gradient should be right.
    pub(crate) fn is_sound(&self) -> bool {
        self.check.expect == Expectation::Passed
    }
}

/// The checks of an experiment.
pub(crate) struct Checks<'a> {
    /// Every run with a check, in plan order.
    pub(crate) all: Vec<CheckedRun<'a>>,
    /// The number of checks per outcome.
    pub(crate) counts: Counts,
    /// Recorded runs without a check.
    pub(crate) unchecked: usize,
    /// Checks whose tolerance no error can exceed.
    pub(crate) vacuous: usize,
    strict: Vec<CheckedRun<'a>>,
    /// The smallest tolerance of a gradient without a fault.
    pub(crate) strictest: Option<f64>,
    /// One for each compared value, in the order of the file.
    pub(crate) groups: Vec<Group<'a>>,
}

/// The numbers of checks per outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// All of them.
    pub(crate) checks: usize,
    /// Checks with the expected outcome.
    pub(crate) as_expected: usize,
    /// Right gradients that passed.
    pub(crate) passed: usize,
    /// Faults that should be caught and were caught.
    pub(crate) caught: usize,
    /// Faults that should be missed and were missed.
    pub(crate) missed: usize,
    /// Faults that do not change the gradient and were not caught.
    pub(crate) no_effect: usize,
}

impl Counts {
    fn of(checks: &[CheckedRun]) -> Self {
        let expected = || checks.iter().filter(|one| one.check.as_expected);
        let came_out =
            |verdict: FaultVerdict| expected().filter(|one| FaultVerdict::of(one) == verdict).count();
        Self {
            checks: checks.len(),
            as_expected: expected().count(),
            passed: came_out(FaultVerdict::Right),
            caught: came_out(FaultVerdict::Caught),
            missed: came_out(FaultVerdict::Missed),
            no_effect: came_out(FaultVerdict::NoEffect),
        }
    }

    /// Checks with an unexpected outcome.
    pub(crate) fn unexpected(&self) -> usize {
        self.checks - self.as_expected
    }
}

/// The checks of a compared value.
pub(crate) struct Group<'a> {
    /// Its name.
    pub(crate) label: String,
    /// The outcomes of its checks.
    pub(crate) counts: Counts,
    /// Entries that were compared with differences.
    pub(crate) checked: u64,
    /// Entries that were left out because of kinks.
    pub(crate) kinks: u64,
    /// The row with the largest relative error, from the gradients without a fault that have the strictest tolerance.
    pub(crate) worst: Option<&'a TensorRow>,
    /// The median over the same rows of their median errors.
    pub(crate) median: Option<f64>,
}

impl<'a> Checks<'a> {
    /// The checks of the recorded runs.
    pub(crate) fn new(analysis: &Analysis<'a>) -> Self {
        let records: &'a [RunRecord] = analysis.records;
        let checked = |run: &'a RunRecord| Some(CheckedRun { run, check: run.gradient_check.as_ref()? });
        let all: Vec<CheckedRun> = records.iter().filter_map(checked).collect();
        let tolerances = all.iter().filter(|one| one.is_sound()).map(|one| one.check.tolerance);
        let strictest = tolerances.min_by(f64::total_cmp);
        let is_strict = |one: &CheckedRun| one.is_sound() && Some(one.check.tolerance) == strictest;
        let strict: Vec<CheckedRun> = all.iter().copied().filter(is_strict).collect();
        Self {
            counts: Counts::of(&all),
            unchecked: records.len() - all.len(),
            vacuous: all.iter().filter(|one| one.check.tolerance >= PROVES_NOTHING).count(),
            groups: groups(analysis, &all, &strict),
            strict,
            strictest,
            all,
        }
    }

    /// The checks with an unexpected outcome.
    pub(crate) fn unexpected(&self) -> impl Iterator<Item = &CheckedRun<'a>> {
        self.all.iter().filter(|one| !one.check.as_expected)
    }

    /// The checks of gradients without a fault that have the strictest tolerance.
    pub(crate) fn strict(&self) -> impl Iterator<Item = CheckedRun<'a>> {
        self.strict.iter().copied()
    }

    /// The row with the largest relative error in [`strict`](Self::strict), with its run.
    pub(crate) fn worst(&self) -> Option<(CheckedRun<'a>, &'a TensorRow)> {
        worst(self.strict())
    }

    /// The sum of a count over all rows.
    pub(crate) fn total(&self, count: impl Fn(&TensorRow) -> u64 + Copy) -> u64 {
        self.all.iter().map(|one| one.check.total(count)).sum()
    }
}

fn worst<'a>(checks: impl Iterator<Item = CheckedRun<'a>>) -> Option<(CheckedRun<'a>, &'a TensorRow)> {
    let rows = checks.filter_map(|one| Some((one, one.check.worst()?)));
    // An error that is not a number ranks worse than any number.
    let error =
        |row: &TensorRow| row.finite_largest().unwrap_or(if row.passed { -1.0 } else { f64::INFINITY });
    rows.reduce(|worst, next| if error(next.1) > error(worst.1) { next } else { worst })
}

fn groups<'a>(analysis: &Analysis<'a>, all: &[CheckedRun<'a>], strict: &[CheckedRun<'a>]) -> Vec<Group<'a>> {
    let group = |(index, compared): (usize, &super::Compared)| {
        let is_ours = |one: &CheckedRun| level_of(analysis, one.run) == index;
        let ours: Vec<_> = all.iter().copied().filter(is_ours).collect();
        let strict = || strict.iter().copied().filter(is_ours);
        let total = |count: fn(&TensorRow) -> u64| ours.iter().map(|one| one.check.total(count)).sum();
        let medians = strict().flat_map(|one| &one.check.rows).filter_map(|row| row.finite_median());
        Group {
            label: compared.label.clone(),
            counts: Counts::of(&ours),
            checked: total(|row| row.checked),
            kinks: total(|row| row.kinks),
            worst: worst(strict()).map(|(_, row)| row),
            median: median(medians.collect()),
        }
    };
    analysis.compared.iter().enumerate().map(group).collect()
}

/// The level of the compared factor in a run.
fn level_of(analysis: &Analysis, run: &RunRecord) -> usize {
    analysis.grid.compare.map_or(0, |factor| analysis.grid.locate(&run.spec)[factor])
}

fn median(values: Vec<f64>) -> Option<f64> {
    chainrule_statistics::median(&values)
}
