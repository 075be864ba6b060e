//! The page of functions.

use super::markdown::{code, table};
use super::{pictures, provenance, title};
use crate::analysis::{Analysis, Argument, NamedFunction};
use crate::number::{count, rounded};
use crate::plot::Plot;
use crate::results::Source;

/// The definitions of the functions, and their ranges.
pub(crate) fn report(
    analysis: &Analysis,
    functions: &[NamedFunction],
    sources: &[Source],
    plots: &[Plot],
) -> String {
    [
        title(analysis),
        format!("{}.\n\n", sentence(functions)),
        pictures(plots),
        ranges(functions),
        details(analysis, sources),
    ]
    .concat()
}

/// The origin of the results.
pub(super) fn details(analysis: &Analysis, sources: &[Source]) -> String {
    [provenance::fixed(analysis), provenance::provenance(sources), provenance::reproduce(sources)].concat()
}

/// The table of the answer.
pub(super) fn ranges(functions: &[NamedFunction]) -> String {
    format!("## Ranges\n\n{}\n", table(&TITLES, &rows(functions, &code)))
}

/// The same as plain text, for a terminal.
pub(crate) fn plain_answer(functions: &[NamedFunction]) -> String {
    let (titles, rows) = (TITLES.map(str::to_owned).to_vec(), rows(functions, &str::to_owned));
    format!("{}\n\n{}", sentence(functions), super::plain::aligned(titles, rows))
}

pub(super) fn sentence(functions: &[NamedFunction]) -> String {
    let of = match functions.first().map(|function| function.argument) {
        Some(Argument::Probability) => "the probability p of the right one of two classes",
        _ => "the pre-activation z",
    };
    format!("{} of {of}, each with its derivative", count(functions.len(), "function"))
}

const TITLES: [&str; 4] = ["function", "over", "values", "derivatives"];

fn rows(functions: &[NamedFunction], code: &dyn Fn(&str) -> String) -> Vec<Vec<String>> {
    let row = |function: &NamedFunction| {
        let curve = function.curve;
        let x: Vec<Option<f64>> = curve.x.iter().copied().map(Some).collect();
        vec![code(&function.label), range(&x), range(&curve.value), range(&curve.derivative)]
    };
    functions.iter().map(row).collect()
}

/// The range from smallest to largest.
fn range(values: &[Option<f64>]) -> String {
    let finite = || values.iter().flatten().copied().filter(|value| value.is_finite());
    let (low, high) = (finite().reduce(f64::min), finite().reduce(f64::max));
    low.zip(high).map_or_else(
        || "nowhere finite".to_owned(),
        |(low, high)| format!("{} to {}", rounded(low, 4), rounded(high, 4)),
    )
}
