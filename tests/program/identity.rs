//! A results folder belongs to one experiment file, and `report FILE` is about that file as it is now.

use crate::project::{Ended, Project, XOR};
use std::fs;
use std::path::Path;

const ANOTHER: &str = "holds the results of another experiment file";

fn project() -> Project {
    let project = Project::new();
    project.file("a/x.toml", XOR);
    project
}

/// The experiment with other runs: not one of them is in the first.
fn other_runs() -> String {
    XOR.replace("epochs = 5", "epochs = 6")
}

/// One run more for each seed.
fn more_runs() -> String {
    XOR.replace("[0.1, 0.2]", "[0.1, 0.2, 0.3]")
}

fn report(project: &Project) -> String {
    fs::read_to_string(project.path("results/x/report.md")).unwrap()
}

/// No message is about the owner of a folder.
#[track_caller]
fn is_same_file(ended: Ended) {
    let ended = ended.well();
    assert!(!ended.stderr.contains("belongs") && !ended.stderr.contains("has changed"), "{ended:?}");
    assert_eq!(ended.counts(), (0, 4), "{ended:?}");
}

#[test]
fn a_second_file_of_the_same_name_is_refused_by_every_command() {
    for second in [other_runs(), more_runs()] {
        let project = project();
        project.file("b/x.toml", second);
        project.run(&["bless", "a/x.toml"]).well();
        project.run(&["run", "a/x.toml"]).well();
        let before = (report(&project), project.wall_times("x"));
        let words = [ANOTHER, "a/x.toml", "--results DIR", "name = ", "b/x.toml"];
        for command in [
            &["run", "b/x.toml"][..],
            &["run", "b/x.toml", "--retry"],
            &["report", "b/x.toml"],
            &["bless", "b/x.toml"],
            &["check", "b/x.toml", "--stored"],
        ] {
            project.run(command).error(2, &words);
        }
        let plan = project.run(&["plan", "b/x.toml"]).well();
        assert!(plan.stdout.contains(ANOTHER), "{plan:?}");
        assert!(before == (report(&project), project.wall_times("x")), "the first results are as they were");
        // Both ways out.
        project.run(&["run", "b/x.toml", "--results", "other"]).well();
        project.run(&["run", "b/x.toml", "--set", "name=y"]).well();
        assert!(project.path("other/x/report.md").exists() && project.path("results/y/report.md").exists());
    }
}

#[test]
fn a_name_chooses_the_folder_and_the_baseline_and_no_run() {
    let project = project();
    project.run(&["run", "a/x.toml"]).well();
    project.file("b/x.toml", format!("name = \"second\"\n{XOR}"));
    project.run(&["bless", "b/x.toml"]).well();
    project.run(&["check", "b/x.toml", "--stored"]).well();
    project.run(&["report", "b/x.toml"]).well();
    assert!(project.path("results/baselines/second.csv").exists());
    assert!(fs::read_to_string(project.path("results/second/report.md")).unwrap().starts_with("# second\n"));
    let ids = |name: &str| project.records(name).into_keys().collect::<Vec<_>>();
    assert_eq!(ids("x"), ids("second"), "the name is no part of a run");
}

#[test]
fn names_that_are_no_plain_folder_are_errors() {
    let project = project();
    for name in ["../x", "a/b", "", ".", "baselines", "Baselines", "nul", "a\\nb"] {
        project.file("named.toml", format!("name = \"{name}\"\n{XOR}"));
        project.run(&["run", "named.toml"]).error(2, &["`name` cannot be", "named.toml:1"]);
    }
    for file in ["...toml", ".toml", "..toml", "baselines.toml"] {
        project.file(file, XOR);
        for command in ["run", "plan", "report", "bless"] {
            project.run(&[command, file]).error(2, &["name = "]);
        }
        project.run(&["run", file, "--set", "name=fine"]).well();
    }
    assert!(!project.path("runs.sqlite").exists() && !project.path("results/runs.sqlite").exists());
}

#[test]
fn a_file_is_the_same_however_its_path_is_written() {
    let project = project();
    project.run(&["run", "a/x.toml"]).well();
    let absolute = project.path("a/x.toml");
    is_same_file(project.run(&["run", "./a/x.toml"]));
    is_same_file(project.run(&["run", "a/../a/x.toml"]));
    is_same_file(project.run(&["run", absolute.to_str().unwrap()]));
    is_same_file(
        project
            .command(&["run", "x.toml", "--results", "../results"])
            .current_dir(project.path("a"))
            .output()
            .unwrap()
            .into(),
    );
    std::os::unix::fs::symlink(project.path("a"), project.path("link")).unwrap();
    is_same_file(project.run(&["run", "link/x.toml"]));
    std::os::unix::fs::symlink(project.path("results"), project.path("other")).unwrap();
    is_same_file(project.run(&["run", "a/x.toml", "--results", "other"]));
}

