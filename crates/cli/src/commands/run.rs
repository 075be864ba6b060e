//! `chainrule run`

use super::kept::forced;
use super::lock::lock;
use super::owner::{self, path_from_folder};
use super::{Ready, plural, shown_command};
use crate::arguments::{Logging, Run};
use crate::exit::{Exit, Incomplete};
use crate::interrupt;
use crate::progress::Follow;
use chainrule_core::RESULTS_VERSION;
use chainrule_record::text::{from_os, shell_word};
use chainrule_record::{ExperimentKind, FORMAT_VERSION, Manifest, RunRecord, StopReason};
use chainrule_report::Results;
use chainrule_runner::execute::{self, Options, Summary};
use chainrule_runner::memory;
use chainrule_runner::plan::Plan;
use chainrule_runner::provenance;
use chainrule_runner::store::{self, Store};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Executes the missing runs and writes the report.
pub(crate) fn run(arguments: &Run, logging: &Logging) -> anyhow::Result<Exit> {
    let begin = Instant::now();
    let ready = Ready::new(&arguments.experiment)?;
    // The store reports a folder that cannot be created.
    if ready.folder.is_dir() {
        chainrule_report::check_folder(&ready.folder)?;
    }
    let mut carried = carry_out(ready, arguments.workers.threads, arguments.retry, logging)?;
    let mut ended = || {
        carried.store.set_manifest(&carried.manifest)?;
        if carried.summary.interrupted {
            return Ok(carried.interrupted());
        }
        let results = carried.results()?;
        let report = super::report::write(&results, &arguments.extras.options(), &carried.folder)?;
        finished(&carried.summary, begin, &report.answer);
        let again = forced([Path::new("report"), &carried.folder], &arguments.extras);
        super::report::say_where(&report, &carried.folder, &again);
        let failed = exit_of(results.records.iter().chain(&results.confirmation));
        if !report.broken.is_empty() {
            return Ok(broken(&report.broken));
        }
        // If the store was deleted, other files may be missing too.
        let is_restored = failed == Exit::Well && carried.store.was_restored();
        Ok(if is_restored { Exit::SomeFailed } else { failed })
    };
    ended().map_err(|error: anyhow::Error| Incomplete(error).into())
}

/// An experiment with its runs on record, unless they were interrupted.
pub(super) struct Carried {
    pub(super) plan: Plan,
    pub(super) store: Store,
    pub(super) folder: PathBuf,
    pub(super) summary: Summary,
    pub(super) manifest: Manifest,
    /// The number of planned runs, including runs on fresh seeds.
    planned: usize,
    /// Keeps other processes from writing to the folder until the report is written.
    _lock: Option<File>,
}

impl Carried {
    /// The results in the store.
    pub(super) fn results(&self) -> anyhow::Result<Results> {
        super::report::results(self.plan.info.clone(), self.manifest.clone(), &self.store, &self.folder)
    }

    pub(super) fn interrupted(&self) -> Exit {
        interrupted(&self.summary, self.planned)
    }
}

/// Executes the runs that the store lacks, then the chosen configurations on fresh seeds.
pub(super) fn carry_out(
    ready: Ready,
    threads: usize,
    retry: bool,
    logging: &Logging,
) -> anyhow::Result<Carried> {
    let begin = Instant::now();
    let Ready { plan, data, file, folder, .. } = ready;
    let (threads, stored) = before_the_lock(&plan, &file, &folder, threads, retry)?;
    store::make_folder(&folder)?;
    // Before the store is opened: it may have to be rebuilt.
    let lock = lock(&folder);
    let mut store = stored.map_or_else(|| Store::create(&folder), Store::into_writable)?;
    owner::settle(&plan, &file, &store)?;
    let lost = execute::lost_weights(&plan, &store).len();
    if lost > 0 {
        tracing::warn!("the saved weights of {} are missing; rerunning them", plural(lost, "run"));
    }
    let earlier = store.manifest().ok();
    let started = started(threads, path_from_folder(&file, &folder));
    store.set_experiment(&plan.info)?;
    if !execute::missing(&plan, &store, retry).is_empty() {
        store.set_manifest(&started)?;
    }

    let options = Options { folder: &folder, threads, retry };
    let execute = |plan: &Plan, store: &mut Store| {
        let mut follow = Follow::new(plan.info.metric, logging.quiet);
        interrupt::while_running(|stop| execute::execute(plan, &data, store, options, stop, &mut follow))
            .map_err(|error| Incomplete(error.into()))
    };
    let mut summary = execute(&plan, &mut store)?;
    let mut planned = plan.len();
    if plan.info.confirm_seeds > 0 && !summary.interrupted {
        let again = confirmation(&plan, &store).map_err(Incomplete)?;
        planned += again.len();
        summary = both(summary, execute(&again, &mut store)?);
    }
    let manifest = match earlier {
        // Nothing was run, so records and provenance come from the earlier call.
        Some(earlier) if summary.executed == 0 && is_finished(&earlier) => {
            Manifest { experiment_file: started.experiment_file, ..earlier }
        }
        _ => ended(started, begin.elapsed().as_secs_f64(), &summary),
    };
    Ok(Carried { plan, store, folder, summary, manifest, planned, _lock: lock })
}

/// The threads that execute a plan: `asked`, or one per processor if that is 0; at most one per run.
fn wanted_threads(plan: &Plan, asked: usize) -> usize {
    let processors = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let threads = if asked == 0 { processors() } else { asked };
    threads.clamp(1, plan.len().max(1))
}

