//! CSV files: UTF-8, comma separated, quoted where needed. A missing value is an empty cell; numbers are the shortest
//! text that reads back to the same bits.

mod cell;
pub(crate) mod checks;
mod claims;
mod curves;
mod faults;
mod functions;
mod layers;
mod plots;
mod runs;
mod summary;

pub(crate) use cell::Row;
pub(crate) use checks::{bars, steps};
pub(crate) use faults::{fault_curves, fault_map};
pub(crate) use functions::functions;
pub(crate) use plots::{convergence, heat_map, seed_spread, sensitivity, singular_values};

use crate::ReportError;
use crate::analysis::Analysis;
use crate::output::{CLAIMS, CURVES, LAYERS, Output, SUMMARY};

/// Writes `runs.csv`, and `curves.csv` where anything was trained.
pub(crate) fn write_runs(analysis: &Analysis, output: &mut Output) -> Result<(), ReportError> {
    save(output, "runs.csv", |table| runs::fill(analysis, table))?;
    match analysis.is_trained() {
        true => save(output, CURVES, |table| curves::fill(analysis, table)),
        false => Ok(()),
    }
}

/// Writes `claims.csv` if something is claimed.
pub(crate) fn write_claims(analysis: &Analysis, output: &mut Output) -> Result<(), ReportError> {
    match analysis.verdicts.is_empty() {
        true => Ok(()),
        false => save(output, CLAIMS, |table| claims::fill(analysis, table)),
    }
}

/// Writes `runs.csv`, `curves.csv` and `summary.csv`, and `layers.csv` if a run has layers.
pub(crate) fn write(analysis: &Analysis, output: &mut Output) -> Result<(), ReportError> {
    save(output, "runs.csv", |table| runs::fill(analysis, table))?;
    save(output, CURVES, |table| curves::fill(analysis, table))?;
    save(output, SUMMARY, |table| summary::fill(analysis, table))?;
    match analysis.records.iter().any(|run| !run.layers.is_empty()) {
        true => save(output, LAYERS, |table| layers::fill(analysis, table)),
        false => Ok(()),
    }
}

/// A CSV file that is being written.
pub(crate) type Table = csv::Writer<std::fs::File>;

/// Writes one table.
pub(crate) fn save(
    output: &mut Output,
    name: &str,
    fill: impl FnOnce(&mut Table) -> Result<(), csv::Error>,
) -> Result<(), ReportError> {
    output.file(name, |path| {
        csv::Writer::from_path(path)
            .and_then(|mut table| {
                fill(&mut table)?;
                table.flush().map_err(csv::Error::from)
            })
            .map_err(|source| ReportError::Table { path: path.to_owned(), source })
    })
}
