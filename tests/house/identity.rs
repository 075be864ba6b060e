//! A results folder belongs to one experiment file, and `report FILE` is about that file as it is now.

use crate::program::{Ended, House, XOR};
use std::fs;
use std::path::Path;

const ANOTHER: &str = "holds the results of another experiment file";

fn house() -> House {
    let house = House::new();
    house.file("a/x.toml", XOR);
    house
}

/// The experiment with other runs: not one of them is in the first.
fn other_runs() -> String {
    XOR.replace("epochs = 5", "epochs = 6")
}

/// One run more for each seed.
fn more_runs() -> String {
    XOR.replace("[0.1, 0.2]", "[0.1, 0.2, 0.3]")
}

fn report(house: &House) -> String {
    fs::read_to_string(house.path("results/x/report.md")).unwrap()
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
        let house = house();
        house.file("b/x.toml", second);
        house.run(&["bless", "a/x.toml"]).well();
        house.run(&["run", "a/x.toml"]).well();
        let before = (report(&house), house.wall_times("x"));
        let words = [ANOTHER, "a/x.toml", "--results DIR", "name = ", "b/x.toml"];
        for command in [
            &["run", "b/x.toml"][..],
            &["run", "b/x.toml", "--retry"],
            &["report", "b/x.toml"],
            &["bless", "b/x.toml"],
            &["check", "b/x.toml", "--stored"],
        ] {
            house.run(command).error(2, &words);
        }
        let plan = house.run(&["plan", "b/x.toml"]).well();
        assert!(plan.stdout.contains(ANOTHER), "{plan:?}");
        assert!(before == (report(&house), house.wall_times("x")), "the first results are as they were");
        // Both ways out.
        house.run(&["run", "b/x.toml", "--results", "other"]).well();
        house.run(&["run", "b/x.toml", "--set", "name=y"]).well();
        assert!(house.path("other/x/report.md").exists() && house.path("results/y/report.md").exists());
    }
}

#[test]
fn a_name_chooses_the_folder_and_the_baseline_and_no_run() {
    let house = house();
    house.run(&["run", "a/x.toml"]).well();
    house.file("b/x.toml", format!("name = \"second\"\n{XOR}"));
    house.run(&["bless", "b/x.toml"]).well();
    house.run(&["check", "b/x.toml", "--stored"]).well();
    house.run(&["report", "b/x.toml"]).well();
    assert!(house.path("results/baselines/second.csv").exists());
    assert!(fs::read_to_string(house.path("results/second/report.md")).unwrap().starts_with("# second\n"));
    let ids = |name: &str| house.records(name).into_keys().collect::<Vec<_>>();
    assert_eq!(ids("x"), ids("second"), "the name is no part of a run");
}

#[test]
fn names_that_are_no_plain_folder_are_errors() {
    let house = house();
    for name in ["../x", "a/b", "", ".", "baselines", "Baselines", "nul", "a\\nb"] {
        house.file("named.toml", format!("name = \"{name}\"\n{XOR}"));
        house.run(&["run", "named.toml"]).error(2, &["`name` cannot be", "named.toml:1"]);
    }
    for file in ["...toml", ".toml", "..toml", "baselines.toml"] {
        house.file(file, XOR);
        for command in ["run", "plan", "report", "bless"] {
            house.run(&[command, file]).error(2, &["name = "]);
        }
        house.run(&["run", file, "--set", "name=fine"]).well();
    }
    assert!(!house.path("runs.sqlite").exists() && !house.path("results/runs.sqlite").exists());
}

#[test]
fn a_file_is_the_same_however_its_path_is_written() {
    let house = house();
    house.run(&["run", "a/x.toml"]).well();
    let absolute = house.path("a/x.toml");
    is_same_file(house.run(&["run", "./a/x.toml"]));
    is_same_file(house.run(&["run", "a/../a/x.toml"]));
    is_same_file(house.run(&["run", absolute.to_str().unwrap()]));
    is_same_file(
        house
            .command(&["run", "x.toml", "--results", "../results"])
            .current_dir(house.path("a"))
            .output()
            .unwrap()
            .into(),
    );
    std::os::unix::fs::symlink(house.path("a"), house.path("link")).unwrap();
    is_same_file(house.run(&["run", "link/x.toml"]));
    std::os::unix::fs::symlink(house.path("results"), house.path("other")).unwrap();
    is_same_file(house.run(&["run", "a/x.toml", "--results", "other"]));
}

