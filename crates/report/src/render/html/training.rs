//! The page of training.

use super::{Parts, page};
use crate::ReportError;
use crate::analysis::Analysis;
use crate::chart::Plot;
use crate::figure;
use crate::render::{answer, answer_table, basis, details, results};
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
        answer: answer::markdown(analysis),
        warnings: analysis.warnings.clone(),
        tables: [answer_table(analysis), basis(analysis), results(analysis)].concat(),
        figures: figure::of_training(analysis),
        plots,
        details: details(analysis, sources),
    })
}
