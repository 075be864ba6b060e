//! CSV files: UTF-8, comma separated, quoted where needed. A missing value is an empty cell; numbers are the shortest
//! text that reads back to the same bits.
//!
//! A results table is a list of columns, each with its name, its documentation and its cells. [`with_columns`] makes
//! the tables of `docs/results.md` from these lists.

mod cell;
pub(crate) mod checks;
mod claims;
mod column;
mod comparisons;
mod curves;
mod documentation;
mod faults;
mod gradient_check;
mod hessian;
mod layers;
mod matched;
mod runs;
mod speed;
mod summary;

pub(crate) use cell::{Row, harmless, setting};
pub use documentation::with_columns;

use crate::analysis::{Analysis, Matched, probe_names};
use crate::error::ReportError;
use crate::output::{
    CLAIMS, COMPARISONS, CURVES, EIGENVALUES, HESSIAN, LAYERS, MATCHED, Output, RUNS, SUMMARY,
};

/// Writes `runs.csv`, and `curves.csv` if there was training.
pub(crate) fn write_runs(analysis: &Analysis, output: &mut Output) -> Result<(), ReportError> {
    save(output, RUNS, |table| runs::fill(analysis, table))?;
    match analysis.is_trained() {
        true => save(output, CURVES, |table| curves::fill(analysis, table)),
        false => Ok(()),
    }
}

/// Writes `claims.csv` if there are claims.
pub(crate) fn write_claims(analysis: &Analysis, output: &mut Output) -> Result<(), ReportError> {
    match analysis.verdicts.is_empty() {
        true => Ok(()),
        false => save(output, CLAIMS, |table| claims::fill(analysis, table)),
    }
}

/// Writes `runs.csv`, `curves.csv` and `summary.csv`, the tables of comparisons, speed and tuning, and the tables of
/// probes.
pub(crate) fn write(analysis: &Analysis, output: &mut Output) -> Result<(), ReportError> {
    save(output, RUNS, |table| runs::fill(analysis, table))?;
    save(output, CURVES, |table| curves::fill(analysis, table))?;
    save(output, SUMMARY, |table| summary::fill(analysis, table))?;
    if let Some(all) = &analysis.comparisons {
        save(output, COMPARISONS, |table| comparisons::fill(analysis, all, table))?;
    }
    if let Some(found) = Matched::new(analysis).filter(|found| !found.rows.is_empty()) {
        save(output, MATCHED, |table| matched::fill(analysis, &found, table))?;
    }
    speed::write(analysis, output)?;
    write_probes(analysis, output)
}

/// Writes `layers.csv`, `hessian.csv` and `eigenvalues.csv`, each if probes measured its data.
pub(crate) fn write_probes(analysis: &Analysis, output: &mut Output) -> Result<(), ReportError> {
    if !probe_names(analysis, true).is_empty() {
        save(output, LAYERS, |table| layers::fill(analysis, table))?;
    }
    if !probe_names(analysis, false).is_empty() {
        save(output, HESSIAN, |table| hessian::fill(analysis, table))?;
    }
    if analysis.records.iter().any(|run| !run.probes.spectra.is_empty()) {
        save(output, EIGENVALUES, |table| hessian::eigenvalues(analysis, table))?;
    }
    Ok(())
}

/// An open CSV file.
pub(crate) type Table = csv::Writer<std::fs::File>;

/// The size of the write buffer in bytes: tables of many runs are long.
const BUFFER: usize = 1 << 18;

/// Writes one table.
pub(crate) fn save(
    output: &mut Output,
    name: &str,
    fill: impl FnOnce(&mut Table) -> Result<(), csv::Error>,
) -> Result<(), ReportError> {
    output.file(name, |path| {
        csv::WriterBuilder::new()
            .buffer_capacity(BUFFER)
            .from_path(path)
            .and_then(|mut table| {
                fill(&mut table)?;
                table.flush().map_err(csv::Error::from)
            })
            .map_err(|source| ReportError::Table { path: path.to_owned(), source })
    })
}
