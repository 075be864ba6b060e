//! The page of training.

use super::{Parts, markdown::code, page};
use crate::ReportError;
use crate::analysis::Analysis;
use crate::chart::Plot;
use crate::figure;
use crate::render::{answer, answer_table, confirmation, method, provenance, runs, weights};
use crate::results::Source;

/// The whole page.
pub(crate) fn training(
    analysis: &Analysis,
    sources: &[Source],
    plots: &[Plot],
) -> Result<String, ReportError> {
    page(Parts {
        analysis,
        sources,
        answer: answer::sentences(analysis, &code).join("\n\n"),
        warnings: analysis.warnings.clone(),
        tables: [answer_table(analysis), confirmation::confirmation(analysis)].concat(),
        figures: figure::of_training(analysis),
        plots,
        results: [runs::best(analysis), weights::weights(analysis)].concat(),
        details: [
            runs::endings(analysis),
            runs::lost(analysis),
            runs::skipped(analysis),
            provenance::data(analysis),
            provenance::fixed(analysis),
            method(analysis),
            provenance::provenance(sources),
            provenance::reproduce(sources),
        ]
        .concat(),
    })
}
