//! Tables as lists of columns. A column keeps its name, its meaning and its cells in one place. Files and
//! documentation are both made from the list.

use super::{Row, Table};
use crate::analysis::{Analysis, Configuration};
use chainrule_record::RunRecord;
use std::borrow::Cow;
use std::rc::Rc;

/// Adds the cell of a `T` to a row.
type AddCell<'a, T> = Box<dyn Fn(&T, &mut Row) + 'a>;

/// A column of a table whose rows are made from `T`.
pub(crate) struct Column<'a, T> {
    /// Its title.
    name: Cow<'a, str>,
    /// Its meaning, as Markdown. Empty if the text of the previous column covers it.
    doc: &'static str,
    cell: AddCell<'a, T>,
}

impl<'a, T> Column<'a, T> {
    /// A column; `cell` gives the value of a row.
    pub(crate) fn new<C: Cell>(
        name: impl Into<Cow<'a, str>>,
        doc: &'static str,
        cell: impl Fn(&T) -> C + 'a,
    ) -> Self {
        Self { name: name.into(), doc, cell: Box::new(move |row, cells| cell(row).add_to(cells)) }
    }
}

/// The columns of a table whose rows are made from a type: name, meaning and cell of each. A column without a meaning is
/// covered by the text of the previous one.
macro_rules! columns {
    ($row:ident: $type:ty; $($name:literal $($doc:literal)? => $cell:expr,)+) => {
        vec![$($crate::table::column::Column::new($name, concat!($($doc)?), move |$row: &$type| $cell)),+]
    };
}
pub(super) use columns;

/// A value that a cell can hold.
pub(crate) trait Cell {
    /// Adds the cell to a row.
    fn add_to(self, row: &mut Row);
}

/// A measured number, finite or not. A bare `Option<f64>` is a statistic, whose cell is empty if it is not finite.
pub(crate) struct Measured(pub(crate) Option<f64>);

macro_rules! cells {
    ($($type:ty: |$value:ident, $row:ident| $add:expr;)+) => {
        $(impl Cell for $type {
            fn add_to(self, $row: &mut Row) {
                let $value = self;
                $add;
            }
        })+
    };
}

cells! {
    &str: |text, row| row.text(text);
    String: |text, row| row.text(&text);
    u32: |count, row| row.count(count);
    u64: |count, row| row.count(count);
    usize: |count, row| row.count(count as u64);
    f64: |number, row| row.number(Some(number));
    bool: |flag, row| row.flag(Some(flag));
    Option<bool>: |flag, row| row.flag(flag);
    Option<f64>: |number, row| row.number(number);
    Measured: |number, row| row.measured(number.0);
    Option<u64>: |count, row| add_or_empty(count, row);
    Option<usize>: |count, row| add_or_empty(count, row);
    Option<&str>: |text, row| add_or_empty(text, row);
    Option<String>: |text, row| add_or_empty(text, row);
}

/// An absent value is an empty cell.
fn add_or_empty(cell: Option<impl Cell>, row: &mut Row) {
    match cell {
        Some(cell) => cell.add_to(row),
        None => "".add_to(row),
    }
}

/// Writes the titles, then a line for each row.
pub(super) fn write<T>(
    table: &mut Table,
    columns: &[Column<T>],
    rows: impl IntoIterator<Item = T>,
) -> Result<(), csv::Error> {
    table.write_record(columns.iter().map(|column| column.name.as_ref()))?;
    rows.into_iter().try_for_each(|one| {
        let mut row = Row::default();
        columns.iter().for_each(|column| (column.cell)(&one, &mut row));
        row.write(table)
    })
}

/// The columns as a Markdown table. Columns that share a text share a line.
pub(super) fn markdown<T>(columns: &[Column<T>]) -> String {
    let mut text = "| column | meaning |\n|---|---|\n".to_owned();
    for together in columns.chunk_by(|_, next| next.doc.is_empty()) {
        let names: Vec<String> = together.iter().map(|column| format!("`{}`", column.name)).collect();
        text += &format!("| {} | {} |\n", names.join(", "), together[0].doc);
    }
    text
}

/// A row about a run and another value.
pub(super) struct OfRun<'a, X> {
    pub(super) run: &'a RunRecord,
    labels: Rc<[&'a str]>,
    /// The other value.
    pub(super) of: X,
}

/// Rows about runs: `rows` returns the rows of each run.
pub(super) fn of_runs<'a, X, I: IntoIterator<Item = X>>(
    analysis: &'a Analysis,
    runs: impl Iterator<Item = &'a RunRecord>,
    rows: impl Fn(&'a RunRecord) -> I,
) -> impl Iterator<Item = OfRun<'a, X>> {
    runs.flat_map(move |run| {
        let labels: Rc<[&str]> = analysis.grid.labels(&run.spec).into();
        rows(run).into_iter().map(move |of| OfRun { run, labels: labels.clone(), of }).collect::<Vec<_>>()
    })
}

/// The columns of rows about runs: `run_id`, the varying settings, `seed`, and `others`.
pub(super) fn run_columns<'a, X: 'a>(
    analysis: &'a Analysis,
    others: Vec<Column<'a, OfRun<'a, X>>>,
) -> Vec<Column<'a, OfRun<'a, X>>> {
    let mut all = columns! { row: OfRun<X>; "run_id" => row.run.run_id.to_string(), };
    let settings = analysis.grid.all_factors().enumerate();
    all.extend(settings.map(|(index, factor)| {
        Column::new(factor.setting.as_str(), "", move |row: &OfRun<'a, X>| row.labels[index])
    }));
    all.extend(columns! { row: OfRun<X>; "seed" => row.run.spec.seed(), });
    all.extend(others);
    all
}

/// A column for each varying setting, for rows about a configuration.
pub(super) fn setting_columns<'a, T: 'a>(
    analysis: &'a Analysis,
    configuration: fn(&T) -> &'a Configuration<'a>,
) -> impl Iterator<Item = Column<'a, T>> {
    let factors = analysis.grid.factors.iter().enumerate();
    factors.map(move |(factor, known)| {
        let label = move |row: &T| analysis.grid.label(factor, configuration(row).levels[factor]);
        Column::new(known.setting.as_str(), "", label)
    })
}
