use super::*;
use crate::is_report_file;
use chainrule_record::folder::{Kept, LIST, Why};
use std::fs;
use std::path::PathBuf;

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("chainrule-output-{name}-{}", std::process::id()));
    drop(fs::remove_dir_all(&folder));
    folder
}

fn leave(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Writes files (files of data sets as separate reports), and returns the kept files.
fn write(path: &Path, files: &[&str]) -> Vec<Kept> {
    let (options, mut silent) = (ReportOptions::default(), |_: &str| {});
    let mut folder = Folder::open(path, false).unwrap();
    let mut output = Output::new(&mut folder, &options, is_report_file, &mut silent);
    for name in files {
        match name.strip_prefix("datasets/").and_then(|rest| rest.split_once('/')) {
            Some((dataset, name)) => {
                output.within(&format!("{DATASETS}/{dataset}")).text(name, "ours").unwrap();
            }
            None => output.text(name, "ours").unwrap(),
        }
    }
    finish(folder, is_report_file).unwrap().kept
}

#[test]
fn stale_files_of_ours_go_and_others_stay() {
    let folder = folder("stale");
    let foreign = ["plots/my-annotated.png", "plots/notes.txt", "plots/other.csv", "notes.csv", "old.csv"];
    foreign.iter().for_each(|name| leave(&folder, name, "mine"));
    let old = ["layers.csv", "plots/sharpness.png", "plots/sharpness.csv", "plots/given_up.png"];
    assert_eq!(write(&folder, &[&old[..], &[REPORT, "plots/convergence.csv"]].concat()), []);
    assert_eq!(write(&folder, &[REPORT, "plots/convergence.csv"]), []);
    assert!(old.iter().all(|name| !folder.join(name).exists()));
    assert!(foreign.iter().all(|name| fs::read_to_string(folder.join(name)).unwrap() == "mine"));
    assert!(folder.join("plots/convergence.csv").exists());
    fs::remove_dir_all(&folder).unwrap();
}

/// Saved weights are listed too, although reports do not write them.
#[test]
fn weights_are_not_stale() {
    let folder = folder("weights");
    Folder::open(&folder, false).unwrap().save("weights/run.safetensors", b"weights", |_| false).unwrap();
    assert_eq!(write(&folder, &[REPORT]), []);
    assert!(folder.join("weights/run.safetensors").exists());
    assert!(fs::read_to_string(folder.join(LIST)).unwrap().contains("  weights/run.safetensors\n"));
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_folder_from_before_is_recognised_by_names() {
    let folder = folder("before");
    let (replaced, stale) =
        ([REPORT, "datasets/iris/report.md"], ["plots/layers_delta_rms.png", "datasets/wine/runs.csv"]);
    let foreign = ["plots/my-annotated.png", "notes.csv", "datasets/wine/notes.csv", "mine/report.md"];
    [&replaced[..], &stale, &foreign].concat().iter().for_each(|name| leave(&folder, name, "mine"));
    let kept = write(&folder, &replaced);
    let mut told: Vec<_> = kept.iter().map(|kept| (kept.name.as_str(), kept.why)).collect();
    told.sort_unstable();
    let mut expected: Vec<_> = replaced.iter().map(|name| (*name, Why::Unlisted)).collect();
    expected.extend(stale.iter().map(|name| (*name, Why::Outdated)));
    expected.sort_unstable();
    assert_eq!(told, expected);
    assert!(write(&folder, &replaced).iter().all(|kept| kept.is_known), "named once");
    for name in [&replaced[..], &stale, &foreign].concat() {
        assert_eq!(fs::read_to_string(folder.join(name)).unwrap(), "mine", "{name}");
    }
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn reports_of_data_sets_that_are_gone_go_and_other_files_stay() {
    let folder = folder("datasets");
    let of =
        |names: &[&str]| -> Vec<String> { names.iter().map(|name| format!("{DATASETS}/{name}")).collect() };
    let files = of(&["iris/report.md", "iris/plots/convergence.png", "wine/report.md", "wine/summary.csv"]);
    write(&folder, &files.iter().map(String::as_str).collect::<Vec<_>>());
    leave(&folder, "datasets/wine/notes.txt", "mine");
    leave(&folder, "datasets/mine/report.md", "mine");
    write(&folder, &["datasets/digits/report.md"]);
    let exists = |name: &str| folder.join(DATASETS).join(name).exists();
    assert!(exists("digits/report.md") && exists("wine/notes.txt") && exists("mine/report.md"));
    assert!(!exists("iris") && !exists("wine/report.md") && !exists("wine/summary.csv"));
    // If data sets do not vary, none of their files remain.
    fs::remove_dir_all(folder.join("datasets/wine")).unwrap();
    fs::remove_dir_all(folder.join("datasets/mine")).unwrap();
    write(&folder, &[REPORT]);
    assert!(!folder.join(DATASETS).exists());
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn leftovers_of_reports_are_removed_and_those_of_others_stay() {
    // No process has this number: it is above the largest number that Linux assigns.
    let folder = folder("leftovers");
    let ours =
        ["report.partial-4194999.md", "plots/sharpness.partial-4194999.png", "chainrule.partial-4194999.b3"];
    let parts =
        ["datasets/iris/runs.partial-4194999.csv", "datasets/iris/plots/faults.partial-4194999-2.svg"];
    let others =
        ["mine.partial-4194999.md", "plots/mine.partial-4194999.png", "mine/report.partial-4194999.md"];
    [&ours[..], &parts, &others].concat().iter().for_each(|name| leave(&folder, name, "half"));
    write(&folder, &[REPORT]);
    assert!(ours.iter().chain(&parts).all(|name| !folder.join(name).exists()));
    assert!(others.iter().all(|name| folder.join(name).exists()));
    fs::remove_dir_all(&folder).unwrap();
}
