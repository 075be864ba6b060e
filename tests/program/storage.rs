//! Folders that cannot be written to, and files that are not results of this program.

use crate::project::{Ended, Project, xor};
use rusqlite::Connection;
use std::process::Command;

fn project() -> Project {
    let project = Project::new();
    project.file("xor.toml", xor(3, ""));
    project
}

/// A project with results, changed by `sql`.
fn meddled(sql: &str) -> Project {
    let project = project();
    project.run(&["run", "xor.toml"]).well();
    Connection::open(project.path("results/xor/runs.sqlite")).unwrap().execute_batch(sql).unwrap();
    project
}

/// Both commands refuse the results, and leave them as they are.
#[track_caller]
fn is_refused(project: &Project, words: &[&str]) {
    let path = project.path("results/xor/runs.sqlite");
    let before = std::fs::read(&path).unwrap();
    project.run(&["run", "xor.toml"]).error(2, words);
    project.run(&["report", "xor.toml"]).error(2, words);
    assert!(before == std::fs::read(&path).unwrap(), "the file has changed");
}

#[test]
fn folders_that_cannot_be_made_are_errors() {
    let project = project();
    project.file("in_the_way", "a file");
    for results in ["in_the_way", "in_the_way/results", "/proc/results"] {
        let words = ["cannot write to the results folder", results, "--results DIR"];
        project.run(&["run", "xor.toml", "--results", results]).error(2, &words);
    }
    assert_eq!(std::fs::read_to_string(project.path("in_the_way")).unwrap(), "a file");
    std::fs::create_dir_all(project.path("results/xor/runs.sqlite")).unwrap();
    project.run(&["run", "xor.toml"]).error(2, &["cannot write to the results folder"]);
}

#[test]
fn results_of_another_version_are_refused() {
    let older = "DROP TABLE meta; DROP TABLE runs; CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT);
         CREATE TABLE runs (run_id TEXT, results_version INTEGER, stop TEXT, record TEXT);
         INSERT INTO meta VALUES ('format_version', '3');";
    is_refused(&meddled(older), &["format version 3", "reads versions 4 and 5", "move the folder away"]);
    is_refused(&meddled("DROP TABLE meta; CREATE TABLE unrelated (x)"), &["is not a store of results"]);
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let project = project();
    project.file(
        "results/xor/runs.sqlite",
        "anything but a database, and long enough to have a header".repeat(100),
    );
    is_refused(&project, &["is not a store of results, or is damaged", "move the file away"]);
}

/// A number that changed in one record: it is never shown as a result, the others are, and the run is repeated.
#[test]
fn a_damaged_record_is_named_and_its_run_is_repeated() {
    let project = project();
    project.run(&["run", "xor.toml"]).well();
    let (undamaged, table) = (project.records("xor"), project.table("xor", "runs.csv"));
    let sql =
        "UPDATE runs SET record = replace(record, '\"train_loss\":[0', '\"train_loss\":[7') WHERE rowid = 2";
    Connection::open(project.path("results/xor/runs.sqlite")).unwrap().execute_batch(sql).unwrap();
    let changed = project.records("xor");
    let (name, _) = changed.iter().find(|(id, record)| undamaged[*id] != **record).unwrap();
    let says = format!("Damaged store: 1 record fails its checksum ({}), skipped until", &name[..12]);

    let plan = project.run(&["plan", "xor.toml"]).well().stdout;
    assert!(plan.contains(&says) && plan.ends_with("2 in results/xor, 1 missing\n"), "{plan}");
    let report = project.run(&["report", "results/xor"]).well();
    assert!(report.stdout.contains(&says), "{report:?}");
    assert!(
        std::fs::read_to_string(project.path("results/xor/report.md")).unwrap().contains("Damaged store")
    );
    assert_eq!(project.table("xor", "runs.csv").len(), table.len() - 1, "the others are shown");

    let run = project.run(&["run", "xor.toml"]).well();
    assert_eq!(run.counts(), (1, 2));
    assert!(run.stderr.contains(&says) && run.stderr.contains("runs.damaged-1.sqlite"), "{run:?}");
    assert_eq!((project.records("xor"), project.table("xor", "runs.csv")), (undamaged, table));
    assert!(!project.run(&["plan", "xor.toml"]).well().stdout.contains("amaged"));
}

