//! The record of a run, whatever its outcome.

use crate::weights::Identity;
use chainrule_core::RESULTS_VERSION;
use chainrule_record::{RunId, RunRecord, RunSpec, StopReason};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

/// The record that `train` makes, or the record of a failed run.
pub(super) fn record(
    spec: RunSpec,
    run_id: RunId,
    begin: Instant,
    train: impl FnOnce(Identity<'_>) -> Result<Option<RunRecord>, String>,
) -> Option<RunRecord> {
    let identity = Identity { run_id, spec: &spec };
    // After a panic, only the caches modified by the closure are used again, and their locks survive a panic.
    let result = catch_unwind(AssertUnwindSafe(|| train(identity)));
    let mut record = match result {
        Ok(Ok(record)) => record?,
        Ok(Err(problem)) => failed(identity, problem),
        Err(panic) => failed(identity, format!("the engine panicked: {}", panic_text(&*panic))),
    };
    record.wall_seconds = begin.elapsed().as_secs_f64();
    tracing::debug!(run_id = %run_id.short(), stop = %record.stop, "run ended");
    if let Some(failure) = &record.failure {
        tracing::warn!(run_id = %run_id.short(), failure, "run failed");
    }
    Some(record)
}

fn failed(identity: Identity<'_>, problem: String) -> RunRecord {
    RunRecord { failure: Some(problem), ..without_results(identity, StopReason::Failed) }
}

/// The record of a run that measured nothing.
pub(super) fn without_results(identity: Identity<'_>, stop: StopReason) -> RunRecord {
    let Identity { run_id, spec } = identity;
    RunRecord::without_results(run_id, RESULTS_VERSION, spec.clone(), stop)
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "without a message".to_owned())
}
