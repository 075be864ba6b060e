//! From run records to tables, plots and pages.
//!
//! A module uses only modules that are listed before it:
//!
//! | module | purpose |
//! |---|---|
//! | `error`, `number`, `text` | errors; formatting of numbers and words |
//! | `results` | the records that a report is based on |
//! | `analysis` | computes everything that is shown; no file access, no drawing |
//! | `shared`, `joined`, `datasets` | joins two results folders into one experiment; splits an experiment by data set |
//! | `output` | the folder that a report is written to |
//! | `table` | CSV files, each a list of columns |
//! | `plot` | plots as values: axes, marks, words, and the table of the data that is drawn |
//! | `files` | the names of all files of a report |
//! | `draw` | plots as PNG, SVG and figures of `report.html` |
//! | `render` | `report.md`, `report.html`, and the answer as plain text |
//! | `baseline` | keeps the results of runs, and compares later runs with them |
//!
//! **Architecture invariant.** Analysis opens no files, rendering computes no statistics, and every plot comes with a
//! CSV file of the data it draws.
//!
//! # How runs are summarized
//! A *configuration* is one value for every setting that varies. Its runs differ only in their seed. The median over
//! its seeds ranks diverged and failed runs worse than any number. So a configuration has no median if half or more of
//! its runs diverged.
//!
//! Missing numbers are not replaced. The minimum, the maximum and curves cover finished runs, and the number of
//! diverged runs is shown next to them. A run that its time limit stopped counts with the result it had reached. Final
//! metrics are measured with the kept parameters: early stopping returns to its best epoch.

mod analysis;
pub mod baseline;
mod datasets;
mod draw;
mod error;
mod files;
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

pub use error::{JoinError, ReportError};
pub use files::is_report_file;
pub use joined::join;
pub use output::ReportOptions;
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

/// The result of [`write()`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportSummary {
    /// The files, in the order they were written.
    pub files: Vec<PathBuf>,
    /// The files that were neither replaced nor removed, because they may not be ours.
    pub kept: Vec<Kept>,
    /// Lines of the list of our files that could not be parsed.
    pub unreadable: usize,
    /// The answer as plain text: the claims, the recommendation and its certainty, the warnings, and a table with one
    /// row for each compared value.
    pub answer: String,
    /// The claims marked `must` that the runs refute.
    pub broken: Vec<String>,
}

/// Writes the report of an experiment to `folder`:
///
/// - `report.md` and `report.html`;
/// - `manifest.json` if there is one source;
/// - `runs.csv`, `curves.csv` and `summary.csv`;
/// - `layers.csv`, `hessian.csv` and `eigenvalues.csv` if probes measured them;
/// - `claims.csv` if there are claims;
/// - `comparisons.csv`, `time_to_target.csv`, `sensitivity.csv`, `tradeoffs.csv` and `profiles.csv` if there is
///   something to compare;
/// - `plots/*.png`, each with a `.csv` of the data it draws.
///
/// `progress` is called at the start of each step.
///
/// Files are written atomically. Each is listed with its digest in [`LIST`](chainrule_record::folder::LIST). Files of
/// an earlier report that this one does not have are removed if they are listed and unchanged. All other files are
/// kept. A file that would be replaced is also kept if it is not listed or was changed. Nothing is written or removed
/// through a link.
///
/// If training uses several data sets, and the data set is not compared, this report covers the comparison across data
/// sets. Each `datasets/NAME/` has a whole report of one data set.
///
/// The report of gradient checks has `gradient_check.csv` (and `faults.csv`) instead of `summary.csv`. It has
/// `curves.csv` only if something was trained.
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
    let mut output = Output::new(&mut folder, options, is_report_file, progress);
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
    let Outcome { written, kept, unreadable } = output::finish(folder, is_report_file)?;
    Ok(ReportSummary { files: written, kept, unreadable, answer, broken: broken(&analysis) })
}

/// Checks that a report can be written to a folder: `plots` and `datasets` in it must be folders, or not exist.
///
/// # Errors
/// If one of them is a link or a file.
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

/// The report of training on several data sets: a comparison across data sets, and a whole report of each.
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

/// The refuted claims that are marked `must`.
fn broken(analysis: &Analysis) -> Vec<String> {
    let is_broken = |verdict: &&Verdict| verdict.claim.must && verdict.decision == Decision::Refuted;
    analysis.verdicts.iter().filter(is_broken).map(|verdict| verdict.claim.text.clone()).collect()
}

/// The configurations whose runs on fresh seeds decide, each identified by one of its planned runs. They are the best
/// for each combination of the settings that are not tuned, and the choices of claims with their own conditions. Empty
/// unless the experiment sets `confirm_seeds` and every planned run is recorded.
pub fn chosen(info: &ExperimentInfo, records: &[RunRecord]) -> Vec<RunId> {
    analysis::chosen_runs(info, records)
}

/// The runs of the [`chosen`] configurations on fresh seeds.
pub fn confirmation_runs(info: &ExperimentInfo, records: &[RunRecord]) -> Vec<RunId> {
    analysis::all_confirmation_runs(info, records)
}