/// Linux takes any bytes as a name.
#[test]
#[cfg(target_os = "linux")]
fn a_name_that_is_no_text_is_a_name() {
    use std::os::unix::ffi::OsStrExt;
    let house = House::new();
    let name = std::ffi::OsStr::from_bytes(b"x\xff.toml");
    let run = |text: String| -> Ended {
        fs::write(house.path("").join(name), text).unwrap();
        house.command(&["run"]).arg(name).output().unwrap().into()
    };
    assert_eq!(run(XOR.to_owned()).well().counts(), (4, 0));
    is_same_file(run(XOR.to_owned()));
    assert_eq!(run(other_runs()).well().counts(), (4, 0));
    assert!(house.path("results").join(std::ffi::OsStr::from_bytes(b"x\xff")).join("report.md").exists());
}

#[test]
fn a_project_may_be_renamed_and_copied() {
    let house = House::new();
    house.file("p/a/x.toml", XOR);
    let run = |project: &str| -> Ended {
        house.command(&["run", "a/x.toml"]).current_dir(house.path(project)).output().unwrap().into()
    };
    run("p").well();
    fs::rename(house.path("p"), house.path("q")).unwrap();
    is_same_file(run("q"));
    // A copy of the folder is reported on, and goes on elsewhere.
    for folder in ["r/results/x", "r/a"] {
        fs::create_dir_all(house.path(folder)).unwrap();
    }
    fs::copy(house.path("q/results/x/runs.sqlite"), house.path("r/results/x/runs.sqlite")).unwrap();
    house.run(&["report", "r/results/x"]).well();
    house.file("r/a/x.toml", XOR);
    is_same_file(run("r"));
    // Another checkout of the same file, with the results of the first.
    let ended: Ended = house
        .command(&["run", "a/x.toml", "--results", "../q/results"])
        .current_dir(house.path("r"))
        .output()
        .unwrap()
        .into();
    assert_eq!(ended.well().counts(), (0, 4));
}

#[test]
fn a_moved_file_that_shares_runs_is_accepted_with_a_line() {
    let house = house();
    house.run(&["run", "a/x.toml"]).well();
    fs::create_dir(house.path("b")).unwrap();
    fs::rename(house.path("a/x.toml"), house.path("b/x.toml")).unwrap();
    let moved = house.run(&["run", "b/x.toml"]).well();
    let lines: Vec<&str> = moved.stderr.lines().filter(|line| line.contains("belongs to")).collect();
    assert!(lines.len() == 1 && lines[0].contains("4 of 4 runs are on record"), "{moved:?}");
    is_same_file(house.run(&["run", "b/x.toml"]));
    // Moved and changed.
    fs::remove_file(house.path("b/x.toml")).unwrap();
    house.file("c/x.toml", more_runs());
    let moved = house.run(&["run", "c/x.toml"]).well();
    assert!(moved.stderr.contains("c/x.toml, earlier to b/x.toml: 4 of 6 runs are on record"), "{moved:?}");
    // Nothing in common.
    fs::remove_file(house.path("c/x.toml")).unwrap();
    house.file("d/x.toml", other_runs());
    house.run(&["run", "d/x.toml"]).error(2, &[ANOTHER, "c/x.toml"]);
}

#[test]
fn a_changed_file_keeps_its_folder() {
    let house = house();
    house.run(&["run", "a/x.toml"]).well();
    let changed = house.run(&["run", "a/x.toml", "--set", "seeds=3"]).well();
    assert!(
        changed.stderr.contains(
            "the plan of a/x.toml has changed since its last run, `chainrule run a/x.toml`: 4 of 6"
        ),
        "{changed:?}"
    );
    house.file("a/x.toml", other_runs());
    assert_eq!(house.run(&["run", "a/x.toml"]).well().counts(), (4, 0));
}

