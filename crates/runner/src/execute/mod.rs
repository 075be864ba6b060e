//! Execution: runs in parallel, with one writer for their records.

mod curve;
mod function;
mod gradient_check;
mod one;
mod outcomes;
mod probing;
mod record;
#[cfg(test)]
mod tests;
mod thinned;
mod writer;

use crate::data::DataCache;
use crate::plan::Plan;
use crate::store::{Store, StoreError};
use crate::weights;
use chainrule_record::{RunId, RunRecord, RunSpec, StopReason};
use one::Place;
use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use thiserror::Error;
use writer::Writer;

/// The maximum number of records waiting for the writer. Beyond it, workers wait too.
const WAITING: usize = 1024;

/// An error of the execution. A failed run is a record, not an error.
#[derive(Debug, Error)]
pub enum ExecuteError {
    /// Records cannot be stored.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Threads cannot be started.
    #[error("cannot start {threads} threads: {problem}")]
    Threads {
        /// Their number.
        threads: usize,
        /// The reason.
        problem: String,
    },
}

/// How to execute.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// The results folder, where runs save files beside their records.
    pub folder: &'a Path,
    /// Number of worker threads; 0 for one per processor.
    pub threads: usize,
    /// Whether to rerun stored runs that failed or timed out.
    pub retry: bool,
}

/// The outcome of an execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Number of runs executed now.
    pub executed: usize,
    /// Number of runs found in the store.
    pub reused: usize,
    /// Whether it was interrupted before all runs had been executed.
    pub interrupted: bool,
}

/// Observes the execution of runs. One thread makes all calls.
pub trait Progress {
    /// Before the first run: the number of runs to execute, and the number found in the store.
    fn start(&mut self, _missing: usize, _reused: usize) {}
    /// After each run.
    fn run(&mut self, _record: &RunRecord) {}
}

/// Ignores all calls.
impl Progress for () {}

/// The planned runs that are not in the store, and those whose saved weights are missing.
pub fn missing(plan: &Plan, store: &Store, retry: bool) -> Vec<usize> {
    let stored = store.stops(chainrule_core::RESULTS_VERSION);
    let lost: HashSet<usize> = lost_weights(plan, store).into_iter().collect();
    let again = |stop: &StopReason| retry && matches!(stop, StopReason::Failed | StopReason::TimedOut);
    let is_missing =
        |index: &usize| lost.contains(index) || stored.get(&plan.run_id(*index)).is_none_or(again);
    (0..plan.len()).filter(is_missing).collect()
}

/// The planned runs that are stored, but whose file of weights is missing.
pub fn lost_weights(plan: &Plan, store: &Store) -> Vec<usize> {
    if !plan.saves_weights() {
        return Vec::new();
    }
    let stored = store.stops(chainrule_core::RESULTS_VERSION);
    let is_lost = |&index: &usize| {
        let run_id = plan.run_id(index);
        let stop = stored.get(&run_id);
        stop.is_some_and(|stop| weights::are_lost(store.folder(), &plan.spec(index), run_id, *stop))
    };
    (0..plan.len()).filter(is_lost).collect()
}

/// Executes every run that is missing from the store. `stop` ends it early: running runs are abandoned, completed ones
/// are kept.
///
/// # Errors
/// If a record cannot be stored. Everything committed before is kept.
pub fn execute(
    plan: &Plan,
    data: &DataCache,
    store: &mut Store,
    options: Options<'_>,
    stop: &AtomicBool,
    progress: &mut dyn Progress,
) -> Result<Summary, ExecuteError> {
    weights::remove_leftovers(options.folder);
    let place = Place { data, folder: options.folder };
    let carry_out = |spec, run_id, stopped: &dyn Fn() -> bool| one::carry_out(spec, run_id, place, stopped);
    execute_with(plan, data, store, options, stop, progress, &carry_out)
}

/// Executes one run and keeps nothing on disk. The specification is not checked: only a plan guarantees that all
/// values are within their ranges.
pub fn one(mut spec: RunSpec, data: &DataCache) -> RunRecord {
    let run_id = spec.run_id();
    spec.0.insert("save_weights".to_owned(), false.into());
    let place = Place { data, folder: Path::new("") };
    one::carry_out(spec, run_id, place, &|| false).expect("nobody interrupts it")
}

