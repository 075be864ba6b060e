//! Folders that cannot be written to, and files that are no results of this program.

use crate::program::{Ended, House};
use rusqlite::Connection;
use std::process::Command;

const XOR: &str = r#"
question = "Where do results go?"
seeds = 3

[data]
dataset = "xor"
validation = 0
test = 0

[train]
epochs = 5
batch_size = "full"
"#;

fn house() -> House {
    let house = House::new();
    house.file("xor.toml", XOR);
    house
}

/// A house with results, and what `sql` makes of them.
fn meddled(sql: &str) -> House {
    let house = house();
    house.run(&["run", "xor.toml"]).well();
    Connection::open(house.path("results/xor/runs.sqlite")).unwrap().execute_batch(sql).unwrap();
    house
}

/// Both commands refuse the results, and leave them as they are.
#[track_caller]
fn is_refused(house: &House, words: &[&str]) {
    let path = house.path("results/xor/runs.sqlite");
    let before = std::fs::read(&path).unwrap();
    house.run(&["run", "xor.toml"]).error(2, words);
    house.run(&["report", "xor.toml"]).error(2, words);
    assert!(before == std::fs::read(&path).unwrap(), "the file has changed");
}

#[test]
fn folders_that_cannot_be_made_are_errors() {
    let house = house();
    house.file("in_the_way", "a file");
    for results in ["in_the_way", "in_the_way/results", "/proc/results"] {
        let words = ["cannot write to the results folder", results, "--results DIR"];
        house.run(&["run", "xor.toml", "--results", results]).error(2, &words);
    }
    assert_eq!(std::fs::read_to_string(house.path("in_the_way")).unwrap(), "a file");
    std::fs::create_dir_all(house.path("results/xor/runs.sqlite")).unwrap();
    house.run(&["run", "xor.toml"]).error(2, &["cannot write to the results folder"]);
}

#[test]
fn results_of_another_version_are_refused() {
    is_refused(
        &meddled("UPDATE meta SET value = '99' WHERE key = 'format_version'"),
        &["format version 99", "move the folder away"],
    );
    is_refused(&meddled("DROP TABLE meta; CREATE TABLE unrelated (x)"), &["format version unknown"]);
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let house = house();
    house.file(
        "results/xor/runs.sqlite",
        "anything but a database, and long enough to have a header".repeat(100),
    );
    is_refused(&house, &["is no store of results, or is damaged", "move the file away"]);
}

#[test]
fn a_damaged_record_is_an_error() {
    let house = meddled("UPDATE runs SET record = '{' WHERE rowid = 2");
    house.run(&["run", "xor.toml"]).error(3, &["record of", "cannot be read"]);
    house.run(&["report", "xor.toml"]).error(2, &["record of", "cannot be read"]);
}

/// An empty file is what a program leaves that is killed before it has written anything: it holds nothing, and the next
/// run begins.
#[test]
fn an_empty_file_is_no_result() {
    let house = house();
    house.file("results/xor/runs.sqlite", "");
    house.run(&["report", "xor.toml"]).error(2, &["no run of results/xor has ended yet"]);
    assert_eq!(house.run(&["run", "xor.toml"]).well().counts(), (3, 0));
}

/// A limit on the size of files stands for a disk that is full.
#[test]
fn what_cannot_be_stored_is_said_and_what_was_stored_is_kept() {
    let house = house();
    assert_eq!(house.run(&["run", "xor.toml"]).well().counts(), (3, 0));
    let kept = house.records("xor");
    // 200 blocks of 512 bytes: 500 more runs are more.
    let script = r#"trap '' XFSZ; ulimit -f 200; exec "$0" run xor.toml --set seeds=503"#;
    let mut command = Command::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_chainrule")]).current_dir(house.path("."));
    let ended: Ended = command.output().unwrap().into();
    ended.error(3, &["runs.sqlite", "finished runs are kept"]);
    assert!(kept.iter().all(|(run_id, record)| house.records("xor")[run_id] == *record));
    let (executed, reused) = house.run(&["run", "xor.toml", "--set", "seeds=503"]).well().counts();
    assert!(executed + reused == 503 && reused >= 3, "{executed} carried out, {reused} kept");
}
