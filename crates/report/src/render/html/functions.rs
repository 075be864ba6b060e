//! The page of functions.

use super::{Parts, page};
use crate::ReportError;
use crate::analysis::{Analysis, NamedFunction};
use crate::chart::Plot;
use crate::figure;
use crate::render::{functions as text, provenance};
use chainrule_record::Manifest;

/// The whole page.
pub(crate) fn functions(
    analysis: &Analysis,
    functions: &[NamedFunction],
    manifest: &Manifest,
    plots: &[Plot],
) -> Result<String, ReportError> {
    page(Parts {
        analysis,
        answer: format!("{}.", text::sentence(functions)),
        // No metric decides anything here.
        warnings: Vec::new(),
        tables: text::ranges(functions),
        figures: figure::of_functions(functions),
        plots,
        results: String::new(),
        details: [
            provenance::fixed(analysis),
            provenance::provenance(manifest),
            provenance::reproduce(analysis),
        ]
        .concat(),
    })
}