/// Linux takes any bytes as a name.
#[test]
#[cfg(target_os = "linux")]
fn a_name_that_is_no_text_is_a_name() {
    use std::os::unix::ffi::OsStrExt;
    let project = Project::new();
    let name = std::ffi::OsStr::from_bytes(b"x\xff.toml");
    let run = |text: String| -> Ended {
        fs::write(project.path("").join(name), text).unwrap();
        project.command(&["run"]).arg(name).output().unwrap().into()
    };
    assert_eq!(run(XOR.to_owned()).well().counts(), (4, 0));
    is_same_file(run(XOR.to_owned()));
    assert_eq!(run(other_runs()).well().counts(), (4, 0));
    assert!(project.path("results").join(std::ffi::OsStr::from_bytes(b"x\xff")).join("report.md").exists());
}

#[test]
fn a_project_may_be_renamed_and_copied() {
    let project = Project::new();
    project.file("p/a/x.toml", XOR);
    let run = |folder: &str| -> Ended {
        project.command(&["run", "a/x.toml"]).current_dir(project.path(folder)).output().unwrap().into()
    };
    run("p").well();
    fs::rename(project.path("p"), project.path("q")).unwrap();
    is_same_file(run("q"));
    // A copy of the folder is reported on, and goes on elsewhere.
    for folder in ["r/results/x", "r/a"] {
        fs::create_dir_all(project.path(folder)).unwrap();
    }
    fs::copy(project.path("q/results/x/runs.sqlite"), project.path("r/results/x/runs.sqlite")).unwrap();
    project.run(&["report", "r/results/x"]).well();
    project.file("r/a/x.toml", XOR);
    is_same_file(run("r"));
    // Another checkout of the same file, with the results of the first.
    let ended: Ended = project
        .command(&["run", "a/x.toml", "--results", "../q/results"])
        .current_dir(project.path("r"))
        .output()
        .unwrap()
        .into();
    assert_eq!(ended.well().counts(), (0, 4));
}

#[test]
fn a_moved_file_that_shares_runs_is_accepted_with_a_line() {
    let project = project();
    project.run(&["run", "a/x.toml"]).well();
    fs::create_dir(project.path("b")).unwrap();
    fs::rename(project.path("a/x.toml"), project.path("b/x.toml")).unwrap();
    let moved = project.run(&["run", "b/x.toml"]).well();
    let lines: Vec<&str> = moved.stderr.lines().filter(|line| line.contains("belongs to")).collect();
    assert!(lines.len() == 1 && lines[0].contains("4 of 4 runs are on record"), "{moved:?}");
    is_same_file(project.run(&["run", "b/x.toml"]));
    // Moved and changed.
    fs::remove_file(project.path("b/x.toml")).unwrap();
    project.file("c/x.toml", more_runs());
    let moved = project.run(&["run", "c/x.toml"]).well();
    assert!(moved.stderr.contains("c/x.toml, earlier to b/x.toml: 4 of 6 runs are on record"), "{moved:?}");
    // Nothing in common.
    fs::remove_file(project.path("c/x.toml")).unwrap();
    project.file("d/x.toml", other_runs());
    project.run(&["run", "d/x.toml"]).error(2, &[ANOTHER, "c/x.toml"]);
}

#[test]
fn a_changed_file_keeps_its_folder() {
    let project = project();
    project.run(&["run", "a/x.toml"]).well();
    let changed = project.run(&["run", "a/x.toml", "--set", "seeds=3"]).well();
    assert!(
        changed.stderr.contains(
            "the plan of a/x.toml has changed since its last run, `chainrule run a/x.toml`: 4 of 6"
        ),
        "{changed:?}"
    );
    project.file("a/x.toml", other_runs());
    assert_eq!(project.run(&["run", "a/x.toml"]).well().counts(), (4, 0));
}

#[test]
fn report_reads_the_file() {
    let project = project();
    project.run(&["run", "a/x.toml"]).well();
    project.file("a/x.toml", XOR.replace("[grid]", "[grid"));
    project.run(&["report", "a/x.toml"]).error(2, &["not valid TOML", "a/x.toml"]);
    project.file("a/x.toml", format!("{XOR}\n[analysis]\nmetric = \"validation_loss\"\n"));
    project.run(&["report", "a/x.toml"]).error(2, &["not measured", "a/x.toml"]);
    fs::remove_file(project.path("a/x.toml")).unwrap();
    project.run(&["report", "a/x.toml"]).error(
        2,
        &["there is no experiment file or results folder `a/x.toml`", "chainrule report results/x"],
    );

    let claim = "\n[[claim]]\ntext = \"The loss is finite\"\nmetric = \"train_loss\"\nat_most = 9.0\nof = \"every\"\n";
    project.file(
        "a/x.toml",
        format!("{}{claim}", XOR.replace("Whose results are these?", "What is asked now?")),
    );
    let ended = project.run(&["report", "a/x.toml"]).well();
    assert!(ended.stdout.contains("The loss is finite"), "{ended:?}");
    assert!(report(&project).contains("What is asked now?"));
    // The folder still holds the experiment as it was run.
    project.run(&["report", "results/x"]).well();
    assert!(
        report(&project).contains("Whose results are these?")
            && !report(&project).contains("The loss is finite")
    );
}

