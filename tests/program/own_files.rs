//! Files of others are neither replaced nor removed, and nothing is written through a link.

use crate::project::{Ended, Project, XOR};
use chainrule_record::Digest;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// With a report for each data set.
const SETS: &str = "question = \"On which data?\"\nseeds = 2\ntrain.epochs = 1\n\
                    grid = { dataset = [\"iris\", \"wine\"], learning_rate = [0.01, 0.1] }\n\
                    analysis.compare = \"learning_rate\"\n";

/// The list of the files that are chainrule's.
const LIST: &str = "chainrule.b3";
/// A process number that no process has: the largest one that Linux gives is smaller.
const GONE: u32 = 4_194_999;

fn project() -> Project {
    let project = Project::new();
    project.file("xor.toml", XOR);
    project.file("sets.toml", SETS);
    project
}

/// A project with results of `xor.toml`.
fn with_results() -> Project {
    let project = project();
    project.run(&["run", "xor.toml"]).well();
    project
}

/// Every file below a folder, without following links.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let kind = entry.file_type().unwrap();
        match () {
            () if kind.is_dir() => found.extend(files(&entry.path())),
            () if kind.is_file() => drop(found.insert(entry.path(), fs::read(entry.path()).unwrap())),
            () => drop(found.insert(entry.path(), Vec::new())),
        }
    }
    found
}

/// Changes a file as a user would.
fn edit(project: &Project, name: &str) {
    project.file(name, "mine");
}

fn text(project: &Project, name: &str) -> String {
    fs::read_to_string(project.path(name)).unwrap()
}

/// Nothing was kept instead of a file of the report.
#[track_caller]
fn complete(ended: Ended) -> Ended {
    let ended = ended.well();
    assert!(!ended.stderr.contains("kept") && !ended.stdout.contains("not replaced"), "{ended:?}");
    ended
}

/// The list has every file of ours with its digest, as `b3sum --check` would see it, and no other file.
#[track_caller]
fn is_listed(project: &Project, folder: &str, foreign: &[&str]) {
    let root = project.path(folder);
    let line = |(path, content): (&PathBuf, &Vec<u8>)| {
        format!(
            "{}  {}",
            Digest::of(content),
            chainrule_record::text::shown(path.strip_prefix(&root).unwrap())
        )
    };
    let is_ours = |path: &Path| !["runs.sqlite", LIST].iter().chain(foreign).any(|name| path.ends_with(name));
    let found = files(&root);
    let mut expected: Vec<String> = found.iter().filter(|(path, _)| is_ours(path)).map(line).collect();
    let mut listed: Vec<String> =
        text(project, &format!("{folder}/{LIST}")).lines().map(str::to_owned).collect();
    expected.sort();
    listed.sort();
    assert_eq!(listed, expected);
}

#[test]
fn files_of_users_survive_every_command() {
    let project = with_results();
    project.run(&["run", "sets.toml"]).well();
    project.run(&["run", "xor.toml", "--results", "other", "--set", "epochs=6"]).well();
    let foreign = [
        "notes.csv",
        "plots/my-annotated.png",
        "plots/sub/a.svg",
        "layers/x.csv",
        "my.md",
        "datasets/mine/a.csv",
    ];
    let folders = ["results/xor", "results/sets", "compared"];
    for folder in folders {
        foreign.iter().for_each(|name| edit(&project, &format!("{folder}/{name}")));
    }
    for arguments in [
        &["report", "xor.toml", "--svg"][..],
        &["report", "xor.toml"],
        &["report", "results/xor", "--force"],
        &["run", "xor.toml", "--set", "epochs=6"],
        &["run", "xor.toml"],
        &["run", "sets.toml", "--svg"],
        &["run", "sets.toml", "--set", "dataset=iris"],
        &["report", "results/sets", "--force"],
        &["compare", "results/xor", "other/xor", "--output", "compared", "--svg"],
        &["compare", "results/xor", "other/xor", "--output", "compared", "--force"],
    ] {
        complete(project.run(arguments));
        for (folder, name) in folders.iter().flat_map(|folder| foreign.map(|name| (folder, name))) {
            assert_eq!(text(&project, &format!("{folder}/{name}")), "mine", "{folder}/{name}, {arguments:?}");
        }
    }
    assert!(!project.path("results/sets/datasets/wine").exists(), "a report that is gone is removed");
    assert!(!project.path("compared/plots/seed_spread.svg").exists());
    folders.iter().for_each(|folder| is_listed(&project, folder, &foreign));
}

