//! `chainrule run`

use super::kept::forced;
use super::lock::lock;
use super::owner::{self, path_from_folder};
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
use chainrule_runner::memory;
use chainrule_runner::plan::Plan;
use chainrule_runner::provenance;
use chainrule_runner::store::{self, Store};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Carries out what is missing and writes the report.
pub(crate) fn run(arguments: &Run, logging: &Logging) -> anyhow::Result<Exit> {
    let begin = Instant::now();
    let ready = Ready::new(&arguments.experiment)?;
    // A folder that cannot be made is reported with the store.
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
        // Whoever deleted the store, or lost it, should look what else is gone.
        let is_restored = failed == Exit::Well && carried.store.was_restored();
        Ok(if is_restored { Exit::SomeFailed } else { failed })
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
    let Ready { plan, data, file, folder, .. } = ready;
    let (threads, stored) = before_the_lock(&plan, &file, &folder, threads, retry)?;
    store::make_folder(&folder)?;
    // Before the store is opened: it may have to be rebuilt.
    let lock = lock(&folder);
    let mut store = stored.map_or_else(|| Store::create(&folder), Store::into_writable)?;
    owner::settle(&plan, &file, &store)?;
    let lost = execute::lost_weights(&plan, &store).len();
    if lost > 0 {
        tracing::warn!("the saved weights of {} are gone; repeating them", plural(lost, "run"));
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
        // Nothing was run: the records are those of the earlier call, and so is their provenance.
        Some(earlier) if summary.executed == 0 && is_finished(&earlier) => {
            Manifest { experiment_file: started.experiment_file, ..earlier }
        }
        _ => ended(started, begin.elapsed().as_secs_f64(), &summary),
    };
    Ok(Carried { plan, store, folder, summary, manifest, planned, _lock: lock })
}

/// The threads that carry out a plan: `asked`, or where that is 0 one for each processor; no more than there are runs.
fn wanted_threads(plan: &Plan, asked: usize) -> usize {
    let processors = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let threads = if asked == 0 { processors() } else { asked };
    threads.clamp(1, plan.len().max(1))
}

/// The threads asked for, or fewer where the runs of all of them would not fit into memory.
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

/// What is refused before another process is waited for: a folder of another file, since it will not be ours when it is free,
/// and runs that do not fit into memory. Returns the threads to use, and the store if there is one.
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

/// Whether an earlier call of this version came to its end.
fn is_finished(manifest: &Manifest) -> bool {
    manifest.results_version == RESULTS_VERSION && manifest.finished_at.is_some()
}

/// The manifest of a call that starts now. It is on record while runs are made, so that a report can be written whatever ends
/// the call.
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

/// A command line as reports show it: without the program, and without absolute paths.
pub(super) fn shown_command(command: &[String]) -> Vec<String> {
    command.iter().skip(1).map(|word| provenance::short_word(word)).collect()
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
    say!("{executed} carried out, {reused} found in the store, in {seconds:.1} s");
}

fn exit_of<'a>(records: impl Iterator<Item = &'a RunRecord> + Clone) -> Exit {
    let count = |stop| records.clone().filter(|record| record.stop == stop).count();
    let [timed_out, failed] = [StopReason::TimedOut, StopReason::Failed].map(count);
    let lost = timed_out + failed;
    if lost > 0 {
        let parts = [(timed_out, "timed out"), (failed, "failed")];
        let parts = parts.into_iter().filter(|(n, _)| *n > 0);
        let parts: Vec<_> = parts.map(|(n, what)| format!("{} {what}", plural(n, "run"))).collect();
        tracing::warn!("{}: see the report; --retry repeats them", parts.join(", "));
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
