//! The page of training.

use super::{Parts, page};
use crate::ReportError;
use crate::analysis::Analysis;
use crate::chart::Plot;
use crate::figure;
use crate::render::{
    answer, answer_table, comparisons, confirmation, method, provenance, rates, runs, speed, tradeoffs,
    weights,
};
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
        tables: [
            answer_table(analysis),
            comparisons::comparisons(analysis),
            confirmation::confirmation(analysis),
            comparisons::roles(analysis),
        ]
        .concat(),
        figures: figure::of_training(analysis),
        plots,
        results: [
            tradeoffs::tradeoffs(analysis),
            speed::time_to_target(analysis),
            rates::learning_rates(analysis),
            runs::best(analysis),
            weights::weights(analysis),
        ]
        .concat(),
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
