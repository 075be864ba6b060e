//! The tables of gradient checks.

use super::{faults, gradient_check, save};
use crate::analysis::{Analysis, Checks, FaultRow};
use crate::error::ReportError;
use crate::output::{FAULTS, GRADIENT_CHECK, Output};

/// Writes `gradient_check.csv`, and `faults.csv` if faults vary.
pub(crate) fn write(
    analysis: &Analysis,
    checks: &Checks,
    found: &[FaultRow],
    output: &mut Output,
) -> Result<(), ReportError> {
    save(output, GRADIENT_CHECK, |table| gradient_check::fill(analysis, checks, table))?;
    if found.is_empty() { Ok(()) } else { save(output, FAULTS, |table| faults::fill(found, table)) }
}
