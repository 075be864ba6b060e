//! The page of functions.

use super::{Parts, page};
use crate::ReportError;
use crate::analysis::{Analysis, NamedFunction};
use crate::chart::Plot;
use crate::figure;
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
        // No metric decides anything here.
        warnings: Vec::new(),
        tables: text::ranges(functions),
        figures: figure::of_functions(functions),
        plots,
        details: text::details(analysis, sources),
    })
}
