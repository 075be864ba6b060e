//! Every lesson runs, and docs/lessons.md has the verdicts of its claims. Statements there name tests and experiments that
//! exist.

use crate::documents::{project, read};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

fn page() -> String {
    read("docs/lessons.md")
}

/// The files of the lessons, in reading order.
fn lessons() -> Vec<String> {
    let folder = fs::read_dir(project().join("experiments/lessons")).unwrap();
    let mut names: Vec<String> =
        folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The rows of the page's first table: file, question and verdicts.
fn listed() -> Vec<[String; 3]> {
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let file = cells.first()?.split_once("(../experiments/lessons/")?.1.strip_suffix(')')?;
        match cells.as_slice() {
            [_, question, verdicts] => Some([file, question, verdicts].map(str::to_owned)),
            _ => None,
        }
    };
    page().lines().filter_map(row).collect()
}

#[test]
fn every_lesson_is_listed_with_its_question() {
    let listed = listed();
    let files: Vec<&String> = listed.iter().map(|[file, ..]| file).collect();
    assert_eq!(files, lessons().iter().collect::<Vec<_>>());
    for [file, question, _] in &listed {
        let text = fs::read_to_string(project().join("experiments/lessons").join(file)).unwrap();
        assert!(text.contains(&format!("question = \"{question}\"")), "{file} asks something else");
    }
}

/// `3 supported, 1 refuted`, from the table of claims; `drawn` where nothing is claimed.
fn verdicts(folder: &Path) -> String {
    let Ok(mut table) = csv::Reader::from_path(folder.join("claims.csv")) else { return "drawn".to_owned() };
    let rows: Vec<BTreeMap<String, String>> = table.deserialize().map(Result::unwrap).collect();
    // A claim has a row for each part of its evidence; rows of the runs that chose have no verdict.
    let decided = rows.iter().filter(|row| !row["verdict"].is_empty());
    let claims: BTreeMap<&str, &str> = decided.map(|row| (&*row["claim"], &*row["verdict"])).collect();
    let count = |verdict: &str| claims.values().filter(|found| **found == verdict).count();
    let counts = ["supported", "refuted", "undecided"].map(|verdict| (count(verdict), verdict));
    let said: Vec<String> =
        counts.iter().filter(|(n, _)| *n > 0).map(|(n, verdict)| format!("{n} {verdict}")).collect();
    said.join(", ")
}

/// Runs every `PARTS`-th lesson from `first` on, and compares its verdicts with the page.
#[track_caller]
fn lessons_have_the_listed_verdicts(first: usize) {
    let results = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    for [file, _, listed] in listed().into_iter().skip(first).step_by(PARTS) {
        let path = project().join("experiments/lessons").join(&file);
        let run = Command::new(env!("CARGO_BIN_EXE_chainrule"))
            .args(["run", "--quiet"])
            .args([&path, Path::new("--results"), results.path()])
            .output()
            .unwrap();
        assert!(run.status.success(), "{file}: {}", String::from_utf8_lossy(&run.stderr));
        let found = verdicts(&results.path().join(file.trim_end_matches(".toml")));
        if found != listed {
            wrong.push(format!("{file}: {found}, but docs/lessons.md has {listed}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Tests that share the lessons, so that they run in parallel.
const PARTS: usize = 4;

#[test]
fn lessons_from_the_first_on_have_the_listed_verdicts() {
    lessons_have_the_listed_verdicts(0);
}

#[test]
fn lessons_from_the_second_on_have_the_listed_verdicts() {
    lessons_have_the_listed_verdicts(1);
}

#[test]
fn lessons_from_the_third_on_have_the_listed_verdicts() {
    lessons_have_the_listed_verdicts(2);
}

#[test]
fn lessons_from_the_fourth_on_have_the_listed_verdicts() {
    lessons_have_the_listed_verdicts(3);
}

/// 784·50 + 50, five times 50·50 + 50, and 50·10 + 10. The test uses the embedded digits, which have the same shape as
/// MNIST.
#[test]
fn six_layers_have_52_510_parameters() {
    let results = tempfile::tempdir().unwrap();
    let file = project().join("experiments/mnist-six-layers.toml");
    let sets = ["dataset=mnist_5k", "test=0.1", "epochs=0"].into_iter().flat_map(|set| ["--set", set]);
    let run = Command::new(env!("CARGO_BIN_EXE_chainrule"))
        .args([Path::new("run"), &file, Path::new("--results"), results.path()])
        .args(sets)
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let mut table = csv::Reader::from_path(results.path().join("mnist-six-layers/runs.csv")).unwrap();
    let row: BTreeMap<String, String> = table.deserialize().next().unwrap().unwrap();
    assert_eq!(row["parameter_count"], "52510");
}

/// The targets of Markdown links.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split_once(')').map(|(link, _)| link))
}

/// Tests of the engine: `module::name` in a code span.
fn tests(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split('`').skip(1).step_by(2).filter_map(|code| code.split_once("::"))
}

/// Rows of five introductions, none left out.
const STATEMENTS: [&str; 42] = [
    "A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A8b", "A9", "A10", "A11", "A12", "A13", "A14", "A15",
    "A16", "A17", "A18", "B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B9", "B10", "C1", "C2", "C3", "C4",
    "D1", "D2", "D3", "D4", "E1", "E2", "E3", "E4", "E5",
];

#[test]
fn every_statement_names_what_shows_it() {
    let page = page();
    for name in STATEMENTS {
        let rows: Vec<&str> = page.lines().filter(|line| line.starts_with(&format!("| {name} |"))).collect();
        assert!(!rows.is_empty(), "{name} is missing");
        for row in rows {
            let shown = row.split(" | ").nth(2).unwrap();
            let named = links(shown).count() + tests(shown).count();
            assert!(named > 0, "{name} names nothing that shows it: {shown}");
        }
    }
    for link in links(&page).filter(|link| link.starts_with("../")) {
        assert!(project().join("docs").join(link).exists(), "{link} does not exist");
    }
    for (module, test) in tests(&page) {
        let path = project().join("crates/core/tests/engine").join(format!("{module}.rs"));
        let source = fs::read_to_string(&path).unwrap_or_else(|_| panic!("no tests of {module}"));
        assert!(source.contains(&format!("fn {test}()")), "{module}::{test} does not exist");
    }
}
