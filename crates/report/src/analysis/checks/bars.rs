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
    let name = |layer: u64| if layer == 0 { "inputs".to_owned() } else { layer.to_string() };
    let bars = Bars {
        column_name: "layer".to_owned(),
        columns: (0..=last).map(name).collect(),
        series_name: analysis.compared_name().to_owned(),
        series: analysis.compared.iter().map(|compared| compared.label.clone()).collect(),
        bars: Vec::new(),
    };
    bars.filled(|layer, series| {
        let here = strict.iter().filter(|one| level_of(analysis, one.run) == series);
        bar(here, |row| row.layer == layer as u64, checks.strictest?)
    })
}

/// Groups by precision, and by scheme if it varies. They contain the gradients without a fault whose step is chosen
/// automatically. `None` if the precision does not vary.
pub(crate) fn by_precision(analysis: &Analysis, checks: &Checks) -> Option<Bars> {
    let factors = &analysis.grid.factors;
    let (precision, scheme) = (analysis.grid.factor("precision")?, analysis.grid.factor("scheme"));
    let labels = |factor: usize| factors[factor].levels.iter().map(|level| level.label.clone()).collect();
    let automatic = |one: &&CheckedRun| {
        one.is_sound() && one.run.spec.get("step_size").is_none_or(|step| !step.is_number())
    };
    let ours: Vec<&CheckedRun> = checks.all.iter().filter(automatic).collect();
    let place = |one: &CheckedRun| {
        let levels = analysis.grid.locate(&one.run.spec);
        (levels[precision], scheme.map_or(0, |scheme| levels[scheme]))
    };
    let bars = Bars {
        column_name: "precision".to_owned(),
        columns: labels(precision),
        series_name: scheme.map_or_else(String::new, |_| "scheme".to_owned()),
        series: scheme.map_or_else(|| vec!["all checks".to_owned()], labels),
        bars: Vec::new(),
    };
    bars.filled(|column, series| {
        let here = || ours.iter().copied().filter(|one| place(one) == (column, series));
        bar(here(), |_| true, here().next()?.check.tolerance)
    })
}

impl Bars {
    /// Adds the bar of each column and series. `None` if there is none.
    fn filled(mut self, bar: impl Fn(usize, usize) -> Option<Bar>) -> Option<Self> {
        for (column, series) in
            (0..self.columns.len()).flat_map(|a| (0..self.series.len()).map(move |b| (a, b)))
        {
            self.bars.extend(bar(column, series).map(|bar| Bar { column, series, ..bar }));
        }
        (!self.bars.is_empty()).then_some(self)
    }
}

/// The group with the chosen rows of some checks; `None` if no entry was compared.
fn bar<'a>(
    checks: impl Iterator<Item = &'a CheckedRun<'a>>,
    is_chosen: impl Fn(&TensorRow) -> bool,
    tolerance: f64,
) -> Option<Bar> {
    let rows = |one: &'a CheckedRun| one.check.rows.iter().filter(|row| is_chosen(row)).collect();
    let checks: Vec<Vec<&TensorRow>> = checks.map(rows).collect();
    let rows = || checks.iter().flatten();
    Some(Bar {
        column: 0,
        series: 0,
        checks: checks.iter().filter(|rows| !rows.is_empty()).count(),
        median: median(rows().filter_map(|row| row.finite_median()).collect())?,
        largest: rows().filter_map(|row| row.finite_largest()).fold(0.0, f64::max),
        tolerance,
    })
}
