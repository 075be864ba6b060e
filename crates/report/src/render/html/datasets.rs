//! The page of training on several data sets.

use super::{Parts, page};
use crate::ReportError;
use crate::analysis::Analysis;
use crate::chart::Plot;
use crate::figure;
use crate::render::datasets::{self as text, OfDataset};
use crate::render::{details, speed};
use crate::results::Source;

/// The whole page.
pub(crate) fn datasets(
    analysis: &Analysis,
    each: &[OfDataset],
    sources: &[Source],
    plots: &[Plot],
) -> Result<String, ReportError> {
    page(Parts {
        analysis,
        sources,
        answer: text::markdown(analysis, each),
        warnings: text::warnings(analysis, each),
        tables: text::tables(analysis, each, "html") + &speed::time_to_target(analysis),
        figures: figure::over_datasets(analysis),
        plots,
        details: details(analysis, sources),
    })
}
