//! `chainrule report`

use super::kept::{self, forced};
use super::{owner, plan_of, plural, shown_command};
use crate::arguments::Report;
use crate::exit::{Exit, Incomplete};
use chainrule_core::RESULTS_VERSION;
use chainrule_record::folder::FolderError;
use chainrule_record::text::{from_os, shell_word, shown};
use chainrule_record::{ExperimentInfo, Manifest, RunRecord};
use chainrule_report::{ReportError, ReportOptions, ReportSummary, Results, Source};
use chainrule_runner::data::{DataCache, LoadError, Recorded};
use chainrule_runner::plan::Plan;
use chainrule_runner::spec::Experiment;
use chainrule_runner::store::{FILE_NAME, Store, StoreError};
use chainrule_runner::{provenance, spec, weights};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The most folders that are named.
const MAX_NAMED: usize = 8;

/// Writes the report of stored runs.
pub(crate) fn report(arguments: &Report) -> anyhow::Result<Exit> {
    let (folder, results) = if arguments.what.is_dir() { of_folder(arguments)? } else { of_file(arguments)? };
    let written = write(&results, &arguments.extras.options(), &folder);
    let advice = "if the folder cannot be written to, copy it and report on the copy";
    let summary = advise(written.map_err(Into::into), advice).map_err(Incomplete)?;
    say!("{}", summary.answer);
    say_where(&summary, &folder, &again(arguments));
    Ok(Exit::Well)
}

/// The command that replaces files that were kept.
fn again(arguments: &Report) -> String {
    let Report { what, options, extras } = arguments;
    let assignments = options.assignments.iter().map(|assignment| ("--set", Path::new(assignment)));
    let results =
        (options.results != Path::new("results")).then_some(("--results", options.results.as_path()));
    let options = assignments.chain(results).flat_map(|(option, value)| [Path::new(option), value]);
    forced([Path::new("report"), what].into_iter().chain(options), extras)
}

/// The results in a folder, as it was last run.
fn of_folder(Report { what, options, .. }: &Report) -> anyhow::Result<(PathBuf, Results)> {
    anyhow::ensure!(
        options.assignments.is_empty(),
        "{} is a results folder: --set overrides values in an experiment file\n\
         name the experiment file, as in `chainrule report FILE --set …`",
        shown(what)
    );
    let results = stored(what)?;
    if results.records.is_empty() {
        return Err(StoreError::NothingYet { folder: what.clone() }.into());
    }
    Ok((what.clone(), results))
}

/// The stored runs that belong to the current experiment file.
fn of_file(Report { what: file, options, .. }: &Report) -> anyhow::Result<(PathBuf, Results)> {
    anyhow::ensure!(
        file.exists(),
        "there is no experiment file or results folder `{}`\n\
         check the path; if the file was removed, name its results folder, as in `chainrule report {}`",
        shown(file),
        shown(options.results.join(file.file_stem().unwrap_or_default()))
    );
    let experiment = spec::load(file, &options.assignments)?;
    let folder = options.results.join(&experiment.name);
    let store = open(&folder)?;
    let data = DataCache::new(options.data_dir.clone()).beside(file);
    let plan = match store.experiment() {
        Ok(known) => plan_as_recorded(&experiment, Recorded::new(&data, &known), options.yes, &folder)?,
        // The record is damaged, so plan from the file.
        Err(StoreError::Damaged { .. }) => plan_of(&experiment, &data, options.yes)?,
        Err(error) => return Err(error.into()),
    };
    owner::settle(&plan, file, &store)?;
    let results = of_version(plan.info, &store, &folder)?;
    anyhow::ensure!(
        !results.records.is_empty(),
        "none of the {} of {} is on record in {}\nrun them with `chainrule run`, or report on the results in the folder: `chainrule report {}`",
        plural(results.info.run_ids.len(), "run"),
        shown(file),
        shown(&folder),
        shell_word(&from_os(folder.as_os_str()))
    );
    Ok((folder, results))
}

fn plan_as_recorded(
    experiment: &Experiment,
    recorded: Recorded<'_>,
    allow_many: bool,
    folder: &Path,
) -> anyhow::Result<Plan> {
    let plan = plan_of(experiment, &recorded, allow_many)?;
    for (dataset, problem) in recorded.absent() {
        say_absent(dataset, &problem, folder);
    }
    Ok(plan)
}

/// Missing data are described by the record of an earlier run.
fn say_absent(dataset: &str, problem: &LoadError, folder: &Path) {
    let problem = problem.to_string();
    let problem = problem.lines().next().unwrap_or_default().trim_end_matches('.');
    tracing::info!("using the recorded digest and sizes of `{dataset}` in {}: {problem}", shown(folder));
}

/// The results in a folder.
pub(super) fn stored(folder: &Path) -> anyhow::Result<Results> {
    let store = open(folder)?;
    of_version(store.experiment()?, &store, folder)
}

