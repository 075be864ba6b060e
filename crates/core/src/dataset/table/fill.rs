//! Reads all rows once more, and makes inputs and targets of them.

use super::cell::{Cell, decimal_comma, lenient};
use super::cells::Row;
use super::column::flag;
use super::date;
use super::keys::Keys;
use super::leak::Watch;
use super::levels::level;
use super::problem::Problems;
use super::roles::Roles;
use super::structure::Table;
use super::survey::Survey;
use super::target::{Target, Task};
use super::treatment::{Decision, Form, Treatment, missing};
use crate::dataset::features::{Collector, NoRoom};
use crate::dataset::{Input, Samples, Targets};
use ndarray::Array2;
use std::collections::HashMap;

/// How the cells of a column become inputs.
pub(super) struct Encoder {
    pub(super) column: usize,
    how: How,
    has_plus: bool,
    /// Whether a 0/1 input for missing cells follows, as a level of a category or after a number.
    pub(super) marks_missing: bool,
}

enum How {
    Number(Form),
    Flag,
    /// The place of each level.
    Category(HashMap<Box<[u8]>, usize>),
    Date(&'static str),
}

impl Encoder {
    /// The encoder of a column that is not left out.
    fn of(column: usize, decision: &Decision, survey: &Survey, keys: &Keys<'_>) -> Option<Self> {
        let facts = &survey.facts[column];
        let how = match decision.treatment {
            Treatment::LeftOut => return None,
            Treatment::Number(form) => How::Number(form),
            Treatment::Flag => How::Flag,
            Treatment::Date(format) => How::Date(format),
            Treatment::Category => {
                let levels =
                    survey.levels[column].as_ref().map(|levels| levels.in_order()).unwrap_or_default();
                How::Category(
                    levels.into_iter().enumerate().map(|(place, (text, _))| (text.into(), place)).collect(),
                )
            }
        };
        let marks = matches!(how, How::Category(_)) || keys.missing == "indicator";
        let marks_missing = marks && missing(facts, decision.treatment) > 0;
        Some(Self { column, how, has_plus: facts.has_plus, marks_missing })
    }

    /// The inputs that it makes.
    pub(super) fn inputs(&self, name: &str) -> Vec<Input> {
        let input = |name: String, is_indicator| Input { name, is_indicator };
        let mut inputs = match &self.how {
            How::Number(_) => vec![input(name.to_owned(), false)],
            How::Flag => vec![input(name.to_owned(), true)],
            How::Date(_) => date::PARTS.map(|part| input(format!("{name}: {part}"), false)).into(),
            How::Category(levels) => {
                let mut levels: Vec<_> = levels.iter().collect();
                levels.sort_by_key(|(_, place)| **place);
                let level = |text: &[u8]| format!("{name} = {}", String::from_utf8_lossy(text));
                levels.iter().map(|(text, _)| input(level(text), true)).collect()
            }
        };
        if self.marks_missing {
            inputs.push(input(format!("{name} is missing"), true));
        }
        inputs
    }

