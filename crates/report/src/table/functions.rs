//! `plots/functions.csv`: a row per function and point.

use super::{Row, save};
use crate::analysis::NamedFunction;
use crate::error::ReportError;
use crate::output::Output;

/// The table of the plot of functions.
pub(crate) fn functions(functions: &[NamedFunction], output: &mut Output) -> Result<(), ReportError> {
    save(output, "plots/functions.csv", |table| {
        Row::titles(["function", "x", "value", "derivative"]).write(table)?;
        for NamedFunction { label, curve, .. } in functions {
            for ((x, value), derivative) in curve.x.iter().zip(&curve.value).zip(&curve.derivative) {
                let mut row = Row::default();
                row.text(label).measured(Some(*x)).measured(*value).measured(*derivative).write(table)?;
            }
        }
        Ok(())
    })
}
