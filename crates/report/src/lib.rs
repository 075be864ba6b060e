//! From run records to tables, plots and pages.
//!
//! A module uses only modules that are listed before it:
//!
//! | module | what it does |
//! |---|---|
//! | `error`, `number`, `text` | errors; numbers and words for people |
//! | `results` | the records that a report is made from |
//! | `analysis` | computes everything that is shown: no file, no drawing |
//! | `shared`, `joined`, `datasets` | two results folders as one experiment; an experiment for each of its data sets |
//! | `output` | the folder that a report is written to |
//! | `table` | CSV files, each a list of columns |
//! | `plot` | plots as values: axes, marks, words, and the table of exactly what is drawn |
//! | `draw` | plots as PNG, SVG and figures of `report.html` |
//! | `render` | `report.md`, `report.html`, and the answer as plain text |
//! | `baseline` | the outcome of the runs, kept and compared with later runs |
//!
//! **Architecture invariant.** Analysis opens no file, rendering computes no statistic, and every plot has the CSV of
//! exactly what it draws beside it.
//!
//! # How runs are summed up
//! A *configuration* is a value for every setting that varies; its runs differ in their seed alone. The median over
//! its seeds takes diverged and failed runs as worse than any number, so a configuration of which half or more
//! diverged has no median. Nothing is put in the place of the missing numbers: minimum, maximum and curves show
//! finished runs, and the number of diverged runs stands beside them. A run that its time limit cut short counts with
//! what it had reached. Final metrics are those of the parameters that a run kept: early stopping goes back to its best
//! epoch.

mod analysis;
pub mod baseline;
mod datasets;
mod draw;
mod error;
mod joined;
mod number;
mod output;
mod plot;
mod render;
mod results;
mod shared;
mod table;
mod text;

#[cfg(test)]
#[path = "../tests/support/mod.rs"]
#[expect(dead_code, reason = "shared with the tests of whole reports, which use more of it")]
mod support;

pub use error::ReportError;
pub use joined::{JoinError, join};
pub use output::{ReportOptions, is_report_file};
pub use render::trace::{WeightPlace, trace};
pub use results::{Results, Source};
pub use table::with_columns;

use analysis::{Analysis, Checks, Decision, Verdict};
use chainrule_record::folder::{Folder, Kept, Outcome, check_way};
use chainrule_record::{ExperimentInfo, ExperimentKind, RunId, RunRecord};
use datasets::{OnDataset, on_each_dataset};
use output::Output;
use render::datasets::OfDataset;
use std::path::{Path, PathBuf};

/// What [`write()`] made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportSummary {
    /// The files, in the order they were written.
    pub files: Vec<PathBuf>,
    /// The files that were neither replaced nor removed, because they may not be ours.
    pub kept: Vec<Kept>,
    /// Lines of the list of our files that could not be read.
    pub unreadable: usize,
    /// The answer as plain text: the claims, what to pick and how sure that is, the warnings, and a table with a row per compared value.
    pub answer: String,
    /// The claims marked `must` that the runs refute.
    pub broken: Vec<String>,
}

/// Writes the report of an experiment to `folder`: `manifest.json` where there is one source, `runs.csv`, `curves.csv`, `summary.csv`, `layers.csv`, `hessian.csv`
/// and `eigenvalues.csv` where probes measured them, `claims.csv` where something is claimed, `comparisons.csv`, `time_to_target.csv`,
/// `sensitivity.csv`, `tradeoffs.csv` and `profiles.csv` where there is something to compare, `plots/*.png` each with the `.csv` of
/// what it draws, `report.md` and `report.html`.
///
/// `progress` is told of each step as it begins.
/// Files appear whole or not at all. Each is listed with its digest in [`LIST`](chainrule_record::folder::LIST). Files of an
/// earlier report that this one does not have are removed, if they are listed and unchanged; all others are kept, and so is a
/// file that another was to replace and that is not listed, or changed. Nothing is written or removed through a link.
///
/// Where training is on several data sets, which are not what is compared, this holds what goes over all of them, and
/// `datasets/NAME/` a whole report for each.
///
/// The report of gradient checks has a `gradient_check.csv` (and a `faults.csv`) in the place of `summary.csv`, and
/// `curves.csv` only where something was trained.
///
/// # Errors
/// If a file cannot be written, a plot cannot be drawn, or `plots` or `datasets` is a link or a file.
pub fn write(
    results: &Results,
    options: &ReportOptions,
    folder: &Path,
    progress: &mut dyn FnMut(&str),
) -> Result<ReportSummary, ReportError> {
    let Results { info, records, sources, .. } = results;
    progress(&format!("analysing {} of {} runs", records.len(), info.run_ids.len()));
    let analysis = Analysis::of(results);
    check_folder(folder)?;
    let mut folder = Folder::open(folder, options.force)?;
    let mut output = Output::new(&mut folder, options, progress);
    if let [source] = sources.as_slice() {
        output.text(output::MANIFEST, &manifest(source)?)?;
    }
    table::write_claims(&analysis, &mut output)?;
    let answer = match info.kind {
        ExperimentKind::Train if analysis.spans_datasets() => write_datasets(&analysis, results, output),
        ExperimentKind::Train => write_training(&analysis, sources, output),
        ExperimentKind::GradientCheck => write_checks(&analysis, sources, output),
        ExperimentKind::Function => write_functions(&analysis, sources, output),
    }?;
    let Outcome { written, kept, unreadable } = output::finish(folder)?;
    Ok(ReportSummary { files: written, kept, unreadable, answer, broken: broken(&analysis) })
}

