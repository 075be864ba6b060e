//! Output to the screen and to programs.

use crate::project::{Project, XOR, say_skipped};
use std::fs::File;
use std::process::Stdio;

fn project() -> Project {
    let project = Project::new();
    project.file("xor.toml", XOR);
    project
}

#[test]
fn no_escape_codes_where_there_is_no_terminal() {
    let project = project();
    let ended = project.run(&["run", "xor.toml", "-vv"]).well();
    assert!(
        !ended.stderr.is_empty() && !ended.stderr.contains('\x1b') && !ended.stdout.contains('\x1b'),
        "{ended:?}"
    );
    let wrong = project.run(&["plan", "xor.toml", "--set", "epochs=-1"]).error(2, &["epochs=-1"]);
    assert!(!wrong.stderr.contains('\x1b'), "{wrong:?}");
}

#[test]
fn json_log_lines_are_json() {
    let project = project();
    let ended = project.run(&["run", "xor.toml", "-vv", "--log-format", "json"]).well();
    let lines: Vec<serde_json::Value> =
        ended.stderr.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ends = |line: &&serde_json::Value| line["fields"]["message"] == "run ended";
    assert_eq!(lines.iter().filter(ends).count(), 4, "{ended:?}");
}

#[test]
fn quiet_is_quiet() {
    let ended = project().run(&["run", "xor.toml", "--quiet"]).well();
    assert_eq!(ended.stderr, "");
    assert_eq!(ended.counts(), (4, 0));
}

#[test]
fn plots_are_svg_too_where_that_is_asked_for() {
    let project = project();
    let svg = || project.path("results/xor/plots/convergence.svg").exists();
    project.run(&["run", "xor.toml", "--svg"]).well();
    assert!(svg(), "run --svg");
    project.run(&["report", "xor.toml"]).well();
    assert!(!svg(), "a report without it leaves no old one");
    project.run(&["report", "xor.toml", "--svg"]).well();
    assert!(svg(), "report --svg");
}

#[test]
fn a_reader_who_has_seen_enough_is_no_error() {
    let project = project();
    for arguments in [&["list"][..], &["plan", "xor.toml"], &["run", "xor.toml"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = project.command(arguments).stdout(writer).stderr(Stdio::piped()).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && stderr.is_empty(), "{arguments:?}: {stderr}");
    }
    assert!(project.path("results/xor/report.md").exists());
}

#[test]
fn output_that_cannot_be_written_is_an_error() {
    let Ok(full) = File::create("/dev/full") else {
        say_skipped("a full disk", "there is no /dev/full here");
        return;
    };
    let output = project().command(&["list"]).stdout(full).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot write to standard output"));
}

/// An answer that cannot be written does not undo the runs, and a failure remains a failure.
#[test]
fn output_that_cannot_be_written_leaves_the_gravest_exit_code() {
    let Ok(full) = File::create("/dev/full") else {
        say_skipped("a full disk", "there is no /dev/full here");
        return;
    };
    let project = project();
    let code = |arguments: &[&str]| {
        let mut command = project.command(arguments);
        command.stdout(full.try_clone().unwrap()).stderr(Stdio::null()).status().unwrap().code()
    };
    assert_eq!(code(&["run", "xor.toml"]), Some(3));
    assert!(project.path("results/xor/report.md").exists());
    assert_eq!(code(&["bless", "xor.toml"]), Some(3));
    assert!(project.path("results/baselines/xor.csv").exists());
    assert_eq!(code(&["check", "xor.toml"]), Some(3));
    assert_eq!(code(&["check", "xor.toml", "--set", "epochs=6"]), Some(1));
    // The baseline cannot be written, and the runs are kept.
    project.file("file", "");
    project.run(&["bless", "xor.toml", "--baselines", "file"]).error(3, &["cannot write", "--baselines DIR"]);
}

/// Two at once: the second one waits, and finds the runs of the first.
#[test]
fn two_processes_may_use_one_results_folder() {
    let project = project();
    let run = ["run", "xor.toml", "--set", "epochs=3000", "--set", "seeds=20"];
    let ended = [project.spawn(&run), project.spawn(&run)].map(|child| child.wait_with_output().unwrap());
    let ended = ended.map(crate::project::Ended::from);
    ended.iter().for_each(|ended| assert_eq!(ended.code, Some(0), "{ended:?}"));
    let executed: usize = ended.iter().map(|ended| ended.counts().0).sum();
    assert_eq!(executed, 40, "no run is executed twice: {ended:?}");
    assert!(ended.iter().any(|ended| ended.stderr.contains("waiting for it")), "{ended:?}");
    let report = ["report", "xor.toml", "--set", "epochs=3000", "--set", "seeds=20"];
    let reports = [0; 4].map(|_| project.spawn(&report));
    for ended in reports.map(|child| crate::project::Ended::from(child.wait_with_output().unwrap())) {
        ended.well();
    }
    let left = std::fs::read_dir(project.path("results/xor")).unwrap();
    let is_partial = |name: &str| name.contains("partial");
    let left: Vec<String> = left.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert!(!left.iter().any(|name| is_partial(name)), "{left:?}");
}

#[test]
fn an_experiment_does_not_take_the_folder_of_baselines() {
    let project = project();
    project.file("baselines.toml", XOR);
    project.run(&["run", "baselines.toml"]).error(2, &["cannot be called `baselines`"]);
    project.run(&["new", "baselines"]).error(2, &["cannot be called `baselines`"]);
    assert!(!project.path("results").exists());
}

/// A new experiment is valid as it is written, and is never written over another.
#[test]
fn a_new_experiment_can_be_run() {
    let project = Project::new();
    let said = project.run(&["new", "my-question"]).well().stdout;
    assert!(said.contains("chainrule run experiments/my-question.toml"), "{said}");
    project.run(&["new", "my-question"]).error(2, &["exists already"]);
    let plan = project.run(&["plan", "experiments/my-question.toml"]).well().stdout;
    assert!(plan.contains("9 combinations × 3 seeds = 27 runs"), "{plan}");
}