/// Makes the record of a run, or `None` if it was interrupted.
type CarryOut<'a> = &'a (dyn Fn(RunSpec, RunId, &dyn Fn() -> bool) -> Option<RunRecord> + Sync);

fn execute_with(
    plan: &Plan,
    data: &DataCache,
    store: &mut Store,
    options: Options<'_>,
    stop: &AtomicBool,
    progress: &mut dyn Progress,
    carry_out: CarryOut<'_>,
) -> Result<Summary, ExecuteError> {
    let missing = by_split(plan, missing(plan, store, options.retry));
    let reused = plan.len() - missing.len();
    progress.start(missing.len(), reused);
    if missing.is_empty() {
        return Ok(Summary { reused, ..Summary::default() });
    }
    let splits = |index: &usize| plan.split(*index);
    missing.iter().filter_map(splits).for_each(|split| data.announce(&split));
    let carry_out = &|index: usize, stopped: &dyn Fn() -> bool| {
        let record = carry_out(plan.spec(index), plan.run_id(index), stopped);
        splits(&index).into_iter().for_each(|split| data.release(&split));
        record
    };
    let executed = run_all(store, options.threads, &missing, stop, progress, carry_out)?;
    Ok(Summary { executed, reused, interrupted: executed < missing.len() })
}

/// Groups runs by split, in the order in which the splits appear in the plan. A worker then continues with the split
/// it has, and at most one split per worker is held at a time.
fn by_split(plan: &Plan, mut runs: Vec<usize>) -> Vec<usize> {
    let mut places = HashMap::new();
    for &run in &runs {
        let place = places.len();
        places.entry(plan.split(run)).or_insert(place);
    }
    runs.sort_by_cached_key(|run| places[&plan.split(*run)]);
    runs
}

/// The same for the run at an index of the plan.
type CarryOutPlanned<'a> = &'a (dyn Fn(usize, &dyn Fn() -> bool) -> Option<RunRecord> + Sync);

fn run_all(
    store: &mut Store,
    threads: usize,
    missing: &[usize],
    stop: &AtomicBool,
    progress: &mut dyn Progress,
    carry_out: CarryOutPlanned<'_>,
) -> Result<usize, ExecuteError> {
    let threads = match threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        given => given,
    };
    // A thread without a run would only cost its start.
    let threads = threads.min(missing.len());
    let pool =
        rayon::ThreadPoolBuilder::new().num_threads(threads).thread_name(|index| format!("run-{index}"));
    let pool = pool.build().map_err(|error| ExecuteError::Threads { threads, problem: error.to_string() })?;
    let (sender, receiver) = sync_channel(WAITING);
    let next = AtomicUsize::new(0);
    // Set when the writer fails: executing runs that cannot be stored would waste the user's time.
    let give_up = AtomicBool::new(false);
    let work = |sender: std::sync::mpsc::SyncSender<writer::Ended>| {
        let stopped = || stop.load(Ordering::Relaxed) || give_up.load(Ordering::Relaxed);
        while !stopped()
            && let Some(&index) = missing.get(next.fetch_add(1, Ordering::Relaxed))
        {
            let Some(record) = carry_out(index, &stopped) else {
                return;
            };
            if !writer::send(&sender, record) {
                return;
            }
        }
    };
    let written = std::thread::scope(|scope| {
        let workers = scope.spawn(|| {
            // Workers take one run at a time, in order, so that no core idles while others have runs left.
            pool.scope(|scope| {
                for _ in 0..pool.current_num_threads() {
                    let sender = sender.clone();
                    let work = &work;
                    scope.spawn(move |_| work(sender));
                }
            });
            drop(sender);
        });
        let written = Writer::new(store).write_all(&receiver, progress);
        if written.is_err() {
            give_up.store(true, Ordering::Relaxed);
            // Makes room, so that waiting workers continue and see the flag.
            receiver.try_iter().for_each(drop);
            drop(receiver);
        }
        if workers.join().is_err() {
            tracing::error!(
                "a worker thread ended unexpectedly; the runs that it had not started are missing"
            );
        }
        written
    });
    Ok(written?)
}
