//! Errors of gradients in groups, from the median to the largest.

use super::{CheckedRun, Checks, level_of, median};
use crate::analysis::Analysis;
use chainrule_record::TensorRow;

/// Groups of errors, drawn as bars that are side by side in columns.
pub(crate) struct Bars {
    /// The subject of the columns.
    pub(crate) column_name: String,
    /// Their names.
    pub(crate) columns: Vec<String>,
    /// The subject of the bars within a column.
    pub(crate) series_name: String,
    /// Their names.
    pub(crate) series: Vec<String>,
    /// The groups.
    pub(crate) bars: Vec<Bar>,
}

/// A group of errors.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bar {
    /// The index of the column.
    pub(crate) column: usize,
    /// The index of the bar within the column.
    pub(crate) series: usize,
    /// The number of checks.
    pub(crate) checks: usize,
    /// The median over the tensors of their median errors.
    pub(crate) median: f64,
    /// The largest relative error.
    pub(crate) largest: f64,
    /// The largest relative error that passes.
    pub(crate) tolerance: f64,
}

/// Groups by layer, with the inputs as layer 0, and compared value. They contain the gradients without a fault that are
/// checked with the strictest tolerance. `None` if no entry was compared.
pub(crate) fn by_layer(analysis: &Analysis, checks: &Checks) -> Option<Bars> {
    let strict: Vec<CheckedRun> = checks.strict().collect();
    let last = strict.iter().flat_map(|one| &one.check.rows).map(|row| row.layer).max()?;
    let bars: Vec<Bar> = (0..=last)
        .flat_map(|layer| (0..analysis.compared.len()).map(move |series| (layer, series)))
        .filter_map(|(layer, series)| {
            let here = strict.iter().filter(|one| level_of(analysis, one.run) == series);
            let rows: Vec<_> = here.map(|one| of_layer(one, layer)).collect();
            bar((layer as usize, series), rows, checks.strictest?)
        })
        .collect();
    let name = |layer: u64| if layer == 0 { "inputs".to_owned() } else { layer.to_string() };
    (!bars.is_empty()).then(|| Bars {
        column_name: "layer".to_owned(),
        columns: (0..=last).map(name).collect(),
        series_name: analysis.compared_name().to_owned(),
        series: analysis.compared.iter().map(|compared| compared.label.clone()).collect(),
        bars,
    })
}

fn of_layer<'a>(one: &CheckedRun<'a>, layer: u64) -> Vec<&'a TensorRow> {
    one.check.rows.iter().filter(|row| row.layer == layer).collect()
}

/// Groups by precision, and by scheme if it varies. They contain the gradients without a fault whose step is chosen
/// automatically. `None` if the precision does not vary.
pub(crate) fn by_precision(analysis: &Analysis, checks: &Checks) -> Option<Bars> {
    let factors = &analysis.grid.factors;
    let factor = |name: &str| factors.iter().position(|factor| factor.setting == name);
    let (precision, scheme) = (factor("precision")?, factor("scheme"));
    let labels = |factor: usize| factors[factor].levels.iter().map(|level| level.label.clone()).collect();
    let automatic = |one: &&CheckedRun| {
        one.is_sound() && one.run.spec.get("step_size").is_none_or(|step| !step.is_number())
    };
    let ours: Vec<&CheckedRun> = checks.all.iter().filter(automatic).collect();
    let series: Vec<String> = scheme.map_or_else(|| vec!["all checks".to_owned()], labels);
    let place = |one: &CheckedRun| {
        let levels = analysis.grid.locate(&one.run.spec);
        (levels[precision], scheme.map_or(0, |scheme| levels[scheme]))
    };
    let places = (0..factors[precision].levels.len())
        .flat_map(|column| (0..series.len()).map(move |series| (column, series)));
    let bars: Vec<Bar> = places
        .filter_map(|at| {
            let here: Vec<_> = ours.iter().filter(|one| place(one) == at).collect();
            let tolerance = here.first()?.check.tolerance;
            bar(at, here.iter().map(|one| one.check.rows.iter().collect()).collect(), tolerance)
        })
        .collect();
    (!bars.is_empty()).then(|| Bars {
        column_name: "precision".to_owned(),
        columns: labels(precision),
        series_name: scheme.map_or_else(String::new, |_| "scheme".to_owned()),
        series,
        bars,
    })
}

/// The group with the rows of some checks; `None` if no entry was compared.
fn bar((column, series): (usize, usize), checks: Vec<Vec<&TensorRow>>, tolerance: f64) -> Option<Bar> {
    let rows = || checks.iter().flatten();
    Some(Bar {
        column,
        series,
        checks: checks.iter().filter(|rows| !rows.is_empty()).count(),
        median: median(rows().filter_map(|row| row.finite_median()).collect())?,
        largest: rows().filter_map(|row| row.finite_largest()).fold(0.0, f64::max),
        tolerance,
    })
}
