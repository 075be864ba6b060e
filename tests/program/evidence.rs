//! `docs/evidence.md` is correct: it has every item of every registry, names tests that exist, and claims PyTorch for
//! exactly the items in its numbers.

use crate::documents::{project, read};
use chainrule_runner::reference::{Family, families};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// Families with the names of their items, in the order of the registry.
fn registries() -> Vec<(&'static str, Vec<&'static str>)> {
    let names = |family: Family| (family.setting, family.items.iter().map(|item| item.name).collect());
    families().into_iter().map(names).collect()
}

/// A section of the page.
struct Section {
    family: String,
    /// The tests of each column, from the list above the table.
    tests: BTreeMap<String, Vec<String>>,
    /// Each item with its cells by column.
    rows: Vec<(String, BTreeMap<String, String>)>,
}

fn cells(line: &str) -> Vec<String> {
    line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
}

/// The texts between backticks.
fn quoted(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn section(text: &str) -> Section {
    let (family, body) = text.split_once('\n').expect("a heading and a body");
    // A point of the list may go on in the next line.
    let joined = body.replace("\n  ", " ");
    let points = joined.lines().filter_map(|line| line.strip_prefix("- ")?.split_once(": "));
    let tests = points.map(|(column, tests)| (column.to_owned(), quoted(tests))).collect();
    let mut table = body.lines().filter(|line| line.starts_with('|'));
    let columns = cells(table.next().expect("a table"));
    let row = |line| {
        let cells = cells(line);
        assert_eq!(cells.len(), columns.len(), "{family}: {line}");
        let by_column = columns.iter().cloned().zip(cells).skip(1).collect();
        (quoted(line).swap_remove(0), by_column)
    };
    Section { family: family.to_owned(), tests, rows: table.skip(1).map(row).collect() }
}

fn sections() -> Vec<Section> {
    read("docs/evidence.md").split("\n## ").skip(1).map(section).collect()
}

#[test]
fn every_item_has_its_row() {
    let rows: Vec<_> = sections()
        .into_iter()
        .map(|section| (section.family, section.rows.into_iter().map(|(item, _)| item).collect::<Vec<_>>()))
        .collect();
    let families: Vec<_> = rows.iter().map(|(family, _)| family.as_str()).collect();
    assert_eq!(families, registries().iter().map(|(family, _)| *family).collect::<Vec<_>>());
    for ((family, items), (_, registered)) in rows.iter().zip(registries()) {
        assert_eq!(*items, registered, "the rows of {family}, and its items");
    }
}

/// The source of a test `module::name` of the engine, up to the next test, and the numbers that it reads.
fn source(test: &str) -> String {
    let (module, name) = test.rsplit_once("::").unwrap_or_else(|| panic!("{test}: no module::test"));
    let path = format!("{}.rs", module.replace("::", "/"));
    let folders = ["crates/core/tests/engine", "crates/core/src"].map(|folder| project().join(folder));
    let texts = folders.iter().filter_map(|folder| fs::read_to_string(folder.join(&path)).ok());
    let heading = format!("fn {name}()");
    let all: Vec<String> = texts
        .flat_map(|text| text.split("#[test]\n").skip(1).map(str::to_owned).collect::<Vec<_>>())
        .filter(|body| body.trim_start().starts_with(&heading))
        .collect();
    assert_eq!(all.len(), 1, "tests called {test}");
    let numbers = all[0].split("oracle/").skip(1).filter_map(|rest| Some(rest.split_once(".json")?.0));
    let numbers = numbers.map(|name| read(&format!("crates/core/tests/oracle/{name}.json")));
    [all[0].clone()].into_iter().chain(numbers).collect()
}

/// Each test exists. A test of one item names the item or is in its file.
#[test]
fn every_test_that_is_named_is_there() {
    for reference in quoted(&read("docs/evidence.md")).iter().filter(|quoted| quoted.contains("::")) {
        source(reference);
    }
    for Section { family, rows, .. } in sections() {
        for (item, cells) in rows {
            for test in quoted(&cells["By hand or otherwise"]) {
                let is_its_file = test.contains(&format!("{family}::{item}::"));
                let names_it = source(&test).contains(&format!("\"{item}\""));
                assert!(is_its_file || names_it, "{test} does not name `{item}`");
            }
        }
    }
}

/// A ✓ is in a column whose tests are listed above the table, a — means no test, and no row is empty.
#[test]
fn every_row_says_something() {
    for Section { family, tests, rows } in sections() {
        assert!(tests.values().all(|tests| !tests.is_empty()), "{family}");
        for (item, cells) in rows {
            let is_there = |(column, cell): (&String, &String)| match cell.as_str() {
                "—" => false,
                "✓" => tests.contains_key(column),
                other => {
                    assert!(column == "By hand or otherwise" && other.contains("::"), "{item}: {other}");
                    true
                }
            };
            let claims = cells.values().filter(|cell| *cell != "—").count();
            assert!(claims > 0, "nothing holds {family} `{item}`");
            assert_eq!(cells.iter().filter(|cell| is_there(*cell)).count(), claims, "{family} `{item}`");
        }
    }
}

/// Items as a file contains them: `"name"` or `{ "name": … }` below the name of their family.
fn occurring(value: &Value, found: &mut BTreeSet<(String, String)>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| occurring(value, found)),
        Value::Object(map) => {
            for (key, value) in map {
                let name = value.as_str().or_else(|| Some(value.as_object()?.keys().next()?.as_str()));
                found.extend(name.map(|name| (key.clone(), name.to_owned())));
                occurring(value, found);
            }
        }
        _ => {}
    }
}

#[test]
fn pytorch_is_claimed_where_its_numbers_are() {
    let folder = fs::read_dir(project().join("crates/core/tests/oracle")).expect("a folder");
    let paths = folder.map(|entry| entry.expect("an entry").path());
    let files = paths.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    let texts = files.map(|path| fs::read_to_string(path).expect("a file"));
    let values = texts.map(|text| serde_json::from_str::<Value>(&text).expect("JSON"));
    let mut found = BTreeSet::new();
    values.filter(|value| value["torch"].is_string()).for_each(|value| occurring(&value, &mut found));
    let families: BTreeSet<_> = registries().into_iter().map(|(family, _)| family).collect();
    found.retain(|(family, _)| families.contains(family.as_str()));

    let claimed = sections().into_iter().flat_map(|Section { family, rows, .. }| {
        let claims =
            rows.into_iter().filter(|(_, cells)| cells.get("PyTorch").is_some_and(|cell| cell == "✓"));
        claims.map(|(item, _)| (family.clone(), item)).collect::<Vec<_>>()
    });
    assert_eq!(claimed.collect::<BTreeSet<_>>(), found);
}
