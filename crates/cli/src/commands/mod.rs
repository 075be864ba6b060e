//! One file for each command.

mod baseline_file;
pub(crate) mod bless;
pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod evaluate;
pub(crate) mod list;
mod lock;
pub(crate) mod new;
pub(crate) mod plan;
pub(crate) mod reference;
pub(crate) mod report;
pub(crate) mod run;
pub(crate) mod trace;

use crate::arguments::ExperimentArguments;
use chainrule_record::text::{from_os, shown, to_os};
use chainrule_runner::data::DataCache;
use chainrule_runner::plan::{MAX_RUNS, Plan, PlanError};
use chainrule_runner::spec;
use std::io::Write;
use std::path::{Path, PathBuf};

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
                "{} would make {} runs, more than a million; nothing was run\n\
                 say --yes if you mean it, or make the axes shorter (`points`, `exclude`, `zip`, `seeds`)",
                shown(&arguments.file),
                amount(runs)
            ),
            PlanError::BeyondMemory { runs } => anyhow::anyhow!(
                "{} would make {} runs, and no plan has more than {MAX_RUNS}, because all of them are held in memory; \
                 nothing was run\n\
                 make the axes shorter (`points`, `exclude`, `zip`, `seeds`), or write several experiment files",
                shown(&arguments.file),
                amount(runs)
            ),
        })?;
        check_name(&experiment.name)?;
        let folder = arguments.results.join(to_os(&experiment.name));
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

/// Writes a file whole or not at all.
pub(crate) fn write_whole(path: &Path, text: &str) -> anyhow::Result<()> {
    // Another process may be writing the same file. A later report removes what one that was killed has left.
    let extension = from_os(path.extension().unwrap_or_default());
    let temporary = path.with_extension(format!("partial-{}.{extension}", std::process::id()));
    let write = || -> std::io::Result<()> {
        std::fs::File::create(&temporary)?.write_all(text.as_bytes())?;
        std::fs::rename(&temporary, path)
    };
    write().map_err(|error| {
        // A leftover is removed as far as that is possible.
        drop(std::fs::remove_file(&temporary));
        anyhow::anyhow!("cannot write {}: {error}", shown(path))
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