/// The manifest names the machine, and the experiment has the plan. Without them, the records are still readable.
#[test]
fn damaged_values_beside_the_records_are_named() {
    let project = meddled("UPDATE meta SET value = replace(value, 'cpu', 'cpy') WHERE key = 'manifest'");
    let report = project.run(&["report", "results/xor"]).well();
    assert!(report.stdout.contains("Damaged store: 1 damaged value"), "{report:?}");
    assert_eq!(project.run(&["run", "xor.toml"]).well().counts(), (0, 3));
    let project = meddled("UPDATE meta SET value = replace(value, 'xor', 'xer') WHERE key = 'experiment'");
    project.run(&["report", "results/xor"]).error(2, &["the experiment in", "is damaged", "chainrule run"]);
    assert_eq!(project.run(&["run", "xor.toml"]).well().counts(), (0, 3));
    assert!(!project.run(&["report", "results/xor"]).well().stdout.contains("amaged"));
}

/// A store as the program wrote it before checksums, made from a present one.
#[test]
fn an_older_store_is_reported_as_unchecked_and_then_checked() {
    let project = meddled(WITHOUT_CHECKSUMS);
    for arguments in [&["plan", "xor.toml"][..], &["report", "results/xor"]] {
        let ended = project.run(arguments).well();
        assert_eq!(ended.stdout.matches("Unchecked store: format version 4").count(), 1, "{ended:?}");
    }
    let run = project.run(&["run", "xor.toml"]).well();
    assert_eq!(run.counts(), (0, 3));
    assert!(run.stderr.contains("without checksums; they are added now"), "{run:?}");
    assert!(!project.run(&["report", "results/xor"]).well().stdout.contains("Unchecked"));
}

/// Makes a store of format version 4, which has no checksums.
pub(crate) const WITHOUT_CHECKSUMS: &str = "
    CREATE TABLE old (key TEXT PRIMARY KEY, value TEXT NOT NULL);
    INSERT INTO old SELECT key, value FROM meta WHERE key <> 'seal'; DROP TABLE meta;
    ALTER TABLE old RENAME TO meta; UPDATE meta SET value = '4' WHERE key = 'format_version';
    CREATE TABLE old (run_id TEXT NOT NULL, results_version INTEGER NOT NULL, stop TEXT NOT NULL, record TEXT NOT NULL,
        PRIMARY KEY (run_id, results_version));
    INSERT INTO old SELECT run_id, results_version, stop, record FROM runs; DROP TABLE runs;
    ALTER TABLE old RENAME TO runs;";

/// A trace holds the infinite numbers of a run that diverges.
#[test]
fn a_traced_run_that_diverges_is_read_back() {
    let project = Project::new();
    project.file(
        "traced.toml",
        r#"
question = "Which rate diverges?"

[data]
dataset = { inline = { x = [[3], [2]], y = [[1], [2]], task = "regression" } }
validation = 0
test = 0
standardize = false

[model]
architecture = []

[train]
epochs = 5
batch_size = 1
trace_steps = 10

[grid]
learning_rate = [0.01, 1e200]
"#,
    );
    project.run(&["run", "traced.toml"]).well();
    let stops: Vec<_> =
        project.records("traced").into_values().map(|record| record["stop"].clone()).collect();
    assert_eq!(stops.iter().filter(|stop| *stop == "diverged").count(), 1, "{stops:?}");
    assert_eq!(project.run(&["run", "traced.toml"]).well().counts().0, 0);
    assert!(project.run(&["plan", "traced.toml"]).well().stdout.contains("0 missing"));
    project.run(&["report", "traced.toml"]).well();
    project.run(&["trace", "traced.toml", "--set", "learning_rate=1e200", "--step", "0"]).well();
}

/// A program that is killed before it writes anything leaves an empty file, and the next run starts from it.
#[test]
fn an_empty_file_is_no_result() {
    let project = project();
    project.file("results/xor/runs.sqlite", "");
    project.run(&["report", "xor.toml"]).error(2, &["no run in results/xor has finished yet"]);
    assert_eq!(project.run(&["run", "xor.toml"]).well().counts(), (3, 0));
}

/// A limit on the size of files simulates a full disk.
#[test]
fn what_cannot_be_stored_is_said_and_what_was_stored_is_kept() {
    let project = project();
    assert_eq!(project.run(&["run", "xor.toml"]).well().counts(), (3, 0));
    let kept = project.records("xor");
    // 200 blocks of 512 bytes: 500 more runs are more.
    let script = r#"trap '' XFSZ; ulimit -f 200; exec "$0" run xor.toml --set seeds=503"#;
    let mut command = Command::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_chainrule")]).current_dir(project.path("."));
    let ended: Ended = command.output().unwrap().into();
    ended.error(3, &["runs.sqlite", "finished runs are kept"]);
    assert!(kept.iter().all(|(run_id, record)| project.records("xor")[run_id] == *record));
    let (executed, reused) = project.run(&["run", "xor.toml", "--set", "seeds=503"]).well().counts();
    assert!(executed + reused == 503 && reused >= 3, "{executed} executed, {reused} kept");
}
