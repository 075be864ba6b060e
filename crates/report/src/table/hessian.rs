//! `hessian.csv`: a row per run and measurement, with what was measured of the curvature; `eigenvalues.csv`: a row per
//! eigenvalue.

use super::{Row, Table};
use crate::analysis::{Analysis, probe_names};
use chainrule_record::RunRecord;

/// A row per run and measurement.
pub(super) fn fill(analysis: &Analysis, table: &mut Table) -> Result<(), csv::Error> {
    let probes = probe_names(analysis, false);
    titles(analysis, &probes).write(table)?;
    for run in analysis.records {
        for measurement in 0..run.probes.len() {
            let mut row = first_cells(analysis, run, measurement);
            for name in &probes {
                row.measured(run.probes.value(name, 0, measurement));
            }
            row.write(table)?;
        }
    }
    Ok(())
}

/// A row per run, measurement and eigenvalue, the largest first.
pub(super) fn eigenvalues(analysis: &Analysis, table: &mut Table) -> Result<(), csv::Error> {
    titles(analysis, &["rank", "eigenvalue"]).write(table)?;
    for run in analysis.records {
        for (measurement, spectrum) in run.probes.spectra.iter().enumerate() {
            for (value, rank) in spectrum.iter().zip(1u64..) {
                let mut row = first_cells(analysis, run, measurement);
                row.count(rank).measured(Some(*value)).write(table)?;
            }
        }
    }
    Ok(())
}

fn titles(analysis: &Analysis, last: &[&str]) -> Row {
    let names = analysis.grid.all_factors().map(|factor| factor.setting.as_str());
    let when = ["seed", "epoch", "step"];
    Row::titles(["run_id"].into_iter().chain(names).chain(when).chain(last.iter().copied()))
}

fn first_cells(analysis: &Analysis, run: &RunRecord, measurement: usize) -> Row {
    let labels = analysis.grid.labels(&run.spec);
    let mut row = Row::default();
    row.text(&run.run_id.to_string()).texts(labels).count(run.spec.seed());
    row.count(run.probes.epoch[measurement]).count(run.probes.step[measurement]);
    row
}
