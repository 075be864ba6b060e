//! One file for each command.

mod baseline_file;
pub(crate) mod bless;
pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod evaluate;
mod kept;
pub(crate) mod list;
mod lock;
pub(crate) mod new;
pub(crate) mod plan;
mod predictions;
pub(crate) mod reference;
pub(crate) mod report;
pub(crate) mod run;
pub(crate) mod trace;

use crate::arguments::ExperimentArguments;
use chainrule_runner::data::DataCache;
use chainrule_runner::plan::{Plan, PlanError};
use chainrule_runner::spec;
use std::path::PathBuf;

/// The folder of baselines among those of results.
const BASELINES: &str = "baselines";

/// An experiment that is ready to run.
pub(crate) struct Ready {
    pub(crate) plan: Plan,
    pub(crate) data: DataCache,
    pub(crate) folder: PathBuf,
}

impl Ready {
    /// Parse, check, expand.
    pub(crate) fn new(arguments: &ExperimentArguments) -> anyhow::Result<Self> {
        let experiment = spec::load(&arguments.file, &arguments.assignments)?;
        let data = DataCache::new(arguments.data_dir.clone());
        let plan = Plan::new(&experiment, &data, arguments.yes).map_err(|error| match error {
            PlanError::Invalid(diagnostics) => diagnostics.into(),
            PlanError::TooMany { runs } => anyhow::anyhow!(
                "{} would make {runs} runs, more than a million; nothing was run\n\
                 say --yes if you mean it, or make the axes shorter (`points`, `exclude`, `zip`, `seeds`)",
                arguments.file.display()
            ),
        })?;
        check_name(&experiment.name)?;
        let folder = arguments.results.join(&experiment.name);
        Ok(Self { plan, data, folder })
    }
}

/// Whether results of this name would have a folder of their own.
fn check_name(name: &str) -> anyhow::Result<()> {
    anyhow::ensure!(
        name != BASELINES,
        "an experiment cannot be called `{BASELINES}`: its results would lie among the baselines of all the others\n\
         give the file another name"
    );
    Ok(())
}

/// `1 run`, `2 runs`
pub(crate) fn plural(n: usize, thing: &str) -> String {
    if n == 1 { format!("1 {thing}") } else { format!("{n} {thing}s") }
}
