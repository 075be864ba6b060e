//! What goes to the screen, and what goes to programs.

use crate::program::{House, say_skipped};
use std::fs::File;
use std::process::Stdio;

const XOR: &str = r#"
question = "What is said?"
seeds = 2

[data]
dataset = "xor"
validation = 0
test = 0

[train]
epochs = 5
batch_size = "full"

[grid]
learning_rate = [0.1, 0.2]
"#;

fn house() -> House {
    let house = House::new();
    house.file("xor.toml", XOR);
    house
}

#[test]
fn no_escape_codes_where_there_is_no_terminal() {
    let house = house();
    let ended = house.run(&["run", "xor.toml", "-vv"]).well();
    assert!(
        !ended.stderr.is_empty() && !ended.stderr.contains('\x1b') && !ended.stdout.contains('\x1b'),
        "{ended:?}"
    );
    let wrong = house.run(&["plan", "xor.toml", "--set", "epochs=-1"]).error(2, &["epochs=-1"]);
    assert!(!wrong.stderr.contains('\x1b'), "{wrong:?}");
}

#[test]
fn json_log_lines_are_json() {
    let house = house();
    let ended = house.run(&["run", "xor.toml", "-vv", "--log-format", "json"]).well();
    let lines: Vec<serde_json::Value> =
        ended.stderr.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ends = |line: &&serde_json::Value| line["fields"]["message"] == "run ended";
    assert_eq!(lines.iter().filter(ends).count(), 4, "{ended:?}");
}

#[test]
fn quiet_is_quiet() {
    let ended = house().run(&["run", "xor.toml", "--quiet"]).well();
    assert_eq!(ended.stderr, "");
    assert_eq!(ended.counts(), (4, 0));
}

#[test]
fn plots_are_svg_too_where_that_is_asked_for() {
    let house = house();
    let svg = || house.path("results/xor/plots/convergence.svg").exists();
    house.run(&["run", "xor.toml", "--svg"]).well();
    assert!(svg(), "run --svg");
    house.run(&["report", "xor.toml"]).well();
    assert!(!svg(), "a report without it leaves no old one");
    house.run(&["report", "xor.toml", "--svg"]).well();
    assert!(svg(), "report --svg");
}

#[test]
fn a_reader_who_has_seen_enough_is_no_error() {
    let house = house();
    for arguments in [&["list"][..], &["plan", "xor.toml"], &["run", "xor.toml"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = house.command(arguments).stdout(writer).stderr(Stdio::piped()).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && stderr.is_empty(), "{arguments:?}: {stderr}");
    }
    assert!(house.path("results/xor/report.md").exists());
}

#[test]
fn output_that_cannot_be_written_is_an_error() {
    let Ok(full) = File::create("/dev/full") else {
        say_skipped("a full disk", "there is no /dev/full here");
        return;
    };
    let output = house().command(&["list"]).stdout(full).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot write to standard output"));
}

/// A new experiment is valid as it is written, and is never written over another.
#[test]
fn a_new_experiment_can_be_run() {
    let house = House::new();
    let said = house.run(&["new", "my-question"]).well().stdout;
    assert!(said.contains("chainrule run experiments/my-question.toml"), "{said}");
    house.run(&["new", "my-question"]).error(2, &["is there already"]);
    let plan = house.run(&["plan", "experiments/my-question.toml"]).well().stdout;
    assert!(plan.contains("9 combinations × 3 seeds = 27 runs"), "{plan}");
}
