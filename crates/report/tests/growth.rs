//! The memory of a report grows with the number of its runs, not with its square. The test counts allocated bytes,
//! which are the same on every machine.

#![expect(clippy::unwrap_used, reason = "where a test cannot go on, it panics")]

#[path = "support/mod.rs"]
#[expect(dead_code, reason = "shared with the tests of whole reports, which use more of it")]
mod support;

use chainrule_record::{RunRecord, StopReason};
use chainrule_report::{ReportOptions, Results, Source};
use serde_json::{Value, json};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use support::{Synthetic, axis, manifest, run};

thread_local! {
    /// Bytes that this thread has allocated; the test harness has its own threads.
    static BYTES: Cell<u64> = const { Cell::new(0) };
}

/// The system's allocator with a counter.
struct Counting;

// SAFETY: every call is passed to the system's allocator unchanged. Counting allocates nothing, since the counter is a
// thread-local constant without a destructor.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        BYTES.set(BYTES.get() + layout.size() as u64);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        BYTES.set(BYTES.get() + size.saturating_sub(layout.size()) as u64);
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The bytes that the report of `rates` learning rates allocates. One in four of the runs has failed, each for a
/// different reason.
fn bytes(rates: usize) -> u64 {
    let values: Vec<Value> = (1..=rates).map(|index| json!(index as f64 / 1000.0)).collect();
    let axes = vec![("optimizer", axis(&[json!("sgd"), json!("adam")])), ("learning_rate", axis(&values))];
    let experiment = Synthetic { axes, compare: Some("optimizer"), seeds: 4, ..Synthetic::default() };
    let mut records = experiment.records();
    for (index, record) in records.iter_mut().enumerate().filter(|(index, _)| index % 4 == 0) {
        let failed = run(json!(record.spec), &[2.0], StopReason::Failed);
        *record = RunRecord { failure: Some(format!("reason {index}")), ..failed };
    }
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("growth_{rates}"));
    let source = Source {
        label: "many".to_owned(),
        file: "experiments/many.toml".to_owned(),
        folder: "results/many".into(),
        manifest: manifest(),
    };
    let info = experiment.info();
    let results =
        Results { info, records, confirmation: Vec::new(), sources: vec![source], warnings: Vec::new() };
    let before = BYTES.get();
    chainrule_report::write(&results, &ReportOptions::default(), &folder, &mut |_| {}).unwrap();
    BYTES.get() - before
}

/// 1,600, 3,200 and 6,400 runs. The costs that all reports share cancel in the differences; the second difference
/// covers twice as many runs. Linear growth would make it twice the first, quadratic growth four times.
#[test]
fn twice_the_runs_take_twice_the_memory_traffic() {
    // Data that is computed once for all reports, like the font, is computed in the first.
    bytes(1);
    let [few, some, many] = [200, 400, 800].map(bytes);
    let growth = (many - some) as f64 / (some - few) as f64;
    assert!((1.5..2.5).contains(&growth), "{few}, {some}, {many} bytes: {growth}");
}