#[test]
fn report_of_a_changed_grid_counts_the_missing_runs() {
    let project = project();
    project.run(&["run", "a/x.toml"]).well();
    project.file("a/x.toml", more_runs());
    let ended = project.run(&["report", "a/x.toml"]).well();
    assert!(ended.stdout.contains("2 of 6 runs planned are not on record"), "{ended:?}");
    assert!(
        ended.stderr.contains("its last run, `chainrule run a/x.toml`: 4 of 6 runs are on record"),
        "{ended:?}"
    );
    project.file("a/x.toml", XOR.replace("[0.1, 0.2]", "[0.2]"));
    let ended = project.run(&["report", "a/x.toml"]).well();
    assert!(!ended.stdout.contains("not on record"), "{ended:?}");
    assert_eq!(project.table("x", "runs.csv").len(), 1 + 2);
    project.file("a/x.toml", other_runs());
    let before = report(&project);
    project.run(&["report", "a/x.toml"]).error(
        2,
        &["none of the 4 runs of a/x.toml is on record in results/x", "chainrule report results/x"],
    );
    assert_eq!(before, report(&project));
    // As it was, with an option.
    project.run(&["report", "a/x.toml", "--set", "epochs=5"]).well();
    assert_eq!(project.table("x", "runs.csv").len(), 1 + 4);
    project.run(&["report", "results/x", "--set", "epochs=5"]).error(2, &["results/x is a results folder"]);
}

const TABLE: &str = r#"
question = "Are the data needed?"
seeds = 2

[data]
dataset = { csv = { path = "t.csv", target = "y", task = "TASK" } }
validation = 0.25
test = 0.25

[train]
epochs = 3
batch_size = "full"
"#;

#[test]
fn report_works_without_the_data() {
    for task in ["classes", "regression"] {
        let project = Project::new();
        let rows: String = (0..24).map(|i| format!("{},{},{}\n", i % 7, i * i % 5, i % 2)).collect();
        project.file("data/t.csv", format!("a,b,y\n{rows}"));
        let text = TABLE.replace("TASK", task);
        project.file("t.toml", &text);
        project.run(&["run", "t.toml"]).well();
        project.run(&["report", "t.toml"]).well();
        let with_data = fs::read_to_string(project.path("results/t/report.md")).unwrap();
        fs::remove_file(project.path("data/t.csv")).unwrap();
        let ended = project.run(&["report", "t.toml"]).well();
        let lines: Vec<&str> = ended
            .stderr
            .lines()
            .filter(|line| line.contains("using the recorded digest and sizes of `csv`"))
            .collect();
        assert_eq!(lines.len(), 1, "{ended:?}");
        assert_eq!(with_data, fs::read_to_string(project.path("results/t/report.md")).unwrap(), "{task}");
        // A division that no run has.
        project.file(
            "t.toml",
            format!("{}\n[grid]\nvalidation = [0.25, 0.5]\n", text.replace("validation = 0.25\n", "")),
        );
        let ended = project.run(&["report", "t.toml"]).well();
        assert!(ended.stdout.contains("2 of 4 runs planned are not on record"), "{ended:?}");
        // Errors in the file are also found without the data, and other data are unknown.
        project.file("t.toml", format!("{text}output = \"softmax\"\n").replace("classes", "regression"));
        project.run(&["report", "t.toml"]).error(2, &["t.toml"]);
        project.file("t.toml", text.replace("t.csv", "u.csv"));
        project.run(&["report", "t.toml"]).error(2, &["u.csv"]);
        // Runs need their data.
        project.file("t.toml", &text);
        project.run(&["run", "t.toml"]).error(2, &["t.csv"]);
    }
}

/// 150 runs end at once; those that follow would take hours.
const STUCK: &str = "epochs=[20, 1000000000]";