/// The threads asked for, or fewer if the runs of all of them would not fit into memory.
fn fitting(plan: &Plan, stored: Option<&Store>, asked: usize, retry: bool) -> anyhow::Result<usize> {
    if stored.is_some_and(|store| execute::missing(plan, store, retry).is_empty()) {
        return Ok(asked);
    }
    let wanted = wanted_threads(plan, asked);
    let fitting = memory::threads_that_fit(&plan.memory, wanted)?;
    if fitting == wanted {
        return Ok(asked);
    }
    tracing::warn!(
        "using {} instead of {wanted}: the runs of {wanted} would need about {} of memory",
        plural(fitting, "thread"),
        memory::size(plan.memory.total(wanted))
    );
    Ok(fitting)
}

/// Checks before waiting for another process: refuses a folder of another file, and runs that do not fit into memory.
/// Returns the threads to use, and the store if there is one.
fn before_the_lock(
    plan: &Plan,
    file: &Path,
    folder: &Path,
    threads: usize,
    retry: bool,
) -> anyhow::Result<(usize, Option<Store>)> {
    let stored = Store::open(folder).ok();
    if let Some(store) = &stored {
        owner::refuse_another(plan, file, store)?;
    }
    Ok((fitting(plan, stored.as_ref(), threads, retry)?, stored))
}

/// The plan of the chosen configurations on fresh seeds.
fn confirmation(plan: &Plan, store: &Store) -> anyhow::Result<Plan> {
    let records = store.records(&plan.info.run_ids, RESULTS_VERSION)?;
    let chosen = chainrule_report::chosen(&plan.info, &records);
    tracing::info!("{} chosen; running them on fresh seeds", plural(chosen.len(), "configuration"));
    Ok(plan.confirmation(&chosen))
}

/// The sum of two executions.
fn both(first: Summary, second: Summary) -> Summary {
    Summary {
        executed: first.executed + second.executed,
        reused: first.reused + second.reused,
        interrupted: first.interrupted || second.interrupted,
    }
}

/// Reports refuted claims with `must = true`.
fn broken(claims: &[String]) -> Exit {
    for claim in claims {
        tracing::error!("a claim with must = true is refuted: {claim}");
    }
    Exit::Failed
}

fn interrupted(summary: &Summary, planned: usize) -> Exit {
    let kept = plural(summary.reused + summary.executed, "run");
    say!("interrupted: {kept} of {planned} are kept; to continue, type the same command again:");
    let words: Vec<_> = std::env::args_os().skip(1).map(|word| shell_word(&from_os(&word))).collect();
    say!("  chainrule {}", words.join(" "));
    Exit::Interrupted
}

/// Whether an earlier call of this version finished.
fn is_finished(manifest: &Manifest) -> bool {
    manifest.results_version == RESULTS_VERSION && manifest.finished_at.is_some()
}

/// The manifest of a call that starts now. It is on record during the runs, so that a report can be written however the call
/// ends.
fn started(threads: usize, experiment_file: Option<String>) -> Manifest {
    let command: Vec<String> = std::env::args_os().map(|word| from_os(&word)).collect();
    let machine = provenance::machine();
    let threads = if threads == 0 { machine.logical_cpus } else { threads as u64 };
    Manifest {
        format_version: FORMAT_VERSION,
        chainrule_version: env!("CARGO_PKG_VERSION").to_owned(),
        results_version: RESULTS_VERSION,
        git_commit: env!("CHAINRULE_COMMIT").to_owned(),
        compiler: env!("CHAINRULE_COMPILER").to_owned(),
        machine,
        shown_command: shown_command(&command),
        command,
        experiment_file,
        started_at: provenance::now(),
        finished_at: None,
        wall_seconds: None,
        runs_executed: None,
        runs_reused: None,
        threads,
    }
}

fn ended(started: Manifest, wall_seconds: f64, summary: &Summary) -> Manifest {
    Manifest {
        finished_at: Some(provenance::now()),
        wall_seconds: Some(wall_seconds),
        runs_executed: Some(summary.executed as u64),
        runs_reused: Some(summary.reused as u64),
        ..started
    }
}

fn finished(summary: &Summary, begin: Instant, answer: &str) {
    say!("{answer}");
    let seconds = begin.elapsed().as_secs_f64();
    let (executed, reused) = (plural(summary.executed, "run"), summary.reused);
    say!("{executed} executed, {reused} reused from the store, in {seconds:.1} s");
}

fn exit_of<'a>(records: impl Iterator<Item = &'a RunRecord> + Clone) -> Exit {
    let count = |stop| records.clone().filter(|record| record.stop == stop).count();
    let [timed_out, failed] = [StopReason::TimedOut, StopReason::Failed].map(count);
    let lost = timed_out + failed;
    if lost > 0 {
        let parts = [(timed_out, "timed out"), (failed, "failed")];
        let parts = parts.into_iter().filter(|(n, _)| *n > 0);
        let parts: Vec<_> = parts.map(|(n, what)| format!("{} {what}", plural(n, "run"))).collect();
        tracing::warn!("{}: see the report; --retry reruns them", parts.join(", "));
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

/// Whether a gradient check had an unexpected outcome, or was skipped because the training before it diverged.
fn is_unexpected(record: &RunRecord) -> bool {
    let diverged = record.spec.kind() == ExperimentKind::GradientCheck && record.stop == StopReason::Diverged;
    record.gradient_check.as_ref().map_or(diverged, |check| !check.as_expected)
}
