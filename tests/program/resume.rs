//! Stored runs are not rerun.

use crate::project::Project;

const XOR: &str = r#"
question = "What is run again?"
seeds = 2

[data]
dataset = "xor"
validation = 0
test = 0
standardize = false

[train]
epochs = 5
batch_size = "full"
loss = "binary_cross_entropy"

"#;

fn project(grid: &str) -> Project {
    let project = Project::new();
    project.file("xor.toml", format!("{XOR}{grid}"));
    project
}

#[test]
fn the_same_command_runs_nothing() {
    let project = project("[grid]\nlearning_rate = [0.1, 0.2]\n");
    let run = || project.run(&["run", "xor.toml"]).well();
    assert_eq!(run().counts(), (4, 0));
    let report = std::fs::read(project.path("results/xor/report.md")).unwrap();
    assert_eq!(run().counts(), (0, 4));
    assert!(
        report == std::fs::read(project.path("results/xor/report.md")).unwrap(),
        "the report has changed"
    );
}

#[test]
fn a_new_value_runs_its_combinations_only() {
    let project = project("[grid]\nlearning_rate = [0.1, 0.2]\nactivation = [\"tanh\", \"relu\"]\n");
    assert_eq!(project.run(&["run", "xor.toml"]).well().counts(), (8, 0));
    assert_eq!(
        project.run(&["run", "xor.toml", "--set", "learning_rate=[0.2, 0.3]"]).well().counts(),
        (4, 4)
    );
    // Runs that are no longer planned stay, and are reused when they are planned again.
    assert_eq!(project.run(&["run", "xor.toml"]).well().counts(), (0, 8));
    assert_eq!(project.run(&["run", "xor.toml", "--set", "seeds=3"]).well().counts(), (4, 8));
}

#[test]
fn sub_grids_that_overlap_share_their_runs() {
    let project = project("[[grid]]\nlearning_rate = [0.1, 0.2]\n\n[[grid]]\nlearning_rate = [0.2, 0.3]\n");
    let plan = project.run(&["plan", "xor.toml"]).well().stdout;
    let left_out =
        "skipped, 1 combination met twice: the same as learning_rate = 0.2:\n  learning_rate = 0.2\n";
    assert!(plan.contains(left_out), "{plan}");
    assert_eq!(project.run(&["run", "xor.toml"]).well().counts(), (6, 0));
    assert_eq!(project.records("xor").len(), 6);
}

#[test]
fn runs_out_of_time_are_recorded_and_retried_when_asked() {
    let project = project("");
    // No machine trains so long in the time of a few steps.
    let late = [
        "run",
        "xor.toml",
        "--set",
        "epochs=1000000000",
        "--set",
        "evaluate_every=100000",
        "--set",
        "time_limit=0.02",
    ];
    let timed_out = project.run(&late);
    assert_eq!((timed_out.code, timed_out.counts()), (Some(3), (2, 0)), "{timed_out:?}");
    assert!(timed_out.stderr.contains("2 runs timed out: see the report"), "{timed_out:?}");
    assert!(project.records("xor").values().all(|record| record["stop"] == "timed_out"));

    let again = project.run(&late);
    assert_eq!((again.code, again.counts()), (Some(3), (0, 2)), "it still says that something is wrong");
    let times = project.wall_times("xor");
    let retried = project.run(&[&late[..], &["--retry"]].concat());
    assert_eq!((retried.code, retried.counts()), (Some(3), (2, 0)));
    assert!(project.wall_times("xor").iter().all(|(run_id, time)| times[run_id] != *time));
}

#[test]
fn divergence_is_an_outcome() {
    let project = project("");
    let diverging = [
        "run",
        "xor.toml",
        "--set",
        "learning_rate=1e30",
        "--set",
        "activation=identity",
        "--set",
        "epochs=50",
    ];
    project.run(&diverging).well();
    assert!(project.records("xor").values().all(|record| record["stop"] == "diverged"));
    assert_eq!(project.run(&diverging).well().counts(), (0, 2));
}