#[test]
fn a_folder_is_reported_on_while_runs_are_made_and_after_a_kill() {
    let project = Project::new();
    project.file(
        "few.toml",
        XOR.replace("seeds = 2", "seeds = 75").replace("epochs = 5\n", "evaluate_every = 10\n"),
    );
    let mut child = project.spawn(&["run", "few.toml", "--threads", "2", "--set", STUCK]);
    project.wait_for_runs("few", 75, &mut child);
    let unfinished = |what: &[&str]| {
        let ended = project.run(what).well();
        assert!(ended.stdout.contains("planned are not on record"), "{ended:?}");
        assert!(fs::read_to_string(project.path("results/few/report.md")).unwrap().contains("unfinished"));
    };
    unfinished(&["report", "few.toml", "--set", STUCK]);
    unfinished(&["report", "results/few"]);
    child.kill().unwrap();
    child.wait().unwrap();
    unfinished(&["report", "results/few"]);
    unfinished(&["report", "few.toml", "--set", STUCK]);
    project.run(&["run", "few.toml", "--set", "epochs=20"]).well();
    let report = fs::read_to_string(project.path("results/few/report.md")).unwrap();
    assert!(!report.contains("unfinished"), "{report}");
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// The files that may name this machine: the manifest, which `runs.sqlite` contains too.
const MAY_NAME: [&str; 2] = ["manifest.json", "runs.sqlite"];

#[track_caller]
fn names_nobody(folder: &Path, secrets: &[&str]) {
    let files = files(folder);
    assert!(files.len() > 5, "{files:?}");
    for file in files.iter().filter(|file| !MAY_NAME.iter().any(|name| file.ends_with(name))) {
        let bytes = fs::read(file).unwrap();
        for secret in secrets {
            let is_there = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!is_there, "{} holds {secret}", chainrule_record::text::shown(file));
        }
    }
}

#[test]
fn tables_weights_and_reports_name_neither_folders_nor_the_user() {
    let project = Project::new();
    let rows: String = (0..24).map(|i| format!("{},{},{}\n", i % 7, i * i % 5, i % 2)).collect();
    project.file("adalovelace/tables/t.csv", format!("a,b,y\n{rows}"));
    project.file("adalovelace/other/t.csv", format!("a,b,y\n1,2,0\n{rows}"));
    let table = |folder: &str| {
        let path = project.path(&format!("adalovelace/{folder}/t.csv"));
        format!("{{ csv = {{ path = {:?}, target = \"y\" }} }}", path.to_str().unwrap())
    };
    let tables = format!("[{}, {}]", table("tables"), table("other"));
    let text = TABLE.replace(
        "[data]\ndataset = { csv = { path = \"t.csv\", target = \"y\", task = \"TASK\" } }",
        "[data]",
    );
    project.file(
        "adalovelace/x.toml",
        format!("{text}\n[grid]\ndataset = {tables}\nlearning_rate = [0.1, 0.01]\n"),
    );
    project.file("adalovelace/w.toml", format!("{XOR}save_weights = [true]\n"));
    let path = |name: &str| project.path(&format!("adalovelace/{name}")).to_str().unwrap().to_owned();
    let outside = project.path("elsewhere");
    fs::create_dir(&outside).unwrap();
    let run = |words: &[&str]| -> Ended {
        let mut command = project.command(words);
        let named = command.current_dir(&outside).env("USER", "adalovelace").env("LOGNAME", "adalovelace");
        named.env("TZ", "UTC-9:30").env("HOME", project.path("adalovelace")).output().unwrap().into()
    };
    for results in ["before", "after"] {
        let results = path(results);
        run(&["run", &path("x.toml"), "--results", &results, "--svg"]).well();
        run(&["run", &path("w.toml"), &format!("--results={results}"), "--set", "name=w"]).well();
        let one = format!("dataset={}", table("tables"));
        run(&["run", &path("x.toml"), "--results", &results, "--set", "name=one", "--set", &one]).well();
        run(&["report", &path("x.toml"), "--results", &results]).well();
    }
    for name in ["x", "w"] {
        let [first, second] = ["before", "after"].map(|results| path(&format!("{results}/{name}")));
        run(&["compare", &first, &second, "--output", &path(&format!("both-{name}"))]).well();
    }
    let folder = project.path("").to_str().unwrap().trim_end_matches('/').to_owned();
    let secrets = ["adalovelace", &folder, "+09:30"];
    for written in ["before/x", "before/w", "before/one", "both-x", "both-w"] {
        names_nobody(Path::new(&path(written)), &secrets);
    }
    let report = fs::read_to_string(path("before/x/report.md")).unwrap();
    assert!(report.contains("chainrule run x.toml --results before"), "{report}");
    let compared = fs::read_to_string(path("both-w/report.md")).unwrap();
    assert!(compared.contains("chainrule compare before/w after/w"), "{compared}");
    let datasets: std::collections::BTreeSet<String> = {
        let mut runs = csv::Reader::from_path(path("before/x/runs.csv")).unwrap();
        let column = runs.headers().unwrap().iter().position(|name| name == "dataset").unwrap();
        runs.records().map(|row| row.unwrap()[column].to_owned()).collect()
    };
    assert!(datasets.len() == 2 && datasets.iter().all(|label| label.contains("t.csv#")), "{datasets:?}");
}
