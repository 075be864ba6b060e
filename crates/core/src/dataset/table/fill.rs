//! Reads all rows once more, and makes inputs and targets of them.

use super::cells::Row;
use super::encoder::Encoder;
use super::leak::Watch;
use super::levels::{key, level};
use super::numbers::Numbers;
use super::problem::Problems;
use super::roles::Roles;
use super::survey::Known;
use super::target::{Target, Task};
use super::treatment::Decision;
use crate::dataset::features::{Collector, NoRoom};
use crate::dataset::{Input, Samples, Targets};
use ndarray::Array2;
use std::borrow::Cow;
use std::collections::HashMap;

/// The samples of a table, and the rows that were left out.
pub(super) struct Filled {
    pub(super) samples: Samples,
    pub(super) encoders: Vec<Encoder>,
    pub(super) without_target: usize,
    pub(super) with_missing: usize,
    pub(super) warnings: Vec<String>,
}

/// Makes the samples: from all numbers of the table if the first reading kept them and they are the inputs, and else by
/// reading the rows again.
pub(super) fn fill(
    known: Known<'_>,
    numbers: Option<Numbers>,
    decisions: &[Decision],
    target: &Target,
) -> Result<Filled, Problems> {
    let each = decisions.iter().enumerate();
    let encoders: Vec<Encoder> =
        each.filter_map(|(column, decision)| Encoder::of(known, column, decision)).collect();
    let name = |column: usize| known.name(column).to_owned();
    let inputs: Vec<Input> =
        encoders.iter().flat_map(|encoder| encoder.inputs(known.name(encoder.column))).collect();
    let mut watch = Watch::new(encoders.iter().map(|encoder| encoder.column), known.survey);
    let mut rows = match numbers.filter(|_| are_all(known, &encoders, target)) {
        Some(numbers) => Rows::of_numbers(known, numbers, target, &mut watch),
        None => Rows::read(known, &encoders, inputs.len(), target, &mut watch)?,
    };
    if rows.used == 0 {
        return Err("no row has both a target and all inputs that `missing` requires".into());
    }
    let features = rows.features.finish(rows.used, inputs.len()).ok_or("its rows differ in length")?;
    let (targets, target_names) = match &target.task {
        Task::Classes { names, .. } => {
            (Targets::Classes { labels: std::mem::take(&mut rows.labels), count: names.len() }, names.clone())
        }
        Task::Values(forms) => {
            let values = Array2::from_shape_vec((rows.used, forms.len()), rows.values);
            let values = values.map_err(|error| error.to_string())?;
            (Targets::Values(values), known.roles.targets.iter().map(|&column| name(column)).collect())
        }
    };
    let samples = Samples { inputs, target_names, groups: rows.groups, ..Samples::new(features, targets) };
    let warnings = watch.warnings(known.table, &samples);
    let (without_target, with_missing) = (rows.without_target, rows.with_missing);
    Ok(Filled { samples, encoders, without_target, with_missing, warnings })
}

/// Whether the numbers of the table, without the targets, are the inputs as they are.
fn are_all(known: Known<'_>, encoders: &[Encoder], target: &Target) -> bool {
    let (facts, targets) = (&known.survey.facts, &known.roles.targets);
    let has_missing = || encoders.iter().any(|encoder| facts[encoder.column].missing_numbers() > 0);
    encoders.len() + targets.len() == facts.len()
        && encoders.iter().all(Encoder::is_plain)
        && target.is_of_numbers()
        && targets.is_sorted()
        && !(known.keys.missing == "drop" && has_missing())
}

/// The rows so far.
struct Rows {
    features: Collector,
    /// The inputs of a row.
    inputs: Vec<f64>,
    labels: Vec<u32>,
    values: Vec<f64>,
    groups: Vec<u32>,
    group_of: HashMap<Box<[u8]>, u32>,
    used: usize,
    without_target: usize,
    with_missing: usize,
}

impl Rows {
    fn new(features: Collector) -> Self {
        Self {
            features,
            inputs: Vec::new(),
            labels: Vec::new(),
            values: Vec::new(),
            groups: Vec::new(),
            group_of: HashMap::new(),
            used: 0,
            without_target: 0,
            with_missing: 0,
        }
    }

    fn of_numbers(known: Known<'_>, numbers: Numbers, target: &Target, watch: &mut Watch<'_>) -> Self {
        let Numbers { features, targets, without_target, .. } = numbers;
        let used = targets.len() / known.roles.targets.len();
        let mut rows = Self { used, without_target, ..Self::new(features) };
        match target.classes_of_numbers() {
            Some(classes) => {
                rows.labels = targets.iter().filter_map(|y| classes.get(&key(*y)).copied()).collect()
            }
            None => rows.values = targets,
        }
        let width = rows.features.len() / used.max(1);
        for (row, &class) in rows.labels.iter().enumerate() {
            if watch.is_done() {
                break;
            }
            watch.see(class, |place, _| {
                let x = rows.features.at(row * width + place);
                (!x.is_nan()).then(|| Cow::Owned(x.to_le_bytes().into()))
            });
        }
        rows
    }

    fn read(
        known: Known<'_>,
        encoders: &[Encoder],
        width: usize,
        target: &Target,
        watch: &mut Watch<'_>,
    ) -> Result<Self, Problems> {
        let mut rows = Self::new(Collector::new(width.saturating_mul(known.survey.rows)));
        known.table.cells.each(|row| rows.add(&row, known, encoders, target, watch))?;
        Ok(rows)
    }

    fn add(
        &mut self,
        row: &Row<'_>,
        known: Known<'_>,
        encoders: &[Encoder],
        target: &Target,
        watch: &mut Watch<'_>,
    ) -> Result<(), Problems> {
        let (roles, keys) = (known.roles, known.keys);
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
        let pushed = self.inputs.iter().try_for_each(|x| self.features.push(*x));
        pushed.map_err(NoRoom::text)?;
        self.labels.extend(label);
        if let Some(group) = roles.group {
            let next = self.group_of.len() as u32;
            self.groups.push(*self.group_of.entry(cell(group).trim_ascii().into()).or_insert(next));
        }
        if let Some(class) = label.filter(|_| !watch.is_done()) {
            watch.see(class, |_, column| level(cell(column), false).map(Cow::Borrowed));
        }
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
