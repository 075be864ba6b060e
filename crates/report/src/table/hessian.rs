//! `hessian.csv`: a row for each run and measurement of the curvature; `eigenvalues.csv`: a row for each eigenvalue.

use super::Table;
use super::column::{Column, Measured, OfRun, columns, of_runs, run_columns, write};
use crate::analysis::{Analysis, probe_names};

/// A row about a measurement of a run.
type AtMeasurement<'a> = OfRun<'a, usize>;
/// A row about an eigenvalue: measurement, rank and value.
type Eigenvalue<'a> = OfRun<'a, (usize, u64, f64)>;

/// A row for each run and measurement.
pub(super) fn fill(analysis: &Analysis, table: &mut Table) -> Result<(), csv::Error> {
    let names = probe_names(analysis, false);
    let mut all = when(|measurement: &usize| *measurement);
    all.extend(names.iter().map(|name| measured(name, "")));
    let rows = of_runs(analysis, analysis.records.iter(), |run| 0..run.probes.len());
    write(table, &run_columns(analysis, all), rows)
}

/// A row for each run, measurement and eigenvalue, the largest first.
pub(super) fn eigenvalues(analysis: &Analysis, table: &mut Table) -> Result<(), csv::Error> {
    let mut all = when(|(measurement, ..): &(usize, u64, f64)| *measurement);
    all.extend(eigenvalue_columns());
    let rows = of_runs(analysis, analysis.records.iter(), |run| {
        run.probes.spectra.iter().enumerate().flat_map(|(measurement, spectrum)| {
            spectrum.iter().zip(1..).map(move |(value, rank)| (measurement, rank, *value))
        })
    });
    write(table, &run_columns(analysis, all), rows)
}

fn when<'a, X: 'a>(measurement: fn(&X) -> usize) -> Vec<Column<'a, OfRun<'a, X>>> {
    columns! { row: OfRun<X>;
        "epoch" => row.run.probes.epoch[measurement(&row.of)],
        "step" => row.run.probes.step[measurement(&row.of)],
    }
}

fn measured<'a>(name: &'a str, doc: &'static str) -> Column<'a, AtMeasurement<'a>> {
    Column::new(name, doc, move |row: &AtMeasurement| Measured(row.run.probes.value(name, 0, row.of)))
}

/// The columns of `hessian.csv` in the documentation.
pub(super) fn documented<'a>() -> Vec<Column<'a, AtMeasurement<'a>>> {
    vec![
        measured(
            "sharpness",
            "the largest eigenvalue of the Hessian of the cost on the training set, by Lanczos",
        ),
        measured("largest_eigenvalue", "of all eigenvalues, by LAPACK"),
        measured("smallest_eigenvalue", ""),
        measured(
            "hessian_condition_number",
            "the largest absolute eigenvalue over the smallest; empty if one is 0 up to rounding",
        ),
    ]
}

/// The columns of `eigenvalues.csv` after epoch and step.
pub(super) fn eigenvalue_columns<'a>() -> Vec<Column<'a, Eigenvalue<'a>>> {
    columns! { row: Eigenvalue;
        "rank" "all eigenvalues, from the largest, of rank 1, to the smallest" => row.of.1,
        "eigenvalue" => Measured(Some(row.of.2)),
    }
}
