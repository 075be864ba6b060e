//! One file for each command.

mod baseline_file;
pub(crate) mod bless;
pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod completions;
pub(crate) mod evaluate;
mod kept;
pub(crate) mod list;
mod lock;
pub(crate) mod man;
pub(crate) mod new;
mod owner;
mod pages;
pub(crate) mod plan;
mod predictions;
mod reading;
pub(crate) mod reference;
pub(crate) mod report;
pub(crate) mod run;
pub(crate) mod trace;

use crate::arguments::ExperimentArguments;
use chainrule_record::text::shown;
use chainrule_runner::data::{DataCache, Describe};
use chainrule_runner::plan::{MAX_RUNS, Plan, PlanError};
use chainrule_runner::provenance;
use chainrule_runner::spec::{self, Experiment};
use std::ffi::OsString;
use std::path::PathBuf;

/// An experiment that is ready to run.
pub(crate) struct Ready {
    pub(crate) plan: Plan,
    pub(crate) data: DataCache,
    /// Its file.
    pub(crate) file: PathBuf,
    /// Its name, also the name of its results folder and of its baseline.
    pub(crate) name: OsString,
    /// Its results folder.
    pub(crate) folder: PathBuf,
}

impl Ready {
    /// Parse, check, expand.
    pub(crate) fn new(ExperimentArguments { file, options }: &ExperimentArguments) -> anyhow::Result<Self> {
        let experiment = spec::load(file, &options.assignments)?;
        let data = DataCache::new(options.data_dir.clone()).beside(file);
        let plan = plan_of(&experiment, &data, options.yes)?;
        let (file, name) = (file.clone(), experiment.name);
        let folder = options.results.join(&name);
        Ok(Self { plan, data, file, name, folder })
    }
}

/// The plan of an experiment. `allow_many` is `--yes`.
fn plan_of(experiment: &Experiment, data: &dyn Describe, allow_many: bool) -> anyhow::Result<Plan> {
    Plan::new(experiment, data, allow_many).map_err(|error| match error {
        PlanError::Invalid(diagnostics) => diagnostics.into(),
        PlanError::TooMany { runs } => anyhow::anyhow!(
            "{} would make {} runs, more than a million; nothing was run\n\
             use --yes if you mean it, or shorten the axes (`points`, `exclude`, `zip`, `seeds`)",
            shown(&experiment.file),
            amount(runs)
        ),
        PlanError::BeyondMemory { runs } => anyhow::anyhow!(
            "{} would make {} runs, and the maximum is {MAX_RUNS}, because all runs are held in memory; \
             nothing was run\n\
             shorten the axes (`points`, `exclude`, `zip`, `seeds`), or write several experiment files",
            shown(&experiment.file),
            amount(runs)
        ),
    })
}

/// A count that may be too large for a whole number: `1000001`, or `about 1.05e26`.
fn amount(count: f64) -> String {
    const MAX_EXACT: f64 = 9_007_199_254_740_992.0;
    if count < MAX_EXACT {
        return count.to_string();
    }
    let digits = format!("{count:.2e}");
    format!("about {:e}", digits.parse().unwrap_or(count))
}

/// `1 run`, `2 runs`
pub(crate) fn plural(n: usize, thing: &str) -> String {
    if n == 1 { format!("1 {thing}") } else { format!("{n} {thing}s") }
}

/// A command line as reports show it: without the program, and without absolute paths.
fn shown_command(command: &[String]) -> Vec<String> {
    command.iter().skip(1).map(|word| provenance::short_word(word)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_counts_are_said_as_they_are() {
        assert_eq!(amount(1_000_001.0), "1000001");
        assert_eq!(amount(1e26), "about 1e26");
        assert_eq!(amount(1.234_56e30), "about 1.23e30");
    }
}