#[test]
fn a_changed_file_is_kept_and_named_until_it_is_forced() {
    let project = with_results();
    project.run(&["run", "xor.toml", "--results", "other", "--set", "epochs=6"]).well();
    let compare = ["compare", "results/xor", "other/xor", "--output", "results/a b"];
    project.run(&compare).well();
    let cases = [
        ("results/xor", &["report", "xor.toml"][..], "chainrule report xor.toml --force"),
        ("results/xor", &["run", "xor.toml"], "chainrule report results/xor --force"),
        ("results/a b", &compare, "chainrule compare results/xor other/xor --output 'results/a b' --force"),
    ];
    for (folder, arguments, again) in cases {
        let changed = ["report.md", "plots/seed_spread.png"].map(|name| format!("{folder}/{name}"));
        let good = changed.each_ref().map(|name| fs::read(project.path(name)).unwrap());
        changed.iter().for_each(|name| edit(&project, name));
        fs::remove_file(project.path(folder).join("runs.csv")).unwrap();
        for _ in 0..2 {
            let ended = project.run(arguments).well();
            let words = format!("{folder}: kept 2 changed files: plots/seed_spread.png, report.md; ");
            assert!(ended.stderr.contains(&words) && ended.stderr.contains(again), "{ended:?}");
            assert!(
                ended.stdout.contains("not replaced: 2 files") && ended.stdout.contains(again),
                "{ended:?}"
            );
            changed.iter().for_each(|name| assert_eq!(text(&project, name), "mine"));
            assert!(project.path(folder).join("runs.csv").exists(), "the rest of the report is written");
        }
        // The printed command works.
        let script = format!("PATH=\"$(dirname \"$0\"):$PATH\"; {again}");
        let mut typed = Command::new("sh");
        typed.args(["-c", &script, env!("CARGO_BIN_EXE_chainrule")]).current_dir(project.path("."));
        complete(typed.output().unwrap().into());
        assert!(changed.each_ref().map(|name| fs::read(project.path(name)).unwrap()) == good);
        complete(project.run(arguments));
    }
}

#[test]
fn a_changed_file_that_is_not_of_the_report_any_more_stays() {
    let project = project();
    project.run(&["run", "xor.toml", "--svg"]).well();
    edit(&project, "results/xor/plots/seed_spread.svg");
    let ended = project.run(&["report", "xor.toml", "--force"]).well();
    assert!(
        ended.stderr.contains("plots/seed_spread.svg; remove the files that you do not need"),
        "{ended:?}"
    );
    complete(project.run(&["report", "xor.toml", "--force"]));
    assert_eq!(text(&project, "results/xor/plots/seed_spread.svg"), "mine");
    assert!(!project.path("results/xor/plots/convergence.svg").exists());
}

