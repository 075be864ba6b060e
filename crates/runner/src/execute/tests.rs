//! Execution with artificial runs: properties that hold for any run.

use super::record::record;
use super::{CarryOut, ExecuteError, Options, Progress, execute_with, missing, one};
use crate::data::DataCache;
use crate::plan::{Plan, Typed};
use crate::spec::{check, parse};
use crate::store::Store;
use chainrule_record::{Quantity, RunId, RunRecord, RunSpec, StopReason};
use std::collections::HashSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

fn plan(seeds: usize) -> Plan {
    planned(&format!("seeds = {seeds}\n"), "")
}

/// One epoch on exclusive or.
fn planned(head: &str, train: &str) -> Plan {
    plan_of(&format!(
        "question = \"?\"\n{head}data = {{ dataset = \"xor\", validation = 0, test = 0 }}\n\
         train = {{ batch_size = \"full\", epochs = 1{train} }}\n"
    ))
}

fn plan_of(text: &str) -> Plan {
    let (file, assignments) = parse::parse("test.toml", text, &[]).unwrap();
    let experiment = check::check(Path::new("test.toml"), file, assignments).unwrap();
    Plan::new(&experiment, &DataCache::new("none".into()), false).unwrap()
}

fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::create(folder.path()).unwrap();
    (folder, store)
}

const PLACE: &str = "no results folder";

/// These runs save no files, so the folder is never created.
fn threads() -> Options<'static> {
    Options { folder: Path::new(PLACE), threads: 4, retry: false }
}

fn retry() -> Options<'static> {
    Options { retry: true, ..threads() }
}

fn place(data: &DataCache) -> one::Place<'_> {
    one::Place { data, folder: Path::new(PLACE) }
}

fn data() -> DataCache {
    DataCache::new("none".into())
}

/// A run that fails at once.
fn failing(spec: RunSpec, run_id: RunId, _: &dyn Fn() -> bool) -> Option<RunRecord> {
    record(spec, run_id, Instant::now(), |_| Err("made up".to_owned()))
}

/// Silences the messages of intended panics.
fn quietly<T>(work: impl FnOnce() -> T) -> T {
    static HOOK: std::sync::Once = std::sync::Once::new();
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !std::thread::current().name().is_some_and(|name| name.starts_with("run-")) {
                usual(info);
            }
        }));
    });
    work()
}

#[test]
fn a_run_that_panics_or_fails_is_a_record_and_the_others_go_on() {
    let (plan, (_folder, mut store)) = (plan(12), store());
    let cache = data();
    let carry_out = |spec: RunSpec, run_id, stopped: &dyn Fn() -> bool| match spec.seed() {
        3 => record(spec, run_id, Instant::now(), |_| panic!("at seed {}", 3)),
        5 => failing(spec, run_id, stopped),
        _ => one::carry_out(spec, run_id, place(&cache), stopped),
    };
    let never = AtomicBool::new(false);
    let summary =
        quietly(|| execute_with(&plan, &cache, &mut store, threads(), &never, &mut (), &carry_out)).unwrap();
    assert_eq!((summary.executed, summary.reused, summary.interrupted), (12, 0, false));
    let records = store.records(&plan.info.run_ids, chainrule_core::RESULTS_VERSION).unwrap();
    for record in &records {
        let failure = record.failure.as_deref();
        match record.spec.seed() {
            3 => assert_eq!(failure, Some("the engine panicked: at seed 3")),
            5 => assert_eq!(failure, Some("made up")),
            _ => assert_eq!((failure, record.stop), (None, StopReason::MaxEpochs)),
        }
        assert_eq!(record.weights_digest.is_none(), record.stop == StopReason::Failed);
    }
    // Failed runs are not executed again, unless requested.
    let whole = |spec: RunSpec, run_id, stopped: &dyn Fn() -> bool| {
        one::carry_out(spec, run_id, place(&cache), stopped)
    };
    let again = execute_with(&plan, &cache, &mut store, threads(), &never, &mut (), &whole).unwrap();
    assert_eq!((again.executed, again.reused), (0, 12));
    let retried = execute_with(&plan, &cache, &mut store, retry(), &never, &mut (), &whole).unwrap();
    assert_eq!((retried.executed, retried.reused), (2, 10));
    assert_eq!(missing(&plan, &store, true), [0usize; 0]);
}

