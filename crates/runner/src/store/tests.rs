//! Which records survive, and which losses are reported.

use super::{Damage, FILE_NAME, Row, Store, StoreError};
use chainrule_record::{
    ClassCounts, Curve, Outcome, Outcomes, ProbeTable, RunId, RunRecord, RunSpec, StopReason,
};
use rusqlite::Connection;
use std::path::{Path, PathBuf};

fn record(seed: u64, stop: StopReason) -> RunRecord {
    let mut spec = RunSpec::default().with_seed(seed);
    crate::spec::fill_in(&mut spec);
    let lists = || vec![Some(0.5); 3];
    RunRecord {
        run_id: spec.run_id(),
        results_version: 1,
        spec,
        stop,
        failure: None,
        divergence: None,
        target_reached: None,
        curve: Curve {
            epoch: vec![0, 1, 2],
            steps: vec![0, 1, 2],
            samples: vec![0, 1, 2],
            cost_units: vec![0, 1, 2],
            learning_rate: lists(),
            train_loss: vec![Some(0.1 + 0.2), None, Some(5e-324)],
            train_accuracy: lists(),
            validation_loss: vec![Some(f64::INFINITY), None, Some(f64::NEG_INFINITY)],
            validation_accuracy: lists(),
            gradient_norm: lists(),
            weight_norm: lists(),
            penalty_value: lists(),
            seconds: lists(),
        },
        test: None,
        outcomes: Outcomes {
            validation: Some(Outcome::Classes(ClassCounts {
                actual: vec![2, 1],
                predicted: vec![1, 2],
                correct: vec![1, 1],
                guess: 0,
            })),
            test: None,
        },
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

fn rows(records: &[RunRecord]) -> Vec<Row> {
    records.iter().map(|record| Row::of(record).unwrap()).collect()
}

fn some(seeds: std::ops::Range<u64>) -> Vec<RunRecord> {
    seeds.map(|seed| record(seed, StopReason::MaxEpochs)).collect()
}

fn ids(records: &[RunRecord]) -> Vec<RunId> {
    records.iter().map(|record| record.run_id).collect()
}

/// A folder with a store of some records.
fn stored(records: &[RunRecord]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    Store::create(folder.path()).unwrap().write(records).unwrap();
    folder
}

#[test]
fn a_store_is_read_once_unless_it_changes() {
    let records = some(0..3);
    let folder = stored(&records[..1]);
    let mut read = Store::open(folder.path()).unwrap();
    // A mark in memory that a second reading would not contain.
    let place = read.contents.runs.values().next().copied().unwrap();
    read.contents.runs.insert((records[2].run_id, 1), place);
    let writable = read.into_writable().unwrap();
    assert_eq!(writable.stops(1).len(), 2, "nobody wrote: it is not read again");
    drop(writable);
    let read = Store::open(folder.path()).unwrap();
    Store::create(folder.path()).unwrap().write(&records[1..2]).unwrap();
    let mut writable = read.into_writable().unwrap();
    assert_eq!(writable.records(&ids(&records), 1).unwrap(), records[..2], "another wrote meanwhile");
    writable.write(&records[2..]).unwrap();
    let read = Store::open(folder.path()).unwrap();
    std::fs::remove_file(folder.path().join(FILE_NAME)).unwrap();
    assert!(read.into_writable().unwrap().stops(1).is_empty(), "another file is there now");
}

/// Changes a store like another program would.
fn meddle(folder: &Path, sql: &str) {
    Connection::open(folder.join(FILE_NAME)).unwrap().execute_batch(sql).unwrap();
}

/// The files in a folder whose names have this prefix.
fn files(folder: &Path, begin: &str) -> Vec<PathBuf> {
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with(begin)).collect()
}

#[test]
fn records_come_back_as_they_were_in_the_order_asked_for() {
    let records = some(0..3);
    let folder = stored(&records);
    let store = Store::open(folder.path()).unwrap();
    let unknown = record(9, StopReason::MaxEpochs).run_id;
    let ids = [records[2].run_id, unknown, records[0].run_id];
    assert_eq!(store.records(&ids, 1).unwrap(), [records[2].clone(), records[0].clone()]);
    assert_eq!(store.records(&ids, 2).unwrap(), [], "results of another engine are others");
    assert_eq!((store.stops(1).len(), store.stops(2).len()), (3, 0));
    assert_eq!(store.other_versions(&ids, 2), [(1, 2)].into());
    assert_eq!(store.damage(), &Damage::default());
}

#[test]
fn a_run_that_is_retried_replaces_its_record() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::create(folder.path()).unwrap();
    store.write(&[record(1, StopReason::TimedOut)]).unwrap();
    store.write(&[record(1, StopReason::MaxEpochs)]).unwrap();
    for store in [store, Store::open(folder.path()).unwrap()] {
        let stops: Vec<_> = store.stops(1).into_values().collect();
        assert_eq!((stops, store.damage()), (vec![StopReason::MaxEpochs], &Damage::default()));
    }
}

