//! `chainrule report`

use crate::arguments::Report;
use crate::exit::Exit;
use chainrule_record::{ExperimentInfo, Manifest, RunRecord};
use chainrule_report::ReportSummary;
use chainrule_runner::store::Store;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Writes the report of stored runs.
pub(crate) fn report(arguments: &Report) -> anyhow::Result<Exit> {
    let folder = folder(arguments);
    let store = Store::open(&folder)?;
    let (info, manifest) = (store.experiment()?, store.manifest()?);
    let records = store.records(&info.run_ids, manifest.results_version)?;
    let confirmation = confirmation(&info, &records, &store, manifest.results_version)?;
    say!("{}", write(&info, &records, &confirmation, &manifest, &folder)?.answer);
    say!("report: {}", folder.join("report.md").display());
    say!("page: {}", folder.join("report.html").display());
    Ok(Exit::Well)
}

/// The results folder: what was named, if it is one, or else the experiment's.
fn folder(arguments: &Report) -> PathBuf {
    if arguments.what.is_dir() {
        return arguments.what.clone();
    }
    arguments.results.join(arguments.what.file_stem().unwrap_or_default())
}

/// The runs of the chosen configurations on fresh seeds, as far as they are on record.
pub(super) fn confirmation(
    info: &ExperimentInfo,
    records: &[RunRecord],
    store: &Store,
    results_version: u32,
) -> anyhow::Result<Vec<RunRecord>> {
    Ok(store.records(&chainrule_report::confirmation_runs(info, records), results_version)?)
}

/// Writes tables, plots, the report and the manifest.
pub(super) fn write(
    info: &ExperimentInfo,
    records: &[RunRecord],
    confirmation: &[RunRecord],
    manifest: &Manifest,
    folder: &Path,
) -> anyhow::Result<ReportSummary> {
    write_manifest(manifest, folder)?;
    Ok(chainrule_report::write(info, records, confirmation, manifest, folder, &mut |file| {
        tracing::debug!("wrote {file}")
    })?)
}

fn write_manifest(manifest: &Manifest, folder: &Path) -> anyhow::Result<()> {
    let (path, temporary) = (folder.join("manifest.json"), folder.join("manifest.json.tmp"));
    let text = serde_json::to_string_pretty(manifest)? + "\n";
    let write = || -> std::io::Result<()> {
        std::fs::File::create(&temporary)?.write_all(text.as_bytes())?;
        std::fs::rename(&temporary, &path)
    };
    write().map_err(|error| anyhow::anyhow!("cannot write {}: {error}", path.display()))
}
