//! The decisions of reading a table, for people.

use super::fill::Filled;
use super::problem::named;
use super::reading::{ClassCount, ColumnReading, LeftOut, Reading, TargetReading};
use super::structure::Table;
use super::survey::{Known, Survey};
use super::target::{Target, Task};
use super::treatment::{Decision, Treatment, missing};
use crate::dataset::{Samples, Targets};

/// The most levels of a category that are listed.
const MAX_LISTED: usize = 12;

pub(super) fn of(known: Known<'_>, decisions: &[Decision], target: &Target, filled: &Filled) -> Reading {
    let Known { table, survey, .. } = known;
    let columns = decisions.iter().enumerate();
    let columns: Vec<ColumnReading> =
        columns.map(|(index, decision)| column(known, filled, index, decision)).collect();
    let dialect = table.cells.dialect;
    Reading {
        file: String::new(),
        format: table.format.to_owned(),
        encoding: table.encoding.to_owned(),
        delimiter: dialect.delimiter_word().to_owned(),
        quote: dialect.quote_word().to_owned(),
        has_header: table.has_header,
        rows: survey.rows as u64,
        used: filled.samples.features.nrows() as u64,
        left_out: left_out(filled),
        target: target_reading(known, target, &filled.samples),
        warnings: warnings(table, survey, &columns, filled),
        columns,
    }
}

fn column(known: Known<'_>, filled: &Filled, index: usize, decision: &Decision) -> ColumnReading {
    let name = known.name(index).to_owned();
    let encoder = filled.encoders.iter().find(|encoder| encoder.column == index);
    let levels = known.survey.levels[index].as_ref().filter(|_| decision.treatment == Treatment::Category);
    let texts = levels.map(|levels| levels.in_order()).unwrap_or_default();
    let shown = texts.iter().take(MAX_LISTED).map(|(text, _)| super::cell::short(text));
    ColumnReading {
        kind: decision.kind,
        missing: missing(known.facts(index), decision.treatment) as u64,
        inputs: encoder.map_or(0, |encoder| encoder.inputs(&name).len() as u64),
        levels: shown.collect(),
        level_count: texts.len() as u64,
        reason: decision.reason.clone(),
        key: decision.key.clone(),
        name,
    }
}

fn left_out(filled: &Filled) -> Vec<LeftOut> {
    let reasons =
        [("the target is missing", filled.without_target), ("an input is missing", filled.with_missing)];
    let some = reasons.into_iter().filter(|(_, rows)| *rows > 0);
    some.map(|(reason, rows)| LeftOut { reason: reason.to_owned(), rows: rows as u64 }).collect()
}

fn warnings(table: &Table<'_>, survey: &Survey, columns: &[ColumnReading], filled: &Filled) -> Vec<String> {
    let mut warnings = Vec::new();
    if table.is_guess {
        warnings.push(format!(
            "the file is not UTF-8 and was read as {}; another `encoding` may be right",
            table.encoding
        ));
    }
    let is_mostly_missing =
        |column: &&ColumnReading| column.inputs > 0 && 2 * column.missing > survey.rows as u64;
    let sentence = |column: &ColumnReading| {
        format!("{} is missing in {} of {} rows", named(&column.name), column.missing, survey.rows)
    };
    warnings.extend(columns.iter().filter(is_mostly_missing).map(sentence));
    warnings.extend(filled.warnings.iter().cloned());
    warnings
}

fn target_reading(known: Known<'_>, target: &Target, samples: &Samples) -> TargetReading {
    let names = known.roles.targets.iter().map(|&column| known.name(column).to_owned()).collect();
    let rows: Vec<usize> = (0..samples.features.nrows()).collect();
    let counts = samples.targets.counts(&rows);
    let classes = samples.target_names.iter().zip(&counts);
    let classes = classes.map(|(name, &samples)| ClassCount { name: name.clone(), samples }).collect();
    let (ranges, guessing) = match &samples.targets {
        Targets::Classes { .. } => {
            let most = counts.iter().copied().max().unwrap_or(0);
            (Vec::new(), vec![most as f64 / rows.len() as f64])
        }
        Targets::Values(values) => {
            let column = |column: ndarray::ArrayView1<'_, f64>| spread(&column.to_vec());
            values.columns().into_iter().map(column).unzip()
        }
    };
    let task = if matches!(target.task, Task::Values(_)) { "regression" } else { "classes" };
    let (task, reason, key) = (task.to_owned(), target.reason.clone(), target.key.to_owned());
    TargetReading { names, task, reason, key, classes, ranges, guessing }
}

/// Minimum, mean and maximum; and the standard deviation of the population.
fn spread(values: &[f64]) -> ([f64; 3], f64) {
    let n = values.len() as f64;
    let mean = values.iter().map(|x| x / n).sum::<f64>();
    let variance = values.iter().map(|x| (x - mean) * (x - mean) / n).sum::<f64>();
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let greatest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    ([least, mean, greatest], variance.sqrt())
}
