//! Comparisons of two results folders.

use crate::project::Project;
use chainrule_core::RESULTS_VERSION;

const XOR: &str = "question = \"?\"\nseeds = 6\ndata = { dataset = \"xor\", validation = 0, test = 0 }\n\
    train = { batch_size = \"full\", epochs = 40 }\n[model]\narchitecture = [4]\n[grid]\nactivation = [\"tanh\", \"relu\"]\n\
    [analysis]\nmetric = \"train_loss\"\n";

/// A folder with the results of two learning rates under `slow/xor` and `fast/xor`.
fn two_results() -> Project {
    let project = Project::new();
    project.file("xor.toml", XOR);
    for (results, rate) in [("slow", "learning_rate=0.001"), ("fast", "learning_rate=0.5")] {
        project.run(&["run", "xor.toml", "--results", results, "--set", rate, "--quiet"]).well();
    }
    project
}

#[test]
fn a_comparison_tells_which_folder_is_better_and_leaves_both_as_they_were() {
    let project = two_results();
    let before = std::fs::read(project.path("slow/xor/runs.csv")).unwrap();
    let ended = project.run(&["compare", "slow/xor", "fast/xor", "--output", "both"]).well();
    assert!(ended.stdout.contains("fast"), "{}", ended.stdout);
    let report = std::fs::read_to_string(project.path("both/report.md")).unwrap();
    // The rate is an axis now, and provenance and commands name both folders.
    let commands = ["--results slow", "--results fast", "chainrule compare slow/xor fast/xor"];
    for words in ["slow against fast", "learning_rate", "| slow | fast |"].iter().chain(&commands) {
        assert!(report.contains(words), "`{words}` is not in {report}");
    }
    let mut runs = csv::Reader::from_path(project.path("both/runs.csv")).unwrap();
    let folder = runs.headers().unwrap().iter().position(|title| title == "results").unwrap();
    let folders: Vec<String> = runs.records().map(|row| row.unwrap()[folder].to_owned()).collect();
    let count = |name: &str| folders.iter().filter(|folder| *folder == name).count();
    assert_eq!((count("slow"), count("fast"), folders.len()), (12, 12, 24));
    assert_eq!(before, std::fs::read(project.path("slow/xor/runs.csv")).unwrap());
    // Without --output, the report is beside the first folder.
    project.run(&["compare", "slow/xor", "fast/xor"]).well();
    assert!(project.path("slow/slow-against-fast/report.md").is_file());
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let project = two_results();
    project.run(&["compare", "slow/xor", "slow/xor"]).error(2, &["slow/xor", "two different folders"]);
    project.run(&["compare", "slow/xor", "fast/../slow/xor"]).error(2, &["two different folders"]);
    project.run(&["compare", "slow/xor", "nowhere"]).error(2, &["there are no results in nowhere"]);
    project.run(&["compare", "slow/xor", "fast"]).error(2, &["no results in fast", "fast/xor"]);
    project.run(&["compare", "slow/xor", "fast/xor", "--output", "fast/xor"]).error(2, &["--output DIR"]);
    project.run(&["compare", "slow/xor", "fast/xor", "--output", "both"]).well();
    project.run(&["report", "both"]).error(2, &["chainrule compare"]);
    project.file(
        "curve.toml",
        "question = \"?\"\nkind = \"function\"\n[function]\n[grid]\nactivation = [\"tanh\", \"relu\"]\n",
    );
    project.run(&["run", "curve.toml", "--quiet"]).well();
    project.run(&["compare", "slow/xor", "results/curve"]).error(2, &["\"train\"", "\"function\""]);
}

const IRIS: &str = "question = \"?\"\nseeds = 6\n[data]\ndataset = \"iris\"\nvalidation = 0.3\n[model]\narchitecture = [4]\n\
    [train]\nepochs = 3\nbatch_size = 16\ntarget = { metric = \"validation_accuracy\", reaches = 0.6 }\n[grid]\n\
    learning_rate = [0.01, 0.1]\n";

/// Results of the same experiment, `base/iris` and, with `changes`, `other/iris`.
fn against(changes: &[&str]) -> Project {
    let project = Project::new();
    project.file("iris.toml", IRIS);
    project.run(&["run", "iris.toml", "--results", "base", "--quiet"]).well();
    let sets = changes.iter().flat_map(|change| ["--set", change]);
    let run: Vec<&str> =
        ["run", "iris.toml", "--results", "other", "--quiet"].into_iter().chain(sets).collect();
    project.run(&run).well();
    project
}

const COMPARE: [&str; 5] = ["compare", "base/iris", "other/iris", "--output", "both"];

