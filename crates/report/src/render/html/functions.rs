//! The page of functions.

use super::{Parts, page};
use crate::ReportError;
use crate::analysis::{Analysis, NamedFunction};
use crate::draw::figures;
use crate::plot::Plot;
use crate::render::functions as text;
use crate::results::Source;

/// The whole page.
pub(crate) fn functions(
    analysis: &Analysis,
    functions: &[NamedFunction],
    sources: &[Source],
    plots: &[Plot],
) -> Result<String, ReportError> {
    page(Parts {
        analysis,
        sources,
        answer: format!("{}.", text::sentence(functions)),
        // There is no deciding metric.
        warnings: Vec::new(),
        tables: text::ranges(functions),
        figures: figures(plots),
        details: text::details(analysis, sources),
    })
}
