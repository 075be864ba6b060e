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

/// What reaches a weight must not come from LAPACK, whose bits differ between processors.
#[test]
fn only_measurements_use_lapack() {
    for file in sources(&crates().join("core/src")) {
        let text = fs::read_to_string(&file).expect("a source file");
        let may = file.file_name().is_some_and(|name| name == "linalg.rs");
        assert!(may || !text.contains("ndarray_linalg"), "{file:?}");
    }
}
