//! The tables of gradient checks, and those of their plots.

use super::{Row, faults, gradient_check, save};
use crate::analysis::{Analysis, Bars, Checks, FaultRow, Steps};
use crate::error::ReportError;
use crate::output::{FAULTS, GRADIENT_CHECK, Output};

/// Writes `gradient_check.csv`, and `faults.csv` where faults vary.
pub(crate) fn write(
    analysis: &Analysis,
    checks: &Checks,
    found: &[FaultRow],
    output: &mut Output,
) -> Result<(), ReportError> {
    save(output, GRADIENT_CHECK, |table| gradient_check::fill(analysis, checks, table))?;
    if found.is_empty() { Ok(()) } else { save(output, FAULTS, |table| faults::fill(found, table)) }
}

/// The table of a plot of bars.
pub(crate) fn bars(plot: &Bars, name: &str, output: &mut Output) -> Result<(), ReportError> {
    save(output, &format!("plots/{name}.csv"), |table| {
        let series = if plot.series_name.is_empty() { "checks_of" } else { &plot.series_name };
        let measured = ["checks", "median_relative_error", "largest_relative_error", "tolerance"];
        Row::titles([plot.column_name.as_str(), series].into_iter().chain(measured)).write(table)?;
        for bar in &plot.bars {
            let mut row = Row::default();
            row.text(&plot.columns[bar.column]).text(&plot.series[bar.series]).count(bar.checks as u64);
            row.number(Some(bar.median))
                .number(Some(bar.largest))
                .number(Some(bar.tolerance))
                .write(table)?;
        }
        Ok(())
    })
}

/// The table of the plot of errors over steps: what was measured, and the ends of the lines that are drawn beside it.
pub(crate) fn steps(plot: &Steps, name: &str, output: &mut Output) -> Result<(), ReportError> {
    save(output, &format!("plots/{name}.csv"), |table| {
        Row::titles(["line", "precision", "step_size", "checks", "median_relative_error"]).write(table)?;
        for line in &plot.lines {
            for point in &line.points {
                let mut row = Row::default();
                row.text(&line.scheme).text(&line.precision).number(Some(point.step));
                row.count(point.checks as u64).number(Some(point.error)).write(table)?;
            }
        }
        for slope in &plot.slopes {
            for (step, error) in [slope.from, slope.to] {
                let mut row = Row::default();
                row.text(&format!("slope {}", slope.power)).text("").number(Some(step)).text("");
                row.number(Some(error)).write(table)?;
            }
        }
        Ok(())
    })
}
