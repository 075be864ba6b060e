//! Execution: runs in parallel, their records to one writer.

mod curve;
mod function;
mod gradient_check;
mod one;
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

/// Records that may wait for the writer before workers wait for it.
const WAITING: usize = 1024;

/// What execution could not do. Runs that fail are records, not errors.
#[derive(Debug, Error)]
pub enum ExecuteError {
    /// Records cannot be stored.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Threads cannot be started.
    #[error("cannot start {threads} threads: {problem}")]
    Threads {
        /// How many.
        threads: usize,
        /// Why.
        problem: String,
    },
}

/// How to execute.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// The results folder: what runs keep beside their records is put there.
    pub folder: &'a Path,
    /// Worker threads; 0 for one a processor.
    pub threads: usize,
    /// Whether stored runs that failed or timed out are run again.
    pub retry: bool,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Runs carried out now.
    pub executed: usize,
    /// Runs found in the store.
    pub reused: usize,
    /// Whether it was interrupted before all runs were carried out.
    pub interrupted: bool,
}

/// Looks on while runs are carried out. Called by one thread.
pub trait Progress {
    /// Before the first run: how many are to be carried out, and how many were found in the store.
    fn start(&mut self, _missing: usize, _reused: usize) {}
    /// After each run.
    fn run(&mut self, _record: &RunRecord) {}
}

/// Looks away.
impl Progress for () {}

/// The planned runs that the store does not have, and those whose saved weights are gone.
pub fn missing(plan: &Plan, store: &Store, retry: bool) -> Vec<usize> {
    let stored = store.stops(chainrule_core::RESULTS_VERSION);
    let lost: HashSet<usize> = lost_weights(plan, store).into_iter().collect();
    let again = |stop: &StopReason| retry && matches!(stop, StopReason::Failed | StopReason::TimedOut);
    let is_missing =
        |index: &usize| lost.contains(index) || stored.get(&plan.run_id(*index)).is_none_or(again);
    (0..plan.len()).filter(is_missing).collect()
}

/// The planned runs that are stored, but whose file of weights is gone.
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

/// Carries out every run that is missing from the store. `stop` ends it early: runs under way are given up, those that
/// have ended are kept.
///
/// # Errors
/// If a record cannot be stored; what was committed before stays.
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

/// Carries out one run and keeps nothing of it on disk. The specification is taken as it is: only a plan is known to be
/// within all ranges.
pub fn one(mut spec: RunSpec, data: &DataCache) -> RunRecord {
    let run_id = spec.run_id();
    spec.0.insert("save_weights".to_owned(), false.into());
    let place = Place { data, folder: Path::new("") };
    one::carry_out(spec, run_id, place, &|| false).expect("nobody interrupts it")
}

/// Makes the record of a run, or nothing if it was interrupted.
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
    missing.iter().filter_map(splits).for_each(|split| data.announce(split));
    let carry_out = &|index: usize, stopped: &dyn Fn() -> bool| {
        let record = carry_out(plan.spec(index), plan.run_id(index), stopped);
        splits(&index).into_iter().for_each(|split| data.release(split));
        record
    };
    let executed = run_all(store, options.threads, &missing, stop, progress, carry_out)?;
    Ok(Summary { executed, reused, interrupted: executed < missing.len() })
}

/// Puts runs of the same split together, in the order in which the plan comes to the splits: a worker then goes on with the split that
/// it has, and no more splits are held at a time than there are workers.
fn by_split(plan: &Plan, mut runs: Vec<usize>) -> Vec<usize> {
    let mut places = HashMap::new();
    for &run in &runs {
        let place = places.len();
        places.entry(plan.split(run)).or_insert(place);
    }
    runs.sort_by_cached_key(|run| places[&plan.split(*run)]);
    runs
}

/// The same for the run at a place of the plan.
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
    // A thread without a run would cost its start.
    let threads = threads.min(missing.len());
    let pool =
        rayon::ThreadPoolBuilder::new().num_threads(threads).thread_name(|index| format!("run-{index}"));
    let pool = pool.build().map_err(|error| ExecuteError::Threads { threads, problem: error.to_string() })?;
    let (sender, receiver) = sync_channel(WAITING);
    let next = AtomicUsize::new(0);
    // Set when the writer fails: carrying out runs that cannot be stored would waste the user's time.
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
            // Workers take runs in order, one at a time, so that no core waits for another's share.
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
            // Lets workers that wait for room go on to see it.
            receiver.try_iter().for_each(drop);
            drop(receiver);
        }
        if workers.join().is_err() {
            tracing::error!("a worker thread ended unexpectedly; the runs it had not begun are missing");
        }
        written
    });
    Ok(written?)
}