/// The results of an experiment in the results version of the last run. Planned runs of other versions only are reported,
/// and are an error if there is no other run.
fn of_version(info: ExperimentInfo, store: &Store, folder: &Path) -> anyhow::Result<Results> {
    let manifest = manifest(store)?;
    let version = manifest.results_version;
    let mut results = results(info, manifest, store, folder)?;
    let others = store.other_versions(&results.missing(), version);
    if others.is_empty() {
        return Ok(results);
    }
    let held = held(&others, version);
    anyhow::ensure!(
        !results.records.is_empty(),
        "{} contains {held}\nrerun them with `chainrule run {}`, or use the version of chainrule that made them",
        shown(folder),
        shell_word(&results.info.file)
    );
    results.warnings.push(format!("The folder contains {held}. They are skipped."));
    Ok(results)
}

/// `32 runs of results version 1; this program reads version 2`
fn held(others: &BTreeMap<u32, usize>, version: u32) -> String {
    let of_version = |(other, n): (&u32, &usize)| format!("{} of results version {other}", plural(*n, "run"));
    let others: Vec<String> = others.iter().map(of_version).collect();
    let reader = if version == RESULTS_VERSION { "this program" } else { "the report of its last run" };
    format!("{}; {reader} reads version {version}", others.join(" and "))
}

/// Opens a store for reading. If there is none, the error depends on the files in the folder.
fn open(folder: &Path) -> anyhow::Result<Store> {
    if folder.join(FILE_NAME).is_file() || !folder.is_dir() {
        return Ok(Store::open(folder)?);
    }
    if folder.join("report.md").is_file() && folder.join("runs.csv").is_file() {
        anyhow::bail!(
            "{} is a report without a store of runs: a report of `chainrule compare`, or a copy\n\
             to write a comparison again, compare its two folders again",
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

/// The subfolders that are results folders, sorted by name, at most [`MAX_NAMED`].
fn with_results(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut within: Vec<PathBuf> = entries.filter(|path| path.join(FILE_NAME).is_file()).collect();
    within.sort();
    within.truncate(MAX_NAMED);
    within
}

/// The results of an experiment that are on record.
pub(super) fn results(
    info: ExperimentInfo,
    manifest: Manifest,
    store: &Store,
    folder: &Path,
) -> anyhow::Result<Results> {
    let records = store.records(&info.run_ids, manifest.results_version)?;
    let fresh = chainrule_report::confirmation_runs(&info, &records);
    let confirmation = store.records(&fresh, manifest.results_version)?;
    let source = Source {
        label: info.name.clone(),
        file: provenance::short_path(Path::new(&info.file)),
        folder: provenance::short_path(folder),
        manifest: as_now(manifest),
    };
    let mut warnings = store.damage().sentences();
    warnings.extend(lost_weights(folder, records.iter().chain(&confirmation)));
    Ok(Results { info, records, confirmation, sources: vec![source], warnings })
}

/// The manifest of a store. If it is damaged, the store reports it, and the records are still shown.
pub(super) fn manifest(store: &Store) -> Result<Manifest, StoreError> {
    match store.manifest() {
        Err(StoreError::Damaged { .. }) => Ok(Manifest::unknown(RESULTS_VERSION)),
        other => other,
    }
}

/// A warning if weights files of runs are missing.
fn lost_weights<'a>(folder: &Path, records: impl Iterator<Item = &'a RunRecord>) -> Option<String> {
    let is_lost = |record: &&RunRecord| weights::are_lost(folder, &record.spec, record.run_id, record.stop);
    let lost = records.filter(is_lost).count();
    let runs = plural(lost, "run");
    (lost > 0).then(|| format!("The saved weights of {runs} are missing: `chainrule run` reruns them."))
}

/// A manifest as this version writes it: older ones have local times and absolute paths in the command.
fn as_now(manifest: Manifest) -> Manifest {
    let shown_command = match manifest.shown_command.is_empty() {
        true => shown_command(&manifest.command),
        false => manifest.shown_command,
    };
    let started_at = provenance::in_utc(&manifest.started_at);
    let finished_at = manifest.finished_at.map(|time| provenance::in_utc(&time));
    Manifest { shown_command, started_at, finished_at, ..manifest }
}

/// Adds advice to an error of writing, unless the error has its own advice.
pub(super) fn advise<T>(written: anyhow::Result<T>, advice: &str) -> anyhow::Result<T> {
    written.map_err(|error| {
        let folder = match error.downcast_ref() {
            Some(ReportError::Folder(folder)) => Some(folder),
            _ => error.downcast_ref::<FolderError>(),
        };
        match folder {
            Some(FolderError::InTheWay { .. }) => error,
            _ => anyhow::anyhow!("{error}\n{advice}"),
        }
    })
}

/// Writes tables, plots, the report and the manifest.
pub(super) fn write(
    results: &Results,
    options: &ReportOptions,
    folder: &Path,
) -> Result<ReportSummary, ReportError> {
    chainrule_report::write(results, options, folder, &mut |step| tracing::debug!("{step}"))
}

/// Prints the path of a report, and the files that were not replaced; `again` is the command that replaces them.
pub(super) fn say_where(summary: &ReportSummary, folder: &Path, again: &str) {
    kept::warn(summary, folder, again);
    say!("report: {}", shown(folder.join("report.md")));
    say!("page: {}", shown(folder.join("report.html")));
    kept::say(summary, again);
}