#[test]
fn every_missing_run_is_carried_out_once() {
    let (plan, (_folder, mut store)) = (plan(3000), store());
    let (never, calls) = (AtomicBool::new(false), Mutex::new(Vec::new()));
    let carry_out = |spec: RunSpec, run_id, stopped: &dyn Fn() -> bool| {
        calls.lock().unwrap().push(run_id);
        failing(spec, run_id, stopped)
    };
    assert_eq!(
        execute_with(&plan, &data(), &mut store, threads(), &never, &mut (), &carry_out).unwrap().executed,
        3000
    );
    let calls = calls.into_inner().unwrap();
    assert_eq!(calls.len(), 3000);
    assert_eq!(calls.into_iter().collect::<HashSet<_>>(), plan.info.run_ids.iter().copied().collect());
}

/// More records than can wait for the writer, and a store that accepts only some of them. The workers must neither
/// wait forever nor continue with runs that cannot be stored.
#[test]
fn a_store_that_fails_ends_the_work() {
    let (plan, (_folder, mut store)) = (plan(100_000), store());
    store.limit_pages(60);
    let (never, calls, given_up) = (AtomicBool::new(false), AtomicUsize::new(0), AtomicBool::new(false));
    let carry_out: CarryOut<'_> = &|spec, run_id, stopped| {
        if calls.fetch_add(1, Ordering::Relaxed) == 0 {
            // A long run is abandoned too.
            let begin = Instant::now();
            while !stopped() && begin.elapsed().as_secs() < 60 {
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
            given_up.store(stopped(), Ordering::Relaxed);
            return None;
        }
        failing(spec, run_id, stopped)
    };
    let error = execute_with(&plan, &data(), &mut store, threads(), &never, &mut (), carry_out).unwrap_err();
    assert!(matches!(error, ExecuteError::Store(_)));
    assert!(error.to_string().contains("free space on the disk and repeat the command"), "{error}");
    assert!(calls.into_inner() < 100_000 && given_up.into_inner());
    assert!(missing(&plan, &store, false).len() > 90_000, "none of a transaction that failed is stored");
}

/// Requests the end after a number of runs.
struct StopAfter<'a>(usize, &'a AtomicBool);

impl Progress for StopAfter<'_> {
    fn run(&mut self, _: &RunRecord) {
        self.0 = self.0.saturating_sub(1);
        self.1.store(self.0 == 0, Ordering::Relaxed);
    }
}

#[test]
fn an_interruption_keeps_what_has_ended_and_forgets_what_has_not() {
    let (plan, (_folder, mut store)) = (plan(5000), store());
    let stop = AtomicBool::new(false);
    let carry_out: CarryOut<'_> =
        &|spec, run_id, stopped| if stopped() { None } else { failing(spec, run_id, stopped) };
    let summary =
        execute_with(&plan, &data(), &mut store, threads(), &stop, &mut StopAfter(10, &stop), carry_out)
            .unwrap();
    assert!(summary.interrupted && (10..5000).contains(&summary.executed), "{summary:?}");
    assert_eq!(missing(&plan, &store, false).len(), 5000 - summary.executed);
    let rest =
        execute_with(&plan, &data(), &mut store, threads(), &AtomicBool::new(false), &mut (), carry_out)
            .unwrap();
    assert_eq!((rest.reused, rest.executed), (summary.executed, 5000 - summary.executed));
}

