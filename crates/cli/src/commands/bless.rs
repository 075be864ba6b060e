//! `chainrule bless`

use super::report::advise;
use super::run::{Carried, carry_out};
use super::{Ready, baseline_file, plural};
use crate::arguments::{Bless, Logging};
use crate::exit::{Exit, Incomplete};
use chainrule_record::text::shown;
use chainrule_record::{RunRecord, StopReason};
use chainrule_report::baseline::{Baseline, Changes};
use std::path::Path;

/// Executes the missing runs, and writes the baseline.
pub(crate) fn bless(arguments: &Bless, logging: &Logging) -> anyhow::Result<Exit> {
    let ready = Ready::new(&arguments.experiment)?;
    let path = baseline_file::path(&arguments.baselines, &ready.name);
    baseline_file::check(&path)?;
    let mut carried = carry_out(ready, arguments.workers.threads, false, logging)?;
    carried.store.set_manifest(&carried.manifest).map_err(|error| Incomplete(error.into()))?;
    if carried.summary.interrupted {
        return Ok(carried.interrupted());
    }
    let Carried { plan, manifest, summary, .. } = &carried;
    let results = carried.results().map_err(Incomplete)?;
    warn_of_time_limits(results.records.iter().chain(&results.confirmation));
    let baseline = Baseline::of(&plan.info, &results.records, &results.confirmation, manifest);
    let changes = changes(&path, &baseline);
    let written = baseline_file::write(&path, &baseline);
    advise(written, "name another folder with --baselines DIR: the runs are kept").map_err(Incomplete)?;
    say!("{} executed, {} reused from the store", plural(summary.executed, "run"), summary.reused);
    say!("{changes}");
    say!("baseline: {}", shown(&path));
    Ok(Exit::Well)
}

/// The changes from the earlier baseline.
fn changes(path: &Path, baseline: &Baseline) -> String {
    match baseline_file::read(path) {
        Ok(Some(earlier)) => {
            format!("compared with the earlier baseline: {}", Changes::between(&earlier, baseline))
        }
        Ok(None) => format!("there was no baseline: {}", plural(baseline.rows.len(), "new run")),
        Err(problem) => format!("the earlier baseline could not be read, and is replaced: {problem}"),
    }
}

fn warn_of_time_limits<'a>(records: impl Iterator<Item = &'a RunRecord>) {
    let cut = records.filter(|record| record.stop == StopReason::TimedOut).count();
    if cut > 0 {
        tracing::warn!("{} cut short by a time limit: `check` cannot compare them", plural(cut, "run"));
    }
}