#[test]
fn records_are_written_all_or_none() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::create(folder.path()).unwrap();
    store.write(&some(0..1)).unwrap();
    store.limit_pages(30);
    let error = store.write(&some(1..1000)).unwrap_err();
    assert!(
        matches!(error, StoreError::Database { .. }) && error.to_string().contains("free space"),
        "{error}"
    );
    let store = Store::open(folder.path()).unwrap();
    assert_eq!((store.stops(1).len(), store.damage()), (1, &Damage::default()));
}

/// A program killed during a commit leaves a journal. The next program that opens the store rolls the commit back,
/// even if it only reads.
#[test]
fn a_commit_cut_short_is_undone() {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("whole");
    Store::create(&whole).unwrap().write(&some(0..1)).unwrap();
    let cut = folder.path().join("cut");
    std::fs::create_dir(&cut).unwrap();
    {
        let connection = Connection::open(whole.join(FILE_NAME)).unwrap();
        // The cache is so small that pages go to the file before the commit.
        connection.execute_batch("PRAGMA cache_size = 2; BEGIN IMMEDIATE").unwrap();
        let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
                   INSERT INTO meta SELECT 'junk ' || i, hex(zeroblob(200)), '' FROM n";
        connection.execute_batch(sql).unwrap();
        for file in std::fs::read_dir(&whole).unwrap().map(Result::unwrap) {
            std::fs::copy(file.path(), cut.join(file.file_name())).unwrap();
        }
    }
    assert!(cut.join("runs.sqlite-journal").exists(), "a journal is left");
    let store = Store::open(&cut).unwrap();
    assert_eq!((store.stops(1).len(), store.damage()), (1, &Damage::default()));
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

/// Damage, and the report that a reader gets.
#[test]
fn damaged_rows_are_named_and_left_out() {
    let records = some(0..4);
    let name = records[1].run_id.short();
    for (sql, words) in [
        ("UPDATE runs SET record = '{' WHERE rowid = 2", format!("1 record fails its checksum ({name})")),
        ("UPDATE runs SET record = replace(record, '0.5', '0.6') WHERE rowid = 2", name.clone()),
        ("UPDATE runs SET record = NULL_TEXT WHERE rowid = 2", name.clone()),
        ("UPDATE runs SET stop = 'timed_out' WHERE rowid = 2", name.clone()),
        ("UPDATE runs SET stop = 'unheard_of' WHERE rowid = 2", "(row 2)".to_owned()),
        ("UPDATE runs SET results_version = 3 WHERE rowid = 2", name.clone()),
        ("UPDATE runs SET run_id = 'x' WHERE rowid = 2", "(row 2)".to_owned()),
        ("UPDATE runs SET checksum = x'00ff' WHERE rowid = 2", "(row 2)".to_owned()),
        ("UPDATE runs SET checksum = '' WHERE rowid = 2", name.clone()),
        ("DELETE FROM runs WHERE rowid = 2", "1 record or value vanished".to_owned()),
    ] {
        let folder = stored(&records);
        meddle(folder.path(), &sql.replace("NULL_TEXT", "x'c328'"));
        let store = Store::open(folder.path()).unwrap();
        let sentences = store.damage().sentences();
        assert!(sentences[0].contains(&words) || sentences[0].contains("(row 2)"), "{sql}: {sentences:?}");
        let intact = [records[0].clone(), records[2].clone(), records[3].clone()];
        assert_eq!(store.records(&ids(&records), 1).unwrap(), intact, "{sql}");
        assert_eq!(store.stops(1).len(), 3, "{sql}");

        // A run moves intact rows to a new store, and keeps the damaged one.
        let mut store = Store::create(folder.path()).unwrap();
        assert_eq!((store.damage(), store.stops(1).len()), (&Damage::default(), 3), "{sql}");
        store.write(&records[1..2]).unwrap();
        let store = Store::open(folder.path()).unwrap();
        assert_eq!(store.records(&ids(&records), 1).unwrap(), records, "{sql}");
        assert_eq!(files(folder.path(), "runs.").len(), 2, "{sql}: the store and the damaged file");
    }
}

#[test]
fn values_beside_the_records_are_checked() {
    for (sql, words) in [
        ("UPDATE meta SET value = '4' WHERE key = 'format_version'", "1 damaged value"),
        ("UPDATE meta SET key = 'format_versioo' WHERE key = 'format_version'", "1 damaged value"),
        ("DELETE FROM meta WHERE key = 'format_version'", "vanished"),
        ("DELETE FROM meta WHERE key = 'seal'", "rows differ from the last written rows"),
        ("UPDATE meta SET value = '{}' WHERE key = 'seal'", "damaged value"),
        (
            "UPDATE runs SET rowid = 100 WHERE rowid = 2; INSERT INTO runs SELECT * FROM runs WHERE rowid = 100",
            "rows differ",
        ),
    ] {
        let records = some(0..3);
        let folder = stored(&records);
        meddle(folder.path(), sql);
        let store = Store::open(folder.path()).unwrap();
        let sentences = store.damage().sentences().concat();
        assert!(sentences.contains(words), "{sql}: {sentences}");
        assert_eq!(store.records(&ids(&records), 1).unwrap(), records, "{sql}");
        let store = Store::create(folder.path()).unwrap();
        assert_eq!(store.damage(), &Damage::default(), "{sql}");
        assert_eq!(store.records(&ids(&records), 1).unwrap(), records, "{sql}");
    }
}

/// A store in format 4, with its index.
fn format_4(folder: &Path, records: &[RunRecord]) {
    let connection = Connection::open(folder.join(FILE_NAME)).unwrap();
    let schema = "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
         CREATE TABLE runs (
             run_id TEXT NOT NULL, results_version INTEGER NOT NULL, stop TEXT NOT NULL, record TEXT NOT NULL,
             PRIMARY KEY (run_id, results_version)
         );
         INSERT INTO meta VALUES ('format_version', '4');";
    connection.execute_batch(schema).unwrap();
    for row in rows(records) {
        let values = (row.run_id.to_string(), row.results_version, row.stop.name(), row.record);
        connection.execute("INSERT INTO runs VALUES (?1, ?2, ?3, ?4)", values).unwrap();
    }
}

#[test]
fn an_older_store_is_read_and_then_checked() {
    let (folder, records) = (tempfile::tempdir().unwrap(), some(0..3));
    format_4(folder.path(), &records);
    let store = Store::open(folder.path()).unwrap();
    assert!(store.damage().unchecked && store.damage().is_none());
    assert!(store.damage().sentences().concat().contains("Unchecked store"));
    assert_eq!(store.records(&ids(&records), 1).unwrap(), records);
    let store = Store::create(folder.path()).unwrap();
    assert_eq!(store.damage(), &Damage::default());
    assert_eq!(store.records(&ids(&records), 1).unwrap(), records);
    assert_eq!(files(folder.path(), "runs.").len(), 1, "nothing is left behind");
}

/// Without checksums, records that are unreadable or inconsistent are still recognised.
#[test]
fn unreadable_records_of_an_older_store_are_left_out() {
    for change in [
        "record = '{'",
        "record = replace(record, '\"seconds\":[0.5,', '\"seconds\":[')",
        "record = replace(record, '\"seed\":1', '\"seed\":7')",
        "stop = 'timed_out'",
    ] {
        let (folder, records) = (tempfile::tempdir().unwrap(), some(0..3));
        format_4(folder.path(), &records);
        meddle(folder.path(), &format!("UPDATE runs SET {change} WHERE rowid = 2"));
        for store in [Store::open(folder.path()).unwrap(), Store::create(folder.path()).unwrap()] {
            assert_eq!(store.records(&ids(&records), 1).unwrap(), [records[0].clone(), records[2].clone()]);
            assert_eq!(store.stops(1).len(), 2, "{change}");
        }
        assert_eq!(files(folder.path(), "runs.damaged").len(), 1, "{change}");
    }
}

#[test]
fn a_store_that_was_deleted_is_written_anew() {
    let (folder, records) = (tempfile::tempdir().unwrap(), some(0..3));
    let results = folder.path().join("results");
    let mut store = Store::create(&results).unwrap();
    store.write(&records[..2]).unwrap();
    std::fs::remove_dir_all(&results).unwrap();
    store.write(&records[2..]).unwrap();
    assert!(store.was_restored());
    assert_eq!(Store::open(&results).unwrap().records(&ids(&records), 1).unwrap(), records);
}

#[test]
fn a_store_whose_folder_was_moved_away_is_written_anew() {
    let (folder, records) = (tempfile::tempdir().unwrap(), some(0..3));
    let (results, moved) = (folder.path().join("results"), folder.path().join("moved"));
    let mut store = Store::create(&results).unwrap();
    store.write(&records[..2]).unwrap();
    std::fs::rename(&results, &moved).unwrap();
    store.write(&records[2..]).unwrap();
    assert_eq!(Store::open(&results).unwrap().records(&ids(&records), 1).unwrap(), records);
    assert_eq!(Store::open(&moved).unwrap().records(&ids(&records), 1).unwrap(), records[..2]);
}

#[test]
fn a_store_that_was_replaced_is_saved_beside_the_other() {
    let records = some(0..3);
    let (folder, other) = (stored(&records[..2]), stored(&records[..1]));
    let mut store = Store::create(folder.path()).unwrap();
    std::fs::rename(other.path().join(FILE_NAME), folder.path().join(FILE_NAME)).unwrap();
    let error = store.write(&records[2..]).unwrap_err();
    let StoreError::Replaced { rescued, .. } = &error else { panic!("{error}") };
    assert!(error.to_string().contains("was replaced by another file"), "{error}");
    let there = Store::open(folder.path()).unwrap().records(&ids(&records), 1).unwrap();
    assert_eq!(there, records[..1], "the other file is left alone");
    std::fs::rename(rescued, folder.path().join(FILE_NAME)).unwrap();
    let saved = Store::open(folder.path()).unwrap().records(&ids(&records), 1).unwrap();
    assert_eq!(saved, records[..2]);
}

/// Reproducible pseudorandom numbers.
fn draws(seed: u64) -> impl Iterator<Item = u64> {
    (seed..).map(|n| {
        let digest = chainrule_record::Digest::of(&n.to_le_bytes()).bytes();
        u64::from_le_bytes(*digest.first_chunk().unwrap())
    })
}

/// Flips one bit anywhere in the file: either everything is read unchanged, or damage is reported. A later run then
/// keeps the intact rows, or leaves the file unchanged.
#[test]
fn no_flipped_bit_is_silent() {
    let records = some(0..40);
    let whole = std::fs::read(stored(&records).path().join(FILE_NAME)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE_NAME);
    let (mut damaged, mut refused) = (0, 0);
    for (number, draw) in draws(0).take(400).enumerate() {
        let bit = (draw % (whole.len() as u64 * 8)) as usize;
        let mut bytes = whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        std::fs::write(&path, &bytes).unwrap();
        let store = match Store::open(folder.path()) {
            Ok(store) => store,
            Err(error) => {
                assert!(!error.to_string().is_empty());
                refused += 1;
                continue;
            }
        };
        let is_equal = store.records(&ids(&records), 1).unwrap() == records;
        assert!(is_equal || !store.damage().sentences().is_empty(), "bit {bit} is silent");
        drop(store);
        damaged += usize::from(!is_equal);
        if number % 4 > 0 {
            continue;
        }
        let store = Store::create(folder.path()).unwrap();
        let kept = store.records(&ids(&records), 1).unwrap();
        assert!(kept.len() >= records.len() - 8, "bit {bit}: {} of {} are kept", kept.len(), records.len());
        assert!(kept.iter().all(|kept| records.contains(kept)), "bit {bit}");
        for file in files(folder.path(), "runs.") {
            std::fs::remove_file(file).unwrap();
        }
    }
    assert!(damaged > 60 && refused > 0, "{damaged} damaged, {refused} refused");
}
