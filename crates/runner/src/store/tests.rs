//! What survives, and what is said when it does not.

use super::{FILE_NAME, Store, StoreError};
use chainrule_record::{Curve, ProbeTable, RunRecord, RunSpec, StopReason};
use rusqlite::Connection;

fn record(seed: u64, stop: StopReason) -> RunRecord {
    let spec = RunSpec::default().with_seed(seed);
    RunRecord {
        run_id: spec.run_id(),
        results_version: 1,
        spec,
        stop,
        failure: None,
        divergence: None,
        target_reached: None,
        curve: Curve { train_loss: vec![Some(0.1 + 0.2), None, Some(5e-324)], ..Curve::default() },
        test: None,
        kept_epoch: None,
        probes: ProbeTable::default(),
        trace: Vec::new(),
        gradient_check: None,
        function: None,
        parameter_count: 3,
        weights_digest: None,
        layer_digests: Vec::new(),
        wall_seconds: 1.0 / 3.0,
    }
}

#[test]
fn records_come_back_as_they_were_in_the_order_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let records: Vec<_> = (0..3).map(|seed| record(seed, StopReason::MaxEpochs)).collect();
    Store::create(folder.path()).unwrap().write(&records).unwrap();
    let store = Store::open(folder.path()).unwrap();
    let unknown = record(9, StopReason::MaxEpochs).run_id;
    let ids = [records[2].run_id, unknown, records[0].run_id];
    assert_eq!(store.records(&ids, 1).unwrap(), [records[2].clone(), records[0].clone()]);
    assert_eq!(store.records(&ids, 2).unwrap(), [], "results of another engine are others");
    assert_eq!(store.stops(1).unwrap().len(), 3);
    assert_eq!(store.stops(2).unwrap().len(), 0);
}

#[test]
fn a_run_that_is_retried_replaces_its_record() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::create(folder.path()).unwrap();
    store.write(&[record(1, StopReason::TimedOut)]).unwrap();
    store.write(&[record(1, StopReason::MaxEpochs)]).unwrap();
    let stops: Vec<_> = store.stops(1).unwrap().into_values().collect();
    assert_eq!(stops, [StopReason::MaxEpochs]);
}

#[test]
fn records_are_written_all_or_none() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::create(folder.path()).unwrap();
    store.write(&[record(0, StopReason::MaxEpochs)]).unwrap();
    store.limit_pages(30);
    let many: Vec<_> = (1..1000).map(|seed| record(seed, StopReason::MaxEpochs)).collect();
    let error = store.write(&many).unwrap_err();
    assert!(
        matches!(error, StoreError::Database { .. }) && error.to_string().contains("make room"),
        "{error}"
    );
    assert_eq!(Store::open(folder.path()).unwrap().stops(1).unwrap().len(), 1);
}

/// A program that was killed in the middle of a commit leaves a journal: whoever opens the store next undoes what it began,
/// even to look at it only.
#[test]
fn a_commit_cut_short_is_undone() {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("whole");
    Store::create(&whole).unwrap().write(&[record(0, StopReason::MaxEpochs)]).unwrap();
    let cut = folder.path().join("cut");
    std::fs::create_dir(&cut).unwrap();
    {
        let connection = Connection::open(whole.join(FILE_NAME)).unwrap();
        // So small a cache that pages go to the file before the commit.
        connection.execute_batch("PRAGMA cache_size = 2; BEGIN IMMEDIATE").unwrap();
        let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
                   INSERT INTO meta SELECT 'junk ' || i, hex(zeroblob(200)) FROM n";
        connection.execute_batch(sql).unwrap();
        for file in std::fs::read_dir(&whole).unwrap().map(Result::unwrap) {
            std::fs::copy(file.path(), cut.join(file.file_name())).unwrap();
        }
    }
    assert!(cut.join("runs.sqlite-journal").exists(), "a journal is left");
    let store = Store::open(&cut).unwrap();
    assert_eq!(store.stops(1).unwrap().len(), 1);
    assert_eq!(store.text("junk 1").unwrap(), None);
}

#[test]
fn nothing_is_said_plainly() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(Store::open(folder.path()), Err(StoreError::Missing { .. })));
    drop(Store::create(folder.path()).unwrap());
    let store = Store::open(folder.path()).unwrap();
    assert!(matches!(store.experiment(), Err(StoreError::NothingYet { .. })));
    assert!(matches!(store.manifest(), Err(StoreError::NothingYet { .. })));
}
