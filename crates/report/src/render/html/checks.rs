//! The page of gradient checks.

use super::{Parts, markdown::code, page};
use crate::ReportError;
use crate::analysis::{Analysis, Checks, FaultRow, fault_curves, faults_alone};
use crate::chart::Plot;
use crate::figure;
use crate::render::{checks as text, faults};
use crate::results::Source;

/// The whole page.
pub(crate) fn checks(
    analysis: &Analysis,
    checks: &Checks,
    rows: &[FaultRow],
    sources: &[Source],
    plots: &[Plot],
) -> Result<String, ReportError> {
    let alone = faults_alone(analysis, checks);
    let sentences = text::sentences(checks).into_iter().chain(faults::sentence(&alone, &code));
    page(Parts {
        analysis,
        sources,
        answer: sentences.collect::<Vec<_>>().join("\n\n"),
        warnings: text::warnings(analysis, checks),
        tables: [
            text::answer_table(analysis, checks),
            text::unexpected(analysis, checks),
            faults::section(&alone, rows, &fault_curves(analysis, checks)),
        ]
        .concat(),
        figures: figure::of_checks(analysis, checks),
        plots,
        details: text::details(analysis, sources),
    })
}
