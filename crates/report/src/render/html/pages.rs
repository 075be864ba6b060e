//! The page of each kind of experiment.

use super::{Parts, markdown::code, page};
use crate::ReportError;
use crate::analysis::{Analysis, Checks, FaultRow, NamedFunction, fault_curves, faults_alone};
use crate::draw::figures;
use crate::plot::Plot;
use crate::render::datasets::OfDataset;
use crate::render::{answer, answer_table, basis, checks as of_checks, datasets as of_datasets, details};
use crate::render::{faults, functions as of_functions, results, speed};
use crate::results::Source;

type Page = Result<String, ReportError>;

/// The page of training.
pub(crate) fn training(analysis: &Analysis, sources: &[Source], plots: &[Plot]) -> Page {
    page(Parts {
        analysis,
        sources,
        answer: answer::markdown(analysis),
        warnings: analysis.warnings.clone(),
        tables: [answer_table(analysis), basis(analysis), results(analysis)].concat(),
        figures: figures(plots),
        details: details(analysis, sources),
    })
}

/// The page of training on several data sets.
pub(crate) fn datasets(analysis: &Analysis, each: &[OfDataset], sources: &[Source], plots: &[Plot]) -> Page {
    page(Parts {
        analysis,
        sources,
        answer: of_datasets::markdown(analysis, each),
        warnings: of_datasets::warnings(analysis, each),
        tables: of_datasets::tables(analysis, each, "html") + &speed::time_to_target(analysis),
        figures: figures(plots),
        details: details(analysis, sources),
    })
}

/// The page of gradient checks.
pub(crate) fn checks(
    analysis: &Analysis,
    checks: &Checks,
    rows: &[FaultRow],
    sources: &[Source],
    plots: &[Plot],
) -> Page {
    let alone = faults_alone(analysis, checks);
    let sentences = of_checks::sentences(checks).into_iter().chain(faults::sentence(&alone, &code));
    page(Parts {
        analysis,
        sources,
        answer: sentences.collect::<Vec<_>>().join("\n\n"),
        warnings: of_checks::warnings(analysis, checks),
        tables: [
            of_checks::answer_table(analysis, checks),
            of_checks::unexpected(analysis, checks),
            faults::section(&alone, rows, &fault_curves(analysis, checks)),
        ]
        .concat(),
        figures: figures(plots),
        details: of_checks::details(analysis, sources),
    })
}

/// The page of functions. There is no deciding metric, so there are no warnings.
pub(crate) fn functions(
    analysis: &Analysis,
    functions: &[NamedFunction],
    sources: &[Source],
    plots: &[Plot],
) -> Page {
    page(Parts {
        analysis,
        sources,
        answer: format!("{}.", of_functions::sentence(functions)),
        warnings: Vec::new(),
        tables: of_functions::ranges(functions),
        figures: figures(plots),
        details: of_functions::details(analysis, sources),
    })
}