#[test]
fn runs_on_other_data_or_seeds_or_without_the_metric_are_no_pairs() {
    for (changes, words) in [
        (&["validation=0.2"][..], &["`validation` is 0.3 in base and 0.2 in other"][..]),
        (&["test=0.3"], &["`test` is 0.15 in base and 0.3 in other"]),
        (&["split_seed=4"], &["`split_seed` is 0 in base and 4 in other"]),
        (&["dataset=wine"], &["`dataset` is iris in base and wine in other"]),
        (&["loss=half_squared_error"], &["`loss` is", "no common scale"]),
        (&["seeds=[100, 101, 102]"], &["no seed in common: base has seeds 0 to 5, and other 100 to 102"]),
        (
            &["validation=0", "metric=train_loss", "target=none"],
            &["validation_loss decides in base, but no run of other measured it"],
        ),
    ] {
        against(changes).run(&COMPARE).error(2, words);
    }
    // How features are prepared is a question like any other.
    against(&["standardize=false"]).run(&COMPARE).well();
}

#[test]
fn the_same_path_with_another_content_is_other_data() {
    let project = Project::new();
    let rows = |shift: usize| (0..40).map(|row| format!("{},{}\n", row + shift, row % 2)).collect::<String>();
    project.file(
        "csv.toml",
        IRIS.replace("\"iris\"", "{ csv = { path = \"own.csv\", target = \"y\", task = \"classes\" } }"),
    );
    for (results, shift) in [("base", 0), ("other", 1)] {
        project.file("own.csv", format!("x,y\n{}", rows(shift)));
        project.run(&["run", "csv.toml", "--results", results, "--quiet", "--data-dir", "."]).well();
    }
    project.run(&["compare", "base/csv", "other/csv"]).error(2, &["`data_digest` is"]);
}

#[test]
fn unequal_seeds_are_compared_on_those_that_both_have() {
    let said = against(&["seeds=9", "optimizer=adam"]).run(&COMPARE).well().stdout;
    assert!(
        said.contains(
            "Warning: Only the seeds that both have are compared: seeds 6 to 8 of other are left out."
        ),
        "{said}"
    );
    assert!(!said.contains("has only") && !said.contains("not on record"), "{said}");
    assert!(!said.contains("same results"), "{said}");
}

#[test]
fn runs_that_are_the_same_are_said_to_be() {
    let said = against(&["seeds=9"]).run(&COMPARE).well().stdout;
    assert!(said.contains("Warning: All 12 pairs of runs have the same results, bit by bit"), "{said}");
}

#[test]
fn times_to_different_targets_are_not_compared() {
    for target in ["target=none", "target={ metric = \"validation_accuracy\", reaches = 0.7 }"] {
        let project = against(&[target, "optimizer=adam"]);
        let said = project.run(&COMPARE).well().stdout;
        assert!(said.contains("Warning: Times to the target are not compared:"), "{said}");
        assert!(
            !said.contains("epochs_to_target") && !project.path("both/time_to_target.csv").exists(),
            "{said}"
        );
    }
    let project = against(&["optimizer=adam"]);
    assert!(project.run(&COMPARE).well().stdout.contains("epochs_to_target"));
}

#[test]
fn of_several_data_sets_those_that_both_have_are_compared() {
    let project = Project::new();
    project.file("iris.toml", IRIS);
    for (results, datasets) in
        [("base", "dataset=[\"iris\", \"wine\"]"), ("other", "dataset=[\"wine\", \"moons\"]")]
    {
        project.run(&["run", "iris.toml", "--results", results, "--quiet", "--set", datasets]).well();
    }
    let said = project.run(&COMPARE).well().stdout;
    let left_out =
        "12 runs of base, 12 runs of other left out (`dataset` iris of base; `dataset` moons of other)";
    assert!(said.replace(" and ", ", ").contains(left_out), "{said}");
    // One data set is left: nothing varies.
    assert!(said.contains("All 12 pairs") && !project.path("both/datasets").exists(), "{said}");
}

#[test]
fn runs_of_another_results_version_are_said_to_be_there() {
    let project = against(&[]);
    let meddle = |sql: &str| {
        rusqlite::Connection::open(project.path("other/iris/runs.sqlite"))
            .unwrap()
            .execute_batch(sql)
            .unwrap();
    };
    meddle(crate::storage::WITHOUT_CHECKSUMS);
    let older = format!(
        "UPDATE runs SET results_version = 1,
         record = replace(record, '\"results_version\":{RESULTS_VERSION}', '\"results_version\":1')"
    );
    meddle(&format!("{older} WHERE rowid <= 4"));
    let held = "4 runs of results version 1; this program reads version";
    assert!(project.run(&["report", "other/iris"]).well().stdout.contains(held));
    assert!(project.run(&COMPARE).well().stdout.contains(held));
    meddle(&older);
    let held = "other/iris contains 12 runs of results version 1; this program reads version";
    project.run(&["report", "other/iris"]).error(2, &[held]);
    project.run(&COMPARE).error(2, &[held]);
    meddle("DELETE FROM runs");
    project.run(&COMPARE).error(2, &["no run of other/iris is on record", "chainrule run"]);
}
