//! What gradient checks found, over the runs of an experiment.

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

/// A check of which the tolerance is this or more cannot fail: no relative error is above 2.
const PROVES_NOTHING: f64 = 2.0;

/// A run and its check.
#[derive(Clone, Copy)]
pub(crate) struct CheckedRun<'a> {
    /// The run.
    pub(crate) run: &'a RunRecord,
    /// Its check.
    pub(crate) check: &'a GradientCheck,
}

impl CheckedRun<'_> {
    /// Whether the gradient is said to be right.
    pub(crate) fn is_sound(&self) -> bool {
        self.check.expect == Expectation::Passed
    }
}

/// The checks of an experiment.
pub(crate) struct Checks<'a> {
    /// Every run with a check, in plan order.
    pub(crate) all: Vec<CheckedRun<'a>>,
    /// How many of them came out how.
    pub(crate) counts: Counts,
    /// Runs on record without a check.
    pub(crate) unchecked: usize,
    /// Checks whose tolerance nothing can be above.
    pub(crate) vacuous: usize,
    /// The smallest tolerance of a gradient that is said to be right.
    pub(crate) strictest: Option<f64>,
    /// One a compared value, in the order of the file.
    pub(crate) groups: Vec<Group<'a>>,
}

/// How checks came out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// All of them.
    pub(crate) checks: usize,
    /// Those that came out as expected.
    pub(crate) as_expected: usize,
    /// Gradients that are right, and passed.
    pub(crate) passed: usize,
    /// Faults that were to be caught, and were.
    pub(crate) caught: usize,
    /// Faults that could not be seen, and were not.
    pub(crate) missed: usize,
    /// Faults that make no difference to the gradient, and were not caught.
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

    /// Those that did not come out as expected.
    pub(crate) fn unexpected(&self) -> usize {
        self.checks - self.as_expected
    }
}

/// The checks of a compared value.
pub(crate) struct Group<'a> {
    /// Its name.
    pub(crate) label: String,
    /// How its checks came out.
    pub(crate) counts: Counts,
    /// Entries compared with differences.
    pub(crate) checked: u64,
    /// Entries left out at kinks.
    pub(crate) kinks: u64,
    /// Of the gradients that are said to be right and held to the strictest tolerance, the row of the largest relative
    /// error.
    pub(crate) worst: Option<&'a TensorRow>,
    /// The median of the medians of the rows of the same.
    pub(crate) median: Option<f64>,
}

impl<'a> Checks<'a> {
    /// The checks of the runs on record.
    pub(crate) fn new(analysis: &Analysis<'a>) -> Self {
        let records: &'a [RunRecord] = analysis.records;
        let checked = |run: &'a RunRecord| Some(CheckedRun { run, check: run.gradient_check.as_ref()? });
        let all: Vec<CheckedRun> = records.iter().filter_map(checked).collect();
        let tolerances = all.iter().filter(|one| one.is_sound()).map(|one| one.check.tolerance);
        let strictest = tolerances.min_by(f64::total_cmp);
        Self {
            counts: Counts::of(&all),
            unchecked: records.len() - all.len(),
            vacuous: all.iter().filter(|one| one.check.tolerance >= PROVES_NOTHING).count(),
            groups: groups(analysis, &all, strictest),
            strictest,
            all,
        }
    }

    /// The checks that did not come out as expected.
    pub(crate) fn unexpected(&self) -> impl Iterator<Item = &CheckedRun<'a>> {
        self.all.iter().filter(|one| !one.check.as_expected)
    }

    /// The gradients that are said to be right and are held to the strictest tolerance.
    pub(crate) fn strict(&self) -> impl Iterator<Item = CheckedRun<'a>> {
        strict(&self.all, self.strictest)
    }

    /// The row of the largest relative error of [`strict`](Self::strict), with its run.
    pub(crate) fn worst(&self) -> Option<(CheckedRun<'a>, &'a TensorRow)> {
        worst(self.strict())
    }

    /// The sum of a count over all rows.
    pub(crate) fn total(&self, count: impl Fn(&TensorRow) -> u64 + Copy) -> u64 {
        self.all.iter().map(|one| one.check.total(count)).sum()
    }
}

fn strict<'a, 'c>(
    all: &'c [CheckedRun<'a>],
    strictest: Option<f64>,
) -> impl Iterator<Item = CheckedRun<'a>> + use<'a, 'c> {
    all.iter().copied().filter(move |one| one.is_sound() && Some(one.check.tolerance) == strictest)
}

fn worst<'a>(checks: impl Iterator<Item = CheckedRun<'a>>) -> Option<(CheckedRun<'a>, &'a TensorRow)> {
    let rows = checks.filter_map(|one| Some((one, one.check.worst()?)));
    // A row that is wrong without a number is worse than any number.
    let error =
        |row: &TensorRow| row.finite_largest().unwrap_or(if row.passed { -1.0 } else { f64::INFINITY });
    rows.reduce(|worst, next| if error(next.1) > error(worst.1) { next } else { worst })
}

fn groups<'a>(analysis: &Analysis<'a>, all: &[CheckedRun<'a>], strictest: Option<f64>) -> Vec<Group<'a>> {
    let level = |one: &CheckedRun| level_of(analysis, one.run);
    let group = |(index, compared): (usize, &super::Compared)| {
        let ours: Vec<_> = all.iter().copied().filter(|one| level(one) == index).collect();
        let total = |count: fn(&TensorRow) -> u64| ours.iter().map(|one| one.check.total(count)).sum();
        let medians =
            strict(&ours, strictest).flat_map(|one| &one.check.rows).filter_map(|row| row.finite_median());
        Group {
            label: compared.label.clone(),
            counts: Counts::of(&ours),
            checked: total(|row| row.checked),
            kinks: total(|row| row.kinks),
            worst: worst(strict(&ours, strictest)).map(|(_, row)| row),
            median: median(medians.collect()),
        }
    };
    analysis.compared.iter().enumerate().map(group).collect()
}

/// Which of the compared values a run has.
fn level_of(analysis: &Analysis, run: &RunRecord) -> usize {
    analysis.grid.compare.map_or(0, |factor| analysis.grid.locate(&run.spec)[factor])
}

fn median(values: Vec<f64>) -> Option<f64> {
    chainrule_statistics::median(&values)
}