/// Earlier versions kept no list.
#[test]
fn files_of_a_folder_from_before_are_kept_and_named_once() {
    let project = with_results();
    let ours = files(&project.path("results/xor"));
    fs::remove_file(project.path("results/xor").join(LIST)).unwrap();
    let older =
        ["manifest.json", "plots/convergence.csv", "plots/convergence.png", "report.html", "report.md"];
    let stale = ["layers.csv", "plots/map_delta_rms.png"];
    older.iter().chain(&stale).for_each(|name| edit(&project, &format!("results/xor/{name}")));
    let first = project.run(&["report", "xor.toml"]).well();
    let words = format!("kept {} files not listed in {LIST} (earlier versions had no list): ", older.len());
    assert!(first.stderr.contains(&words), "{first:?}");
    assert!(older.iter().chain(&stale).all(|name| first.stderr.contains(name)), "{first:?}");
    assert!(first.stderr.contains("then: chainrule report xor.toml --force\n"), "{first:?}");
    let second = project.run(&["report", "xor.toml"]).well();
    assert_eq!(second.stderr, "", "named once");
    assert!(
        second
            .stdout
            .contains("not replaced: 5 files; rename the files that you need, then: chainrule report")
    );
    older
        .iter()
        .chain(&stale)
        .for_each(|name| assert_eq!(text(&project, &format!("results/xor/{name}")), "mine"));
    complete(project.run(&["report", "xor.toml", "--force"]));
    let mut now = files(&project.path("results/xor"));
    for name in stale {
        assert_eq!(
            now.remove(&project.path("results/xor").join(name)).unwrap(),
            b"mine",
            "nothing is removed"
        );
    }
    let same = |name: &PathBuf| name.ends_with(LIST) || now[name] == ours[name];
    assert!(now.keys().eq(ours.keys()) && ours.keys().all(same));
    complete(project.run(&["report", "xor.toml"]));
}

#[test]
fn a_damaged_list_is_said_and_costs_no_file() {
    let project = with_results();
    let list = project.path("results/xor").join(LIST);
    let good = fs::read_to_string(&list).unwrap();
    let line = good.lines().find(|line| line.ends_with("  report.md")).unwrap();
    let all = format!("{} lines ", good.lines().count());
    for (damaged, lines) in [
        (good.replace(line, &line[1..]), "1 line "),
        (good.replace(line, &line.replace("  report", " report")), "1 line "),
        (good.replace("  ", "  ../"), all.as_str()),
        ("\0\n".repeat(3), "3 lines "),
    ] {
        edit(&project, "results/xor/report.md");
        fs::write(&list, damaged).unwrap();
        let ended = project.run(&["report", "xor.toml"]).well();
        assert!(ended.stderr.contains(&format!("results/xor/{LIST}: {lines}cannot be read")), "{ended:?}");
        assert!(ended.stderr.contains("report.md"), "{ended:?}");
        assert_eq!(text(&project, "results/xor/report.md"), "mine");
        complete(project.run(&["report", "xor.toml", "--force"]));
        is_listed(&project, "results/xor", &[]);
    }
}

/// A folder somewhere else, to which a link leads, with files that have the names of ours.
fn elsewhere(project: &Project) -> BTreeMap<PathBuf, Vec<u8>> {
    for name in ["a.png", "convergence.png", "report.md", "iris/report.md", "iris/plots/a.png", "plots/a.csv"]
    {
        edit(project, &format!("elsewhere/{name}"));
    }
    files(&project.path("elsewhere"))
}

#[test]
fn nothing_is_written_or_removed_through_a_linked_folder() {
    let project = project();
    project.run(&["run", "xor.toml", "--results", "other", "--set", "epochs=6"]).well();
    project.run(&["run", "xor.toml"]).well();
    project.run(&["run", "sets.toml"]).well();
    let compare = ["compare", "results/xor", "other/xor", "--output", "compared", "--force"];
    project.run(&compare).well();
    let before = elsewhere(&project);
    for (link, file, folder) in [
        ("plots", "xor.toml", "results/xor"),
        ("datasets", "sets.toml", "results/sets"),
        ("plots", "", "compared"),
    ] {
        let link = project.path(folder).join(link);
        fs::rename(&link, project.path("aside")).unwrap();
        symlink(project.path("elsewhere"), &link).unwrap();
        let there = files(&project.path(folder));
        let words = [
            "is a symbolic link, and chainrule does not write or remove through links\nremove or rename the link\n",
        ];
        match file {
            "" => drop(project.run(&compare).error(3, &words)),
            file => {
                project.run(&["run", file, "--force"]).error(2, &words);
                project.run(&["report", file, "--force"]).error(3, &words);
            }
        }
        assert!(files(&project.path("elsewhere")) == before, "{}", chainrule_record::text::shown(&link));
        assert!(files(&project.path(folder)) == there, "{}", chainrule_record::text::shown(&link));
        fs::remove_file(&link).unwrap();
        fs::rename(project.path("aside"), &link).unwrap();
    }
    // One data set alone.
    let link = project.path("results/sets/datasets/iris");
    fs::remove_dir_all(&link).unwrap();
    symlink(project.path("elsewhere/iris"), &link).unwrap();
    project.run(&["report", "sets.toml", "--force"]).error(3, &["datasets/iris is a symbolic link"]);
    assert!(files(&project.path("elsewhere")) == before);
}

