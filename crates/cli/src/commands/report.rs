//! `chainrule report`

use crate::arguments::Report;
use crate::exit::Exit;
use chainrule_record::{ExperimentInfo, Manifest};
use chainrule_report::{ReportOptions, ReportSummary, Results, Source};
use chainrule_runner::store::Store;
use std::path::{Path, PathBuf};

/// Writes the report of stored runs.
pub(crate) fn report(arguments: &Report) -> anyhow::Result<Exit> {
    let folder = folder(arguments);
    let results = stored(&folder)?;
    say!("{}", write(&results, &arguments.extras.options(), &folder)?.answer);
    say_where(&folder);
    Ok(Exit::Well)
}

/// The results in a folder.
pub(super) fn stored(folder: &Path) -> anyhow::Result<Results> {
    let store = Store::open(folder)?;
    let manifest = store.manifest()?;
    results(store.experiment()?, manifest, &store, folder)
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
    Ok(Results { info, records, confirmation, sources: vec![source] })
}

/// The results folder: what was named, if it is one, or else the experiment's.
fn folder(arguments: &Report) -> PathBuf {
    if arguments.what.is_dir() {
        return arguments.what.clone();
    }
    arguments.results.join(arguments.what.file_stem().unwrap_or_default())
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
    Ok(chainrule_report::write(results, options, folder, &mut |file| tracing::debug!("wrote {file}"))?)
}

fn write_manifest(manifest: &Manifest, folder: &Path) -> anyhow::Result<()> {
    super::write_whole(&folder.join("manifest.json"), &(serde_json::to_string_pretty(manifest)? + "\n"))
}

/// Says where a report lies.
pub(super) fn say_where(folder: &Path) {
    say!("report: {}", folder.join("report.md").display());
    say!("page: {}", folder.join("report.html").display());
}