/// Whether a report can be written to a folder: whether `plots` and `datasets` are folders there, as far as they exist.
///
/// # Errors
/// If one is a link or a file.
pub fn check_folder(folder: &Path) -> Result<(), ReportError> {
    [output::PLOTS, output::DATASETS].iter().try_for_each(|name| Ok(check_way(&folder.join(name))?))
}

fn manifest(source: &Source) -> Result<String, ReportError> {
    let text = serde_json::to_string_pretty(&source.manifest);
    let text = text.map_err(|source| ReportError::Manifest { source })? + "\n";
    Ok(chainrule_record::text::json(&text))
}

/// The report of training.
fn write_training(
    analysis: &Analysis,
    sources: &[Source],
    mut output: Output,
) -> Result<String, ReportError> {
    table::write(analysis, &mut output)?;
    let plots = draw::write(plot::of_training(analysis), &mut output)?;
    output.text(output::REPORT, &render::report(analysis, sources, &plots))?;
    output.text(output::PAGE, &render::html::training(analysis, sources, &plots)?)?;
    Ok(render::plain_answer(analysis))
}

/// The report of training on several data sets: what holds over all, and a whole report for each.
fn write_datasets(analysis: &Analysis, results: &Results, mut output: Output) -> Result<String, ReportError> {
    let parts = on_each_dataset(results);
    let mut each = Vec::new();
    for OnDataset { label, folder, results } in &parts {
        let analysis = Analysis::of(results);
        write_training(&analysis, &results.sources, output.within(folder))?;
        each.push(OfDataset { label, folder, analysis });
    }
    table::write(analysis, &mut output)?;
    let plots = draw::write(plot::over_datasets(analysis), &mut output)?;
    let sources = &results.sources;
    output.text(output::REPORT, &render::datasets::report(analysis, &each, sources, &plots))?;
    output.text(output::PAGE, &render::html::datasets(analysis, &each, sources, &plots)?)?;
    Ok(render::datasets::plain_answer(analysis, &each))
}

/// The report of functions: `plots/functions.png` with its table, `report.md` and `report.html`.
fn write_functions(
    analysis: &Analysis,
    sources: &[Source],
    mut output: Output,
) -> Result<String, ReportError> {
    let functions = analysis::functions(analysis);
    let plots = draw::write(plot::of_functions(&functions), &mut output)?;
    output.text(output::REPORT, &render::functions::report(analysis, &functions, sources, &plots))?;
    output.text(output::PAGE, &render::html::functions(analysis, &functions, sources, &plots)?)?;
    Ok(render::functions::plain_answer(&functions))
}

/// The report of gradient checks.
fn write_checks(analysis: &Analysis, sources: &[Source], mut output: Output) -> Result<String, ReportError> {
    let checks = Checks::new(analysis);
    let faults = analysis::faults(analysis, &checks);
    table::write_runs(analysis, &mut output)?;
    table::checks::write(analysis, &checks, &faults, &mut output)?;
    table::write_probes(analysis, &mut output)?;
    let plots = draw::write(plot::of_checks(analysis, &checks), &mut output)?;
    output.text(output::REPORT, &render::checks::report(analysis, &checks, &faults, sources, &plots))?;
    output.text(output::PAGE, &render::html::checks(analysis, &checks, &faults, sources, &plots)?)?;
    Ok(render::plain_verdict(analysis, &checks))
}

/// The claims that had to hold and do not.
fn broken(analysis: &Analysis) -> Vec<String> {
    let is_broken = |verdict: &&Verdict| verdict.claim.must && verdict.decision == Decision::Refuted;
    analysis.verdicts.iter().filter(is_broken).map(|verdict| verdict.claim.text.clone()).collect()
}

/// The configurations whose runs on fresh seeds decide, each named by one of its planned runs: the best of each combination
/// of the settings that are not tuned, and those that claims choose by conditions of their own. Empty unless the experiment
/// asks for it and every planned run is on record.
pub fn chosen(info: &ExperimentInfo, records: &[RunRecord]) -> Vec<RunId> {
    analysis::chosen_runs(info, records)
}

/// The runs of the [`chosen`] configurations on fresh seeds.
pub fn confirmation_runs(info: &ExperimentInfo, records: &[RunRecord]) -> Vec<RunId> {
    analysis::all_confirmation_runs(info, records)
}
