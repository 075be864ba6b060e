//! The page of training.

use super::{Parts, markdown::code, page};
use crate::ReportError;
use crate::analysis::Analysis;
use crate::chart::Plot;
use crate::figure;
use crate::render::{answer, answer_table, confirmation, method, provenance, runs, weights};
use chainrule_record::Manifest;

/// The whole page.
pub(crate) fn training(
    analysis: &Analysis,
    manifest: &Manifest,
    plots: &[Plot],
) -> Result<String, ReportError> {
    page(Parts {
        analysis,
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
            provenance::provenance(manifest),
            provenance::reproduce(analysis),
        ]
        .concat(),
    })
}
