//! The invariants of ARCHITECTURE.md that can be read off the source.

mod graph;
mod order;

use std::fs;
use std::path::{Path, PathBuf};

fn crates() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the folder of the crates")
}

/// The crates of the project that a crate depends on, in tests too.
fn knows(name: &str) -> Vec<String> {
    let manifest = fs::read_to_string(crates().join(name).join("Cargo.toml")).expect("a manifest");
    let keys = manifest.lines().filter_map(|line| line.split(['.', ' ', '=']).next());
    let mut known: Vec<_> =
        keys.filter_map(|key| key.strip_prefix("chainrule-")).map(str::to_owned).collect();
    known.sort();
    known
}

#[test]
fn no_arrow_goes_up() {
    assert_eq!(knows("core"), [""; 0]);
    assert_eq!(knows("record"), [""; 0]);
    assert_eq!(knows("runner"), ["core", "record"]);
    assert_eq!(knows("report"), ["record", "statistics"]);
    assert_eq!(knows("statistics"), [""; 0]);
    assert_eq!(knows("cli"), ["core", "record", "report", "runner"]);
}

/// Every source file below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let files = files.into_iter().filter(|file| file.extension().is_some_and(|extension| extension == "rs"));
    files.chain(folders.iter().flat_map(|folder| sources(folder))).collect()
}

fn assert_absent(folder: &str, words: &[&str], why: &str) {
    let files = sources(&crates().join(folder));
    assert!(!files.is_empty(), "there is nothing in {folder}");
    for file in files {
        let text = fs::read_to_string(&file).expect("a source file");
        for word in words {
            assert!(!text.contains(word), "{file:?}: `{word}`: {why}");
        }
    }
}

#[test]
fn the_engine_has_no_files_no_clock_and_no_voice() {
    let words = ["std::fs", "std::time", "std::env::", "println!", "print!(", "thread_rng", "SystemTime"];
    assert_absent("core/src", &words, "the engine is mathematics on typed settings");
}

#[test]
fn analysis_opens_no_file() {
    let words = ["std::fs", "std::io", "plotters", "csv::"];
    assert_absent(
        "report/src/analysis",
        &words,
        "analysis computes; tables, charts and pages are other rooms",
    );
}

/// Numbers that reach a weight must not come from LAPACK, whose bits differ between processors.
#[test]
fn only_measurements_use_lapack() {
    for file in sources(&crates().join("core/src")) {
        let text = fs::read_to_string(&file).expect("a source file");
        let may = file.file_name().is_some_and(|name| name == "linalg.rs");
        assert!(may || !text.contains("ndarray_linalg"), "{file:?}");
    }
}

/// An item is its own file and two lines of its registry: elsewhere the engine knows families, not their items. There
/// are three exceptions. The reference engine writes the formulas of losses and penalties a second time. A fault may be an
/// error in one item. `function.rs` knows the one loss whose curve loses its digits.
#[test]
fn the_engine_names_no_item_outside_its_family() {
    let families = [
        ("activation", "Activation"),
        ("loss", "Loss"),
        ("initializer", "Initializer"),
        ("optimizer", "Optimizer"),
        ("schedule", "Schedule"),
        ("penalty", "Penalty"),
        ("dataset", "Dataset"),
        ("fault", "Fault"),
        ("probe", "Probe"),
    ];
    let core = crates().join("core/src");
    for file in sources(&core) {
        let text = fs::read_to_string(&file).expect("a source file");
        let place = file.strip_prefix(&core).expect("a file of the engine");
        for (folder, family) in families {
            let may = [folder, "reference", "fault"].iter().any(|may| place.starts_with(may));
            let known = if family == "Loss" && place == Path::new("function.rs") { 1 } else { 0 };
            let found = items_named(&text, family);
            assert!(may || found.len() == known, "{file:?} names items of `{family}`: {found:?}");
        }
    }
}

/// The items of a family that a source names: the types after `Family::`.
fn items_named<'t>(text: &'t str, family: &str) -> Vec<&'t str> {
    let prefix = format!("{family}::");
    let names = text
        .match_indices(&prefix)
        .filter(|(at, _)| !text[..*at].ends_with(|before: char| before.is_alphanumeric() || before == '_'));
    let names = names.map(|(at, _)| {
        let name = &text[at + prefix.len()..];
        &name[..name.find(|end: char| !end.is_alphanumeric()).unwrap_or(name.len())]
    });
    let is_type =
        |name: &&str| name.starts_with(char::is_uppercase) && name[1..].contains(char::is_lowercase);
    names.filter(is_type).collect()
}