#[test]
fn links_and_folders_in_the_place_of_files_are_kept_and_named() {
    let project = with_results();
    edit(&project, "elsewhere.md");
    let replace = |name: &str| fs::remove_file(project.path("results/xor").join(name)).unwrap();
    replace("report.md");
    symlink("../../elsewhere.md", project.path("results/xor/report.md")).unwrap();
    replace("plots/convergence.png");
    symlink("nowhere.png", project.path("results/xor/plots/convergence.png")).unwrap();
    replace("summary.csv");
    edit(&project, "results/xor/summary.csv/mine");
    for force in [&[][..], &["--force"]] {
        let ended = project.run(&[&["report", "xor.toml"], force].concat()).well();
        for words in [
            "2 symbolic links, because",
            ": plots/convergence.png, report.md; remove",
            "folder",
            ": summary.csv; ",
        ] {
            assert!(ended.stderr.contains(words), "{ended:?}");
        }
        assert!(
            ended.stdout.contains("not replaced: 3 whose names are taken by links or folders"),
            "{ended:?}"
        );
        assert_eq!(
            (text(&project, "elsewhere.md"), text(&project, "results/xor/summary.csv/mine")),
            ("mine".into(), "mine".into())
        );
        assert!(!project.path("results/xor/plots/nowhere.png").exists());
    }
}

/// A results folder on another disk is a usual thing, and the user named it.
#[test]
fn the_results_folder_itself_may_be_a_link() {
    let project = project();
    for link in ["results", "results/xor"] {
        edit(&project, "disk/notes.csv");
        fs::create_dir_all(project.path(link).parent().unwrap()).unwrap();
        symlink(project.path("disk"), project.path(link)).unwrap();
        complete(project.run(&["run", "xor.toml"]));
        complete(project.run(&["report", "xor.toml"]));
        assert_eq!(text(&project, "disk/notes.csv"), "mine");
        fs::remove_file(project.path(link)).unwrap();
        fs::remove_dir_all(project.path("disk")).unwrap();
    }
}