    /// Adds the inputs of a cell. Returns whether it is missing.
    fn push(&self, cell: &[u8], inputs: &mut Vec<f64>) -> bool {
        let is_missing = match &self.how {
            How::Number(form) => push_number(form.read(cell), inputs),
            How::Flag => push_number(flag(cell.trim_ascii()).map(|flag| f64::from(u8::from(flag))), inputs),
            How::Date(format) => {
                let date =
                    std::str::from_utf8(cell.trim_ascii()).ok().and_then(|text| date::date(text, format));
                inputs.extend(date.map_or([f64::NAN; 3], date::parts));
                date.is_none()
            }
            How::Category(levels) => {
                let start = inputs.len();
                inputs.resize(start + levels.len(), 0.0);
                let place = level(cell, self.has_plus).and_then(|text| levels.get(text));
                place.into_iter().for_each(|place| inputs[start + place] = 1.0);
                place.is_none()
            }
        };
        if self.marks_missing {
            inputs.push(f64::from(u8::from(is_missing)));
        }
        is_missing
    }
}

fn push_number(number: Option<f64>, inputs: &mut Vec<f64>) -> bool {
    inputs.push(number.unwrap_or(f64::NAN));
    number.is_none()
}

impl Form {
    /// The number of a cell; `None` if it is missing.
    fn read(self, cell: &[u8]) -> Option<f64> {
        let otherwise = |read: fn(&str) -> Option<f64>| std::str::from_utf8(cell).ok().and_then(read);
        match (self, Cell::of(cell)) {
            // Decimal commas come with points between the thousands, but a number without commas may be plain.
            (_, Cell::Number(number)) if self != Self::DecimalComma => Some(number),
            (Self::Lenient, Cell::Text(_)) => otherwise(lenient),
            (Self::DecimalComma, Cell::Number(_) | Cell::Text(_)) => otherwise(decimal_comma),
            _ => None,
        }
    }
}

/// The samples of a table, and what became of its rows.
pub(super) struct Filled {
    pub(super) samples: Samples,
    pub(super) encoders: Vec<Encoder>,
    pub(super) without_target: usize,
    pub(super) with_missing: usize,
    pub(super) warnings: Vec<String>,
}

/// Makes the samples.
pub(super) fn fill(
    table: &Table<'_>,
    roles: &Roles,
    survey: &Survey,
    decisions: &[Decision],
    target: &Target,
    keys: &Keys<'_>,
) -> Result<Filled, Problems> {
    let encoders: Vec<Encoder> = decisions
        .iter()
        .enumerate()
        .filter_map(|(column, decision)| Encoder::of(column, decision, survey, keys))
        .collect();
    let name = |column: usize| table.columns[column].name.as_str();
    let mut inputs: Vec<Input> =
        encoders.iter().flat_map(|encoder| encoder.inputs(name(encoder.column))).collect();
    let mut rows = Rows::new(inputs.len(), &encoders, survey, target);
    table.cells.each(|row| rows.add(&row, &encoders, roles, target, keys))?;
    let used = rows.used;
    if used == 0 {
        return Err("no row has both a target and all inputs that `missing` requires".into());
    }
    let warnings = rows.watch.warnings(table);
    let features = rows.features.finish(used, inputs.len()).ok_or("its rows differ in length")?;
    inputs.iter_mut().enumerate().for_each(|(place, input)| {
        input.is_indicator |= rows.is_binary[place];
    });
    let (targets, target_names) = match &target.task {
        Task::Classes { names, .. } => {
            (Targets::Classes { labels: rows.labels, count: names.len() }, names.clone())
        }
        Task::Values(forms) => {
            let values = Array2::from_shape_vec((used, forms.len()), rows.values);
            let values = values.map_err(|error| error.to_string())?;
            (Targets::Values(values), roles.targets.iter().map(|&column| name(column).to_owned()).collect())
        }
    };
    let samples = Samples { inputs, target_names, groups: rows.groups, ..Samples::new(features, targets) };
    Ok(Filled {
        samples,
        encoders,
        without_target: rows.without_target,
        with_missing: rows.with_missing,
        warnings,
    })
}

/// The rows so far.
struct Rows<'a> {
    features: Collector,
    /// The inputs of a row.
    inputs: Vec<f64>,
    /// For each input: whether all its numbers are 0, 1 or missing.
    is_binary: Vec<bool>,
    labels: Vec<u32>,
    values: Vec<f64>,
    groups: Vec<u32>,
    group_of: HashMap<Box<[u8]>, u32>,
    watch: Watch<'a>,
    used: usize,
    without_target: usize,
    with_missing: usize,
}

impl<'a> Rows<'a> {
    fn new(width: usize, encoders: &[Encoder], survey: &'a Survey, target: &Target) -> Self {
        let mut values = Vec::new();
        if let Task::Values(forms) = &target.task {
            values.reserve(forms.len() * survey.rows);
        }
        Self {
            features: Collector::new(width.saturating_mul(survey.rows)),
            inputs: Vec::with_capacity(width),
            is_binary: vec![true; width],
            labels: Vec::new(),
            values,
            groups: Vec::new(),
            group_of: HashMap::new(),
            watch: Watch::new(encoders.iter().map(|encoder| encoder.column), survey, target),
            used: 0,
            without_target: 0,
            with_missing: 0,
        }
    }

    fn add(
        &mut self,
        row: &Row<'_>,
        encoders: &[Encoder],
        roles: &Roles,
        target: &Target,
        keys: &Keys<'_>,
    ) -> Result<(), Problems> {
        let cell = |column: usize| row.cells.get(column).unwrap_or_default();
        let Some(label) = self.target(&cell, roles, target) else {
            self.without_target += 1;
            return Ok(());
        };
        self.inputs.clear();
        let mut any_missing = false;
        for encoder in encoders {
            any_missing |= encoder.push(cell(encoder.column), &mut self.inputs);
        }
        if any_missing && keys.missing == "drop" {
            self.with_missing += 1;
            self.values.truncate(self.used * roles.targets.len());
            return Ok(());
        }
        let pushed = self.inputs.iter().zip(&mut self.is_binary).try_for_each(|(x, is_binary)| {
            *is_binary &= *x == 0.0 || *x == 1.0 || x.is_nan();
            self.features.push(*x)
        });
        pushed.map_err(NoRoom::text)?;
        self.labels.extend(label);
        if let Some(group) = roles.group {
            let next = self.group_of.len() as u32;
            self.groups.push(*self.group_of.entry(cell(group).trim_ascii().into()).or_insert(next));
        }
        label.into_iter().for_each(|label| self.watch.see(&cell, label));
        self.used += 1;
        Ok(())
    }

    /// The class of a row, or `None` within `Some` after its target numbers were added; `None` if its target is missing.
    #[expect(
        clippy::option_option,
        reason = "a row without a target, and a target without a class, are different"
    )]
    fn target<'r>(
        &mut self,
        cell: &impl Fn(usize) -> &'r [u8],
        roles: &Roles,
        target: &Target,
    ) -> Option<Option<u32>> {
        let Task::Values(forms) = &target.task else {
            return target.class(cell(*roles.targets.first()?)).map(Some);
        };
        let before = self.values.len();
        for (form, &column) in forms.iter().zip(&roles.targets) {
            self.values.extend(form.read(cell(column)));
        }
        if self.values.len() == before + forms.len() {
            return Some(None);
        }
        self.values.truncate(before);
        None
    }
}
