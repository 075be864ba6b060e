//! `chainrule report`

use super::plural;
use crate::arguments::Report;
use crate::exit::Exit;
use chainrule_core::RESULTS_VERSION;
use chainrule_record::text::{json, shell_word, shown};
use chainrule_record::{ExperimentInfo, Manifest};
use chainrule_report::{ReportOptions, ReportSummary, Results, Source};
use chainrule_runner::store::{FILE_NAME, Store};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// More folders than this are not named.
const MOST_NAMED: usize = 8;

/// Writes the report of stored runs.
pub(crate) fn report(arguments: &Report) -> anyhow::Result<Exit> {
    let folder = folder(arguments);
    let results = stored(&folder)?;
    let written = write(&results, &arguments.extras.options(), &folder);
    let written =
        advise(written, "a folder that cannot be written to can be copied, and the copy reported on")?;
    say!("{}", written.answer);
    say_where(&folder);
    Ok(Exit::Well)
}

/// The results in a folder. Planned runs that it has of other results versions alone are said, and are an error where there is
/// no other run.
pub(super) fn stored(folder: &Path) -> anyhow::Result<Results> {
    let store = open(folder)?;
    let manifest = store.manifest()?;
    let version = manifest.results_version;
    let mut results = results(store.experiment()?, manifest, &store, folder)?;
    let others = store.other_versions(&results.missing(), version)?;
    if others.is_empty() {
        return Ok(results);
    }
    let held = held(&others, version);
    anyhow::ensure!(
        !results.records.is_empty(),
        "{} holds {held}\nmake them anew with `chainrule run {}`, or use the version of chainrule that made them",
        shown(folder),
        shell_word(&results.info.file)
    );
    results.warnings.push(format!("The folder holds {held}: they are left out."));
    Ok(results)
}

/// `32 runs of results version 1; this program reads version 2`
fn held(others: &BTreeMap<u32, usize>, version: u32) -> String {
    let of_version = |(other, n): (&u32, &usize)| format!("{} of results version {other}", plural(*n, "run"));
    let others: Vec<String> = others.iter().map(of_version).collect();
    let reader = if version == RESULTS_VERSION { "this program" } else { "the report of its last run" };
    format!("{}; {reader} reads version {version}", others.join(" and "))
}

/// Opens a store for reading. Where there is none, what lies in the folder says what was meant.
fn open(folder: &Path) -> anyhow::Result<Store> {
    if folder.join(FILE_NAME).is_file() || !folder.is_dir() {
        return Ok(Store::open(folder)?);
    }
    if folder.join("report.md").is_file() && folder.join("runs.csv").is_file() {
        anyhow::bail!(
            "{} is a report without a store of runs: that of `chainrule compare`, or a copy\n\
             to write a comparison anew, compare its two folders again",
            shown(folder)
        );
    }
    let within = with_results(folder);
    if within.is_empty() {
        return Ok(Store::open(folder)?);
    }
    let within: Vec<String> = within.iter().map(shown).collect();
    anyhow::bail!(
        "there are no results in {}, but there are in {}: name one of them",
        shown(folder),
        within.join(", ")
    );
}

/// The sub-folders that are results folders, in the order of their names; not more than can be read.
fn with_results(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut within: Vec<PathBuf> = entries.filter(|path| path.join(FILE_NAME).is_file()).collect();
    within.sort();
    within.truncate(MOST_NAMED);
    within
}

/// The results of an experiment, as far as they are on record.
pub(super) fn results(
    info: ExperimentInfo,
    manifest: Manifest,
    store: &Store,
    folder: &Path,
) -> anyhow::Result<Results> {
    let records = store.records(&info.run_ids, manifest.results_version)?;
    let fresh = chainrule_report::confirmation_runs(&info, &records);
    let confirmation = store.records(&fresh, manifest.results_version)?;
    let source =
        Source { label: info.name.clone(), file: info.file.clone(), folder: folder.to_owned(), manifest };
    Ok(Results { info, records, confirmation, sources: vec![source], warnings: Vec::new() })
}

/// The results folder: what was named, if it is one, or else the experiment's.
fn folder(arguments: &Report) -> PathBuf {
    if arguments.what.is_dir() {
        return arguments.what.clone();
    }
    arguments.results.join(arguments.what.file_stem().unwrap_or_default())
}

/// Says beside what could not be written how to go on.
pub(super) fn advise<T>(written: anyhow::Result<T>, advice: &str) -> anyhow::Result<T> {
    written.map_err(|error| anyhow::anyhow!("{error}\n{advice}"))
}

/// Writes tables, plots, the report and the manifest.
pub(super) fn write(
    results: &Results,
    options: &ReportOptions,
    folder: &Path,
) -> anyhow::Result<ReportSummary> {
    if let [source] = results.sources.as_slice() {
        write_manifest(&source.manifest, folder)?;
    }
    Ok(chainrule_report::write(results, options, folder, &mut |step| tracing::debug!("{step}"))?)
}

fn write_manifest(manifest: &Manifest, folder: &Path) -> anyhow::Result<()> {
    super::write_whole(
        &folder.join("manifest.json"),
        &json(&(serde_json::to_string_pretty(manifest)? + "\n")),
    )
}

/// Says where a report lies.
pub(super) fn say_where(folder: &Path) {
    say!("report: {}", shown(folder.join("report.md")));
    say!("page: {}", shown(folder.join("report.html")));
}
