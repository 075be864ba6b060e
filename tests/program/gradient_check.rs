//! Gradient checks from the command line to the exit code.

use crate::project::{Project, experiment};

const HEAD: &str = "question = \"Is it right?\"\nkind = \"gradient_check\"\nseeds = 2\n\
                    data = { dataset = \"iris\", validation = 0, test = 0 }\nmodel.architecture = [3]\n";

/// The experiment that is shipped: all pass, in double precision below 1e-7 with the default step.
#[test]
fn every_gradient_is_right() {
    let project = Project::new();
    let ended = project.run(&["run", experiment("gradient-check.toml").to_str().unwrap()]).well();
    let (runs, _) = ended.counts();
    assert!(runs > 3000, "{runs} runs");
    assert!(
        ended.stdout.starts_with(&format!("All of {runs} gradient checks came out as expected")),
        "{}",
        ended.stdout
    );
    let table = project.table("gradient-check", "gradient_check.csv");
    let column = |name: &str| table[0].iter().position(|title| title == name).unwrap();
    let [precision, scheme, step, error, passed] =
        ["precision", "scheme", "step_size", "largest_relative_error", "passed"].map(column);
    let (mut held, mut worst) = (0, 0.0f64);
    for row in &table[1..] {
        assert_eq!(row[passed], "true");
        if row[precision] == "f64"
            && row[scheme] != "forward"
            && row[step] == "auto"
            && !row[error].is_empty()
        {
            worst = worst.max(row[error].parse().unwrap());
            held += 1;
        }
    }
    println!("{runs} runs, {held} tensors in double precision, worst {worst:e}");
    assert!(held > 15_000 && worst < 1e-7, "{held} tensors, worst {worst:e}");
}

/// A check that does not come out as expected makes the program end with 1, when it runs and when it is run again.
#[test]
fn what_is_not_as_expected_is_exit_code_1() {
    let project = Project::new();
    project.file("wrong.toml", format!("{HEAD}check.tolerance = 1e-16\n"));
    for carried_out in [2, 0] {
        let ended = project.run(&["run", "wrong.toml"]);
        assert_eq!((ended.code, ended.counts().0), (Some(1), carried_out), "{ended:?}");
        assert!(
            ended.stdout.starts_with("None of 2 gradient checks came out as expected."),
            "{}",
            ended.stdout
        );
        assert!(ended.stderr.contains("2 gradient checks did not come out as expected"), "{}", ended.stderr);
    }
    let page = std::fs::read_to_string(project.path("results/wrong/report.md")).unwrap();
    assert!(page.contains("## Not as expected"), "{page}");
    project.file("right.toml", HEAD);
    project.run(&["run", "right.toml"]).well();
    project.file("missed.toml", format!("{HEAD}check.expect = \"missed\"\n"));
    project.run(&["run", "missed.toml"]).well();
}

/// Training that diverges before the check is an error here, because the check is missing.
#[test]
fn a_check_that_could_not_be_made_is_exit_code_1() {
    let project = Project::new();
    let text = "model.activation = \"identity\"\n\
                train = { learning_rate = 1e300, loss = \"half_squared_error\" }\ncheck.check_after = 5\n";
    project.file("diverging.toml", format!("{}{text}", HEAD.replace("model.architecture = [3]\n", "")));
    let ended = project.run(&["run", "diverging.toml"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stdout.contains("2 runs ended before the gradient could be checked"), "{}", ended.stdout);
}

/// The same bits with any number of threads.
#[test]
fn checks_are_the_same_with_any_number_of_threads() {
    let project = Project::new();
    project.file(
        "check.toml",
        format!("{HEAD}check.entries = 3\n[grid]\nactivation = [\"relu\", \"tanh\"]\ncheck_after = [0, 2]\n"),
    );
    let with = |threads: &str| {
        drop(std::fs::remove_dir_all(project.path("results")));
        project.run(&["run", "check.toml", "--threads", threads]).well();
        project.records("check")
    };
    let one = with("1");
    assert_eq!(one.len(), 8);
    assert_eq!(one, with("4"));
}
