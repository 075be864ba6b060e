//! `chainrule run`

use super::{Ready, plural};
use crate::arguments::{Logging, Run};
use crate::exit::{Exit, Incomplete};
use crate::interrupt;
use crate::progress::Follow;
use chainrule_record::{FORMAT_VERSION, Manifest, RunRecord, StopReason};
use chainrule_runner::execute::{self, Options, Summary};
use chainrule_runner::provenance;
use chainrule_runner::store::{Store, StoreError};
use std::path::Path;
use std::time::Instant;

/// Carries out what is missing and writes the report.
pub(crate) fn run(arguments: &Run, logging: &Logging) -> anyhow::Result<Exit> {
    let begin = Instant::now();
    let started_at = provenance::now();
    let Ready { plan, data, folder } = Ready::new(&arguments.experiment)?;
    let mut store = Store::create(&folder)?;
    store.set_experiment(&plan.info)?;

    let options = Options { threads: arguments.threads, retry: arguments.retry };
    let mut follow = Follow::new(plan.info.metric, logging.quiet);
    let summary = execute::execute(&plan, &data, &mut store, options, interrupt::flag(), &mut follow);
    drop(follow);
    let summary = summary.map_err(|error| Incomplete(error.into()))?;
    if summary.interrupted {
        return Ok(interrupted(&summary, plan.len(), &arguments.experiment.file));
    }

    let seconds = begin.elapsed().as_secs_f64();
    let manifest = match store.manifest() {
        // Nothing was run: the records are those of the earlier call, and so is their provenance.
        Ok(manifest) if summary.executed == 0 => manifest,
        _ => manifest(arguments.threads, started_at, seconds, &summary),
    };
    store.set_manifest(&manifest)?;
    let records = store.records(&plan.info.run_ids, chainrule_core::RESULTS_VERSION)?;
    let report = super::report::write(&plan.info, &records, &manifest, &folder)?;
    finished(&summary, begin, &report, &folder);
    Ok(exit_of(&records))
}

fn interrupted(summary: &Summary, planned: usize, file: &Path) -> Exit {
    let kept = plural(summary.reused + summary.executed, "run");
    println!("interrupted: {kept} of {planned} are kept; to go on, type the same command again:");
    println!("  chainrule run {}", file.display());
    Exit::Interrupted
}

fn manifest(threads: usize, started_at: String, wall_seconds: f64, summary: &Summary) -> Manifest {
    let machine = provenance::machine();
    let threads = if threads == 0 { machine.logical_cpus } else { threads as u64 };
    Manifest {
        format_version: FORMAT_VERSION,
        chainrule_version: env!("CARGO_PKG_VERSION").to_owned(),
        results_version: chainrule_core::RESULTS_VERSION,
        git_commit: env!("CHAINRULE_COMMIT").to_owned(),
        compiler: env!("CHAINRULE_COMPILER").to_owned(),
        machine,
        command: std::env::args().collect(),
        started_at,
        finished_at: provenance::now(),
        wall_seconds,
        runs_executed: summary.executed as u64,
        runs_reused: summary.reused as u64,
        threads,
    }
}

fn finished(summary: &Summary, begin: Instant, answer: &str, folder: &Path) {
    println!("{answer}");
    let seconds = begin.elapsed().as_secs_f64();
    let (executed, reused) = (plural(summary.executed, "run"), summary.reused);
    println!("{executed} carried out, {reused} found in the store, in {seconds:.1} s");
    println!("report: {}", folder.join("report.md").display());
}

fn exit_of(records: &[RunRecord]) -> Exit {
    let failed = |record: &&RunRecord| matches!(record.stop, StopReason::Failed | StopReason::TimedOut);
    match records.iter().filter(failed).count() {
        0 => Exit::Well,
        n => {
            tracing::warn!(
                "{} failed or timed out: see the report; --retry carries them out again",
                plural(n, "run")
            );
            Exit::SomeFailed
        }
    }
}

impl From<StoreError> for Incomplete {
    fn from(error: StoreError) -> Self {
        Self(error.into())
    }
}