#[test]
fn report_reads_the_file() {
    let house = house();
    house.run(&["run", "a/x.toml"]).well();
    house.file("a/x.toml", XOR.replace("[grid]", "[grid"));
    house.run(&["report", "a/x.toml"]).error(2, &["not valid TOML", "a/x.toml"]);
    house.file("a/x.toml", format!("{XOR}\n[analysis]\nmetric = \"validation_loss\"\n"));
    house.run(&["report", "a/x.toml"]).error(2, &["not measured", "a/x.toml"]);
    fs::remove_file(house.path("a/x.toml")).unwrap();
    house.run(&["report", "a/x.toml"]).error(
        2,
        &["there is no experiment file or results folder `a/x.toml`", "chainrule report results/x"],
    );

    let claim = "\n[[claim]]\ntext = \"The loss is finite\"\nmetric = \"train_loss\"\nat_most = 9.0\nof = \"every\"\n";
    house.file(
        "a/x.toml",
        format!("{}{claim}", XOR.replace("Whose results are these?", "What is asked now?")),
    );
    let ended = house.run(&["report", "a/x.toml"]).well();
    assert!(ended.stdout.contains("The loss is finite"), "{ended:?}");
    assert!(report(&house).contains("What is asked now?"));
    // The folder still holds the experiment as it was run.
    house.run(&["report", "results/x"]).well();
    assert!(
        report(&house).contains("Whose results are these?") && !report(&house).contains("The loss is finite")
    );
}

#[test]
fn report_of_a_changed_grid_counts_the_missing_runs() {
    let house = house();
    house.run(&["run", "a/x.toml"]).well();
    house.file("a/x.toml", more_runs());
    let ended = house.run(&["report", "a/x.toml"]).well();
    assert!(ended.stdout.contains("2 of 6 runs planned are not on record"), "{ended:?}");
    assert!(
        ended.stderr.contains("its last run, `chainrule run a/x.toml`: 4 of 6 runs are on record"),
        "{ended:?}"
    );
    house.file("a/x.toml", XOR.replace("[0.1, 0.2]", "[0.2]"));
    let ended = house.run(&["report", "a/x.toml"]).well();
    assert!(!ended.stdout.contains("not on record"), "{ended:?}");
    assert_eq!(house.table("x", "runs.csv").len(), 1 + 2);
    house.file("a/x.toml", other_runs());
    let before = report(&house);
    house.run(&["report", "a/x.toml"]).error(
        2,
        &["none of the 4 runs of a/x.toml is on record in results/x", "chainrule report results/x"],
    );
    assert_eq!(before, report(&house));
    // As it was, with an option.
    house.run(&["report", "a/x.toml", "--set", "epochs=5"]).well();
    assert_eq!(house.table("x", "runs.csv").len(), 1 + 4);
    house.run(&["report", "results/x", "--set", "epochs=5"]).error(2, &["results/x is a results folder"]);
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
        let house = House::new();
        let rows: String = (0..24).map(|i| format!("{},{},{}\n", i % 7, i * i % 5, i % 2)).collect();
        house.file("data/t.csv", format!("a,b,y\n{rows}"));
        let text = TABLE.replace("TASK", task);
        house.file("t.toml", &text);
        house.run(&["run", "t.toml"]).well();
        house.run(&["report", "t.toml"]).well();
        let with_data = fs::read_to_string(house.path("results/t/report.md")).unwrap();
        fs::remove_file(house.path("data/t.csv")).unwrap();
        let ended = house.run(&["report", "t.toml"]).well();
        let lines: Vec<&str> = ended
            .stderr
            .lines()
            .filter(|line| line.contains("using the recorded digest and sizes of `csv`"))
            .collect();
        assert_eq!(lines.len(), 1, "{ended:?}");
        assert_eq!(with_data, fs::read_to_string(house.path("results/t/report.md")).unwrap(), "{task}");
        // A division that no run has.
        house.file(
            "t.toml",
            format!("{}\n[grid]\nvalidation = [0.25, 0.5]\n", text.replace("validation = 0.25\n", "")),
        );
        let ended = house.run(&["report", "t.toml"]).well();
        assert!(ended.stdout.contains("2 of 4 runs planned are not on record"), "{ended:?}");
        // Errors in the file are also found without the data, and other data are unknown.
        house.file("t.toml", format!("{text}output = \"softmax\"\n").replace("classes", "regression"));
        house.run(&["report", "t.toml"]).error(2, &["t.toml"]);
        house.file("t.toml", text.replace("t.csv", "u.csv"));
        house.run(&["report", "t.toml"]).error(2, &["u.csv"]);
        // Runs need their data.
        house.file("t.toml", &text);
        house.run(&["run", "t.toml"]).error(2, &["t.csv"]);
    }
}