/// Both commands could not write, and say so by their exit codes.
#[test]
fn a_report_that_cannot_be_written_ends_with_3() {
    let project = with_results();
    project.run(&["run", "xor.toml", "--results", "other", "--set", "epochs=6"]).well();
    let compare = ["compare", "results/xor", "other/xor", "--output", "compared"];
    project.file("compared/plots", "a file");
    project
        .run(&compare)
        .error(3, &["compared/plots is not a folder, but a folder is needed\nmove it away\n"]);
    assert_eq!(text(&project, "compared/plots"), "a file");
    // A limit on the size of files simulates a full disk.
    let limited = |command: &str| -> Ended {
        let script = format!(r#"trap '' XFSZ; ulimit -f 1; exec "$0" {command}"#);
        let mut limited = Command::new("sh");
        limited.args(["-c", &script, env!("CARGO_BIN_EXE_chainrule")]).current_dir(project.path("."));
        limited.output().unwrap().into()
    };
    let before = text(&project, "results/xor/report.md");
    limited("report xor.toml").error(3, &["cannot write", "File too large", "report on the copy"]);
    limited("compare results/xor other/xor").error(3, &["cannot write", "File too large", "--output DIR"]);
    assert_eq!(text(&project, "results/xor/report.md"), before);
    let left = files(&project.path("results"));
    assert!(
        !left.keys().any(|path| chainrule_record::text::shown(path).contains("partial")),
        "{:?}",
        left.keys()
    );
    complete(project.run(&["report", "xor.toml"]));
}

/// Wherever a kill hits, the next report knows its files and leaves none of the killed one.
#[test]
fn killed_reports_leave_no_file_that_is_not_known() {
    let project = with_results();
    let mut kills = 0;
    for milliseconds in 0..40 {
        let svg = if milliseconds % 2 == 0 { "--svg" } else { "--quiet" };
        let mut child = project.spawn(&["report", "xor.toml", svg]);
        std::thread::sleep(Duration::from_millis(milliseconds * 5));
        kills += usize::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
    }
    println!("{kills} reports were killed");
    complete(project.run(&["report", "xor.toml"]));
    is_listed(&project, "results/xor", &[]);
}

#[test]
fn reports_at_the_same_time_know_each_others_files() {
    let project = with_results();
    for _ in 0..3 {
        let reports = [0; 4].map(|_| project.spawn(&["report", "xor.toml"]));
        reports.into_iter().for_each(|child| drop(complete(child.wait_with_output().unwrap().into())));
        is_listed(&project, "results/xor", &[]);
    }
}

#[test]
fn leftovers_of_killed_processes_are_removed_and_no_others() {
    let project = with_results();
    let weights = "ab".repeat(32);
    let left = [
        format!("report.partial-{GONE}.md"),
        format!("plots/convergence.partial-{GONE}.png"),
        format!("weights/{weights}.partial-{GONE}.safetensors"),
        format!("weights/{weights}.{GONE}.tmp"),
    ];
    let others = [
        format!("mine.partial-{GONE}.md"),
        format!("weights/mine.{GONE}.tmp"),
        format!("report.partial-{}.md", std::process::id()),
    ];
    left.iter().chain(&others).for_each(|name| edit(&project, &format!("results/xor/{name}")));
    let path = |name: &String| project.path("results/xor").join(name);
    symlink(project.path("xor.toml"), path(&format!("runs.partial-{GONE}.csv"))).unwrap();
    complete(project.run(&["run", "xor.toml"]));
    assert!(!left.iter().any(|name| path(name).exists()), "{:?}", files(&project.path("results/xor")).keys());
    assert!(others.iter().all(|name| path(name).exists()), "another file, or a process that is alive");
    assert!(path(&format!("runs.partial-{GONE}.csv")).is_symlink());
}

/// A rerun does not overwrite weights that somebody changed, and finds its own.
#[test]
fn changed_weights_are_renamed() {
    let project = project();
    let run = ["run", "xor.toml", "--set", "save_weights=true"];
    complete(project.run(&run));
    is_listed(&project, "results/xor", &[]);
    let weights = files(&project.path("results/xor/weights"));
    let again = || {
        fs::remove_file(project.path("results/xor/runs.sqlite")).unwrap();
        project.run(&run).well()
    };
    let ended = again();
    assert!(!ended.stderr.contains("WARN"), "{ended:?}");
    // Without the list, the digests in the files prove them.
    fs::remove_file(project.path("results/xor").join(LIST)).unwrap();
    assert!(!again().stderr.contains("renamed"));
    let (changed, good) = weights.first_key_value().unwrap();
    fs::write(changed, "mine").unwrap();
    let (name, aside) = (changed.file_name().unwrap(), changed.with_extension("changed.safetensors"));
    let words = format!("{} is not as chainrule wrote it; renamed it to ", name.to_str().unwrap());
    let ended = again();
    assert!(ended.stderr.contains(&words), "{ended:?}");
    assert_eq!((fs::read(changed).unwrap(), fs::read(aside).unwrap()), (good.clone(), b"mine".to_vec()));
}

#[test]
fn predictions_overwrite_nothing_but_predictions() {
    let project = project();
    project.file("data/points.csv", "x,y,animal\n1,2,cat\n2,1,dog\n3,1,cat\n1,3,dog\n");
    let dataset = "dataset={ csv = { path = \"points.csv\" } }";
    project.run(&["run", "xor.toml", "--set", "save_weights=true", "--set", dataset]).well();
    let (weights, _) = files(&project.path("results/xor/weights")).pop_first().unwrap();
    let weights = weights.to_str().unwrap();
    symlink(weights, project.path("link.csv")).unwrap();
    fs::hard_link(weights, project.path("hard.csv")).unwrap();
    symlink("new.csv", project.path("dangling.csv")).unwrap();
    project.file("notes.csv", "mine");
    let before = files(&project.path("."));
    for (path, words) in [
        (weights, "is the weights file that is evaluated"),
        ("link.csv", "is the weights file that is evaluated"),
        ("hard.csv", "is the weights file that is evaluated"),
        ("results/../data/points.csv", "is a file of the data set that is evaluated"),
        ("xor.toml", "exists already and is not a table of predictions"),
        ("notes.csv", "exists already and is not a table of predictions"),
        ("dangling.csv", "is a symbolic link, and nothing is written through a link"),
        ("data", "is not a file, but a file must be written"),
    ] {
        let help = "name another file";
        project.run(&["evaluate", weights, "--predictions", path]).error(2, &[path, words, help]);
        assert!(files(&project.path(".")) == before, "{path}");
    }
    let predict = |path: &str| project.run(&["evaluate", weights, "--predictions", path]).well();
    project.file("new.csv", "");
    predict("new.csv");
    let table = text(&project, "new.csv");
    assert!(table.starts_with("part,index,target,"), "{table}");
    project.file("new.csv", "part,index,target\nan earlier one");
    predict("new.csv");
    assert_eq!(text(&project, "new.csv"), table);
    // A device or a pipe is written to, not replaced.
    assert!(predict("/dev/stdout").stdout.starts_with(&table));
}

#[test]
fn a_baseline_overwrites_nothing_but_a_baseline() {
    let project = project();
    project.file("data/xor.csv", "x,y\n1,2\n");
    project
        .run(&["bless", "xor.toml", "--baselines", "data"])
        .error(2, &["data/xor.csv exists already", "--baselines"]);
    assert_eq!(text(&project, "data/xor.csv"), "x,y\n1,2\n");
    assert!(!project.path("results").exists(), "before anything is run");
    edit(&project, "theirs.csv");
    fs::create_dir_all(project.path("linked")).unwrap();
    symlink("../theirs.csv", project.path("linked/xor.csv")).unwrap();
    project
        .run(&["bless", "xor.toml", "--baselines", "linked"])
        .error(2, &["linked/xor.csv is a symbolic link"]);
    assert_eq!(text(&project, "theirs.csv"), "mine");
    project.file(&format!("baselines/xor.partial-{GONE}.csv"), "half");
    project.run(&["bless", "xor.toml", "--baselines", "baselines"]).well();
    project.run(&["bless", "xor.toml", "--baselines", "baselines"]).well();
    assert_eq!(files(&project.path("baselines")).len(), 1, "the leftover is gone");
}

#[test]
fn the_reference_and_new_experiments_overwrite_nothing() {
    let project = project();
    edit(&project, "docs/loss.md");
    project
        .run(&["reference", "docs"])
        .error(2, &["docs/loss.md exists already and is not a page of the reference"]);
    assert_eq!(files(&project.path("docs")).len(), 1, "nothing was written");
    project.run(&["reference", "pages"]).well();
    project.run(&["reference", "pages"]).well();
    edit(&project, "theirs");
    fs::remove_file(project.path("pages/loss.md")).unwrap();
    symlink("../nowhere", project.path("pages/loss.md")).unwrap();
    project.run(&["reference", "pages"]).error(2, &["pages/loss.md is a symbolic link"]);
    fs::create_dir(project.path("experiments")).unwrap();
    symlink("../nowhere", project.path("experiments/mine.toml")).unwrap();
    project.run(&["new", "mine"]).error(2, &["experiments/mine.toml exists already"]);
    assert!(!project.path("nowhere").exists());
}
