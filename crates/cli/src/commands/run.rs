//! `chainrule run`

use super::lock::lock;
use super::{Ready, plural};
use crate::arguments::{Logging, Run};
use crate::exit::{Exit, Incomplete};
use crate::interrupt;
use crate::progress::Follow;
use chainrule_core::RESULTS_VERSION;
use chainrule_record::text::{from_os, shell_word};
use chainrule_record::{ExperimentKind, FORMAT_VERSION, Manifest, RunRecord, StopReason};
use chainrule_report::Results;
use chainrule_runner::execute::{self, Options, Summary};
use chainrule_runner::plan::Plan;
use chainrule_runner::provenance;
use chainrule_runner::store::Store;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Carries out what is missing and writes the report.
pub(crate) fn run(arguments: &Run, logging: &Logging) -> anyhow::Result<Exit> {
    let begin = Instant::now();
    let carried =
        carry_out(Ready::new(&arguments.experiment)?, arguments.workers.threads, arguments.retry, logging)?;
    let ended = || {
        carried.store.set_manifest(&carried.manifest)?;
        if carried.summary.interrupted {
            return Ok(carried.interrupted());
        }
        let results = carried.results()?;
        let report = super::report::write(&results, &arguments.extras.options(), &carried.folder)?;
        finished(&carried.summary, begin, &report.answer, &carried.folder);
        let failed = exit_of(results.records.iter().chain(&results.confirmation));
        Ok(if report.broken.is_empty() { failed } else { broken(&report.broken) })
    };
    ended().map_err(|error: anyhow::Error| Incomplete(error).into())
}

/// An experiment whose runs are on record, as far as nobody interrupted them.
pub(super) struct Carried {
    pub(super) plan: Plan,
    pub(super) store: Store,
    pub(super) folder: PathBuf,
    pub(super) summary: Summary,
    pub(super) manifest: Manifest,
    /// Runs that were planned, those on fresh seeds included.
    planned: usize,
    /// Until the report is written, no other process writes to the folder.
    _lock: Option<File>,
}

impl Carried {
    /// What the store has.
    pub(super) fn results(&self) -> anyhow::Result<Results> {
        super::report::results(self.plan.info.clone(), self.manifest.clone(), &self.store, &self.folder)
    }

    pub(super) fn interrupted(&self) -> Exit {
        interrupted(&self.summary, self.planned)
    }
}

/// Carries out the runs that the store lacks, and then those of the chosen configurations on fresh seeds.
pub(super) fn carry_out(
    ready: Ready,
    threads: usize,
    retry: bool,
    logging: &Logging,
) -> anyhow::Result<Carried> {
    let begin = Instant::now();
    let started_at = provenance::now();
    let Ready { plan, data, folder } = ready;
    let mut store = Store::create(&folder)?;
    let lock = lock(&folder);
    store.set_experiment(&plan.info)?;

    let options = Options { folder: &folder, threads, retry };
    let stop = interrupt::flag();
    let execute = |plan: &Plan, store: &mut Store| {
        let mut follow = Follow::new(plan.info.metric, logging.quiet);
        execute::execute(plan, &data, store, options, stop, &mut follow)
            .map_err(|error| Incomplete(error.into()))
    };
    let mut summary = execute(&plan, &mut store)?;
    let mut planned = plan.len();
    if plan.info.confirm_seeds > 0 && !summary.interrupted {
        let again = confirmation(&plan, &store).map_err(Incomplete)?;
        planned += again.len();
        summary = both(summary, execute(&again, &mut store)?);
    }
    let manifest = match store.manifest() {
        // Nothing was run: the records are those of the earlier call, and so is their provenance.
        Ok(manifest) if summary.executed == 0 && manifest.results_version == RESULTS_VERSION => manifest,
        _ => manifest(threads, started_at, begin.elapsed().as_secs_f64(), &summary),
    };
    Ok(Carried { plan, store, folder, summary, manifest, planned, _lock: lock })
}

/// The plan of the chosen configurations on fresh seeds.
fn confirmation(plan: &Plan, store: &Store) -> anyhow::Result<Plan> {
    let records = store.records(&plan.info.run_ids, RESULTS_VERSION)?;
    let chosen = chainrule_report::chosen(&plan.info, &records);
    tracing::info!("{} chosen; running them on fresh seeds", plural(chosen.len(), "configuration"));
    Ok(plan.confirmation(&chosen))
}

/// What came of two executions.
fn both(first: Summary, second: Summary) -> Summary {
    Summary {
        executed: first.executed + second.executed,
        reused: first.reused + second.reused,
        interrupted: first.interrupted || second.interrupted,
    }
}

/// Claims that must hold are refuted.
fn broken(claims: &[String]) -> Exit {
    for claim in claims {
        tracing::error!("a claim that must hold is refuted: {claim}");
    }
    Exit::Failed
}

fn interrupted(summary: &Summary, planned: usize) -> Exit {
    let kept = plural(summary.reused + summary.executed, "run");
    say!("interrupted: {kept} of {planned} are kept; to go on, type the same command again:");
    let words: Vec<_> = std::env::args_os().skip(1).map(|word| shell_word(&from_os(&word))).collect();
    say!("  chainrule {}", words.join(" "));
    Exit::Interrupted
}

fn manifest(threads: usize, started_at: String, wall_seconds: f64, summary: &Summary) -> Manifest {
    let machine = provenance::machine();
    let threads = if threads == 0 { machine.logical_cpus } else { threads as u64 };
    Manifest {
        format_version: FORMAT_VERSION,
        chainrule_version: env!("CARGO_PKG_VERSION").to_owned(),
        results_version: RESULTS_VERSION,
        git_commit: env!("CHAINRULE_COMMIT").to_owned(),
        compiler: env!("CHAINRULE_COMPILER").to_owned(),
        machine,
        command: std::env::args_os().map(|word| from_os(&word)).collect(),
        started_at,
        finished_at: provenance::now(),
        wall_seconds,
        runs_executed: summary.executed as u64,
        runs_reused: summary.reused as u64,
        threads,
    }
}

fn finished(summary: &Summary, begin: Instant, answer: &str, folder: &Path) {
    say!("{answer}");
    let seconds = begin.elapsed().as_secs_f64();
    let (executed, reused) = (plural(summary.executed, "run"), summary.reused);
    say!("{executed} carried out, {reused} found in the store, in {seconds:.1} s");
    super::report::say_where(folder);
}

fn exit_of<'a>(records: impl Iterator<Item = &'a RunRecord> + Clone) -> Exit {
    let is_lost = |record: &RunRecord| matches!(record.stop, StopReason::Failed | StopReason::TimedOut);
    let lost = records.clone().filter(|record| is_lost(record)).count();
    if lost > 0 {
        tracing::warn!(
            "{} failed or timed out: see the report; --retry carries them out again",
            plural(lost, "run")
        );
    }
    let unexpected = records.filter(|record| is_unexpected(record)).count();
    if unexpected > 0 {
        tracing::warn!(
            "{} did not come out as expected: see the report",
            plural(unexpected, "gradient check")
        );
    }
    match (unexpected, lost) {
        (0, 0) => Exit::Well,
        (0, _) => Exit::SomeFailed,
        _ => Exit::Failed,
    }
}

/// Whether a gradient check came out otherwise, or was to be made and was not because the training before it diverged.
fn is_unexpected(record: &RunRecord) -> bool {
    let diverged = record.spec.kind() == ExperimentKind::GradientCheck && record.stop == StopReason::Diverged;
    record.gradient_check.as_ref().map_or(diverged, |check| !check.as_expected)
}