/// 150 runs end at once; those that follow would take hours.
const STUCK: &str = "epochs=[20, 1000000000]";

#[test]
fn a_folder_is_reported_on_while_runs_are_made_and_after_a_kill() {
    let house = House::new();
    house.file(
        "few.toml",
        XOR.replace("seeds = 2", "seeds = 75").replace("epochs = 5\n", "evaluate_every = 10\n"),
    );
    let mut child = house.spawn(&["run", "few.toml", "--threads", "2", "--set", STUCK]);
    house.wait_for_runs("few", 75, &mut child);
    let unfinished = |what: &[&str]| {
        let ended = house.run(what).well();
        assert!(ended.stdout.contains("planned are not on record"), "{ended:?}");
        assert!(fs::read_to_string(house.path("results/few/report.md")).unwrap().contains("unfinished"));
    };
    unfinished(&["report", "few.toml", "--set", STUCK]);
    unfinished(&["report", "results/few"]);
    child.kill().unwrap();
    child.wait().unwrap();
    unfinished(&["report", "results/few"]);
    unfinished(&["report", "few.toml", "--set", STUCK]);
    house.run(&["run", "few.toml", "--set", "epochs=20"]).well();
    let report = fs::read_to_string(house.path("results/few/report.md")).unwrap();
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
    let house = House::new();
    let rows: String = (0..24).map(|i| format!("{},{},{}\n", i % 7, i * i % 5, i % 2)).collect();
    house.file("adalovelace/tables/t.csv", format!("a,b,y\n{rows}"));
    house.file("adalovelace/other/t.csv", format!("a,b,y\n1,2,0\n{rows}"));
    let table = |folder: &str| {
        let path = house.path(&format!("adalovelace/{folder}/t.csv"));
        format!("{{ csv = {{ path = {:?}, target = \"y\" }} }}", path.to_str().unwrap())
    };
    let tables = format!("[{}, {}]", table("tables"), table("other"));
    let text = TABLE.replace(
        "[data]\ndataset = { csv = { path = \"t.csv\", target = \"y\", task = \"TASK\" } }",
        "[data]",
    );
    house.file(
        "adalovelace/x.toml",
        format!("{text}\n[grid]\ndataset = {tables}\nlearning_rate = [0.1, 0.01]\n"),
    );
    house.file("adalovelace/w.toml", format!("{XOR}save_weights = [true]\n"));
    let path = |name: &str| house.path(&format!("adalovelace/{name}")).to_str().unwrap().to_owned();
    let outside = house.path("elsewhere");
    fs::create_dir(&outside).unwrap();
    let run = |words: &[&str]| -> Ended {
        let mut command = house.command(words);
        let named = command.current_dir(&outside).env("USER", "adalovelace").env("LOGNAME", "adalovelace");
        named.env("TZ", "UTC-9:30").env("HOME", house.path("adalovelace")).output().unwrap().into()
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
    let folder = house.path("").to_str().unwrap().trim_end_matches('/').to_owned();
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