#[test]
fn a_time_limit_beyond_every_clock_is_none() {
    let data = data();
    let plan = planned("", ", time_limit = 1e300");
    let record = one::carry_out(plan.spec(0), plan.run_id(0), place(&data), &|| false).unwrap();
    assert_eq!((record.stop, record.failure), (StopReason::MaxEpochs, None));
}

/// The engine names the matrices of a step, and the record crate lists the valid names: neither crate knows the other.
#[test]
fn every_matrix_of_a_traced_step_can_be_named() {
    let plan = planned("model.architecture = [2]\n", ", trace_steps = 1");
    let record = super::one(plan.spec(0), &DataCache::new("none".into()));
    let [step] = record.trace.as_slice() else { panic!("one step") };
    for name in step.matrices.keys() {
        let quantity: Quantity = format!("{name}[*,*]").parse().unwrap();
        assert_eq!(quantity.check_name(), Ok(()));
        assert!(step.value(&quantity).is_some(), "{name}");
    }
    let without_number = |name: &String| name.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    let kinds: HashSet<String> = step.matrices.keys().map(without_number).collect();
    assert_eq!(kinds.len(), 16, "every name that can be asked for is there: {kinds:?}");
}

#[test]
fn each_layer_has_a_digest_of_its_own_and_training_time_never_falls() {
    let plan = planned("model.architecture = [2]\n", "");
    let record = super::one(plan.spec(0), &DataCache::new("none".into()));
    // One hidden layer and the output.
    assert_eq!(record.layer_digests.len(), 2);
    assert_ne!(record.layer_digests[0], record.layer_digests[1]);
    assert!(!record.layer_digests.contains(&record.weights_digest.unwrap()), "a layer is not the network");
    let seconds: Vec<f64> = record.curve.seconds.iter().map(|seconds| seconds.unwrap()).collect();
    assert_eq!((seconds.len(), seconds[0]), (2, 0.0));
    assert!(seconds.is_sorted() && *seconds.last().unwrap() <= record.wall_seconds, "{seconds:?}");
}

/// Every split is made once, in any order of the plan, and at most one per worker is held at a time.
#[test]
fn few_splits_are_held_at_a_time() {
    few_splits_are_held("seeds = 3", "learning_rate = [0.1, 0.2], split_seed = [0, 1, 2, 3, 4, 5, 6, 7]");
    // Each replicate has its own split.
    few_splits_are_held(
        "seeds = 8\ndata.split_seed = \"replicate\"",
        "learning_rate = [0.1, 0.2], batch_size = [10, 20, 30]",
    );
}

fn few_splits_are_held(seeds: &str, grid: &str) {
    let plan = plan_of(&format!(
        "question = \"?\"\n{seeds}\ndata.dataset = \"iris\"\ntrain = {{ epochs = 1 }}\ngrid = {{ {grid} }}\n"
    ));
    let (cache, (_folder, mut store)) = (data(), store());
    let (most_held, made) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let carry_out = |spec: RunSpec, run_id, stopped: &dyn Fn() -> bool| {
        let typed = Typed::read(&spec).unwrap();
        let parts = cache.parts::<f32>(&typed.data, typed.run.seed, &typed.model.output).unwrap();
        // Kept alive, so that no two splits can have the same address.
        made.lock().unwrap().push(Arc::downgrade(&parts));
        most_held.fetch_max(cache.splits_held(), Ordering::Relaxed);
        failing(spec, run_id, stopped)
    };
    let never = AtomicBool::new(false);
    let summary = execute_with(&plan, &cache, &mut store, threads(), &never, &mut (), &carry_out).unwrap();
    assert_eq!((plan.memory.splits, summary.executed), (8, 48));
    let made = made.into_inner().unwrap();
    let different: HashSet<_> = made.iter().map(std::sync::Weak::as_ptr).collect();
    assert_eq!(different.len(), 8, "each is made once");
    assert!((1..=4).contains(&most_held.into_inner()), "one a worker");
    assert!(cache.splits_held() == 0 && made.iter().all(|parts| parts.upgrade().is_none()), "all are freed");
}
