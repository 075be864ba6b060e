//! The facts of all columns, and the texts of those whose texts matter.

use super::cell::number;
use super::column::{Example, Facts};
use super::first::First;
use super::keys::Keys;
use super::levels::{Levels, MAX_LEVELS, level};
use super::numbers::Numbers;
use super::problem::{Problems, named};
use super::roles::Roles;
use super::structure::Table;

/// The most levels of a column that the user asks for as a category, or as the target.
const MAX_ASKED_LEVELS: usize = 100_000;

/// The facts of all columns.
#[derive(Debug)]
pub(super) struct Survey {
    pub(super) rows: usize,
    pub(super) facts: Vec<Facts>,
    /// For each column of texts, and each target: its levels.
    pub(super) levels: Vec<Option<Levels>>,
    /// For each column that may hold an unsorted id: whether its numbers are all different.
    pub(super) is_unique: Vec<bool>,
}

/// All that is known about a table before decisions are made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) table: &'a Table<'a>,
    pub(super) roles: &'a Roles,
    pub(super) survey: &'a Survey,
    pub(super) keys: &'a Keys<'a>,
}

impl<'a> Known<'a> {
    pub(super) fn name(self, column: usize) -> &'a str {
        &self.table.columns[column].name
    }

    pub(super) fn facts(self, column: usize) -> &'a Facts {
        &self.survey.facts[column]
    }

    /// Where an example is, for messages.
    pub(super) fn place(self, column: usize, example: &Example) -> String {
        let line = self.table.cells.line(example.at);
        format!("line {line}, column {} ({})", column + 1, named(self.name(column)))
    }
}

impl Survey {
    /// The survey, and all numbers of the table if it has no texts.
    pub(super) fn of(
        table: &Table<'_>,
        roles: &Roles,
        keys: &Keys<'_>,
    ) -> Result<(Self, Option<Numbers>), Problems> {
        let First { rows, facts, targets, numbers } = First::of(table, roles)?;
        let width = table.columns.len();
        let mut survey = Self { rows, facts, levels: vec![None; width], is_unique: vec![false; width] };
        for (levels, &target) in targets.into_iter().zip(&roles.targets) {
            let levels = levels.without_missing(survey.facts[target].has_plus);
            let is_rest_needed = keys.task == "classes" || survey.facts[target].texts > 0;
            survey.levels[target] = (!levels.overflows || !is_rest_needed).then_some(levels);
        }
        survey.read_again(table, roles);
        Ok((survey, numbers))
    }

    /// The most levels of a column that are needed; `None` if they are known or do not matter.
    fn needed(&self, column: usize, table: &Table<'_>, roles: &Roles) -> Option<usize> {
        let facts = &self.facts[column];
        let is_asked = roles.targets.contains(&column)
            || roles.group == Some(column)
            || roles.words[column].as_deref() == Some("category")
            || (roles.kept[column] && facts.texts > 0);
        let holds_texts = table.columns[column].holds_categories || !facts.is_numeric();
        if self.levels[column].is_some() || facts.given() + facts.weak == 0 {
            None
        } else if is_asked {
            Some(MAX_ASKED_LEVELS)
        } else {
            holds_texts.then_some(MAX_LEVELS)
        }
    }

    /// Reads the rows once more for the columns whose texts matter.
    fn read_again(&mut self, table: &Table<'_>, roles: &Roles) {
        let all = 0..self.facts.len();
        let texts: Vec<(usize, usize)> =
            all.clone().filter_map(|column| Some((column, self.needed(column, table, roles)?))).collect();
        let ids: Vec<usize> = all.filter(|column| self.may_be_id(*column, table)).collect();
        if ids.is_empty() && texts.is_empty() {
            return;
        }
        let mut levels: Vec<Levels> = texts.iter().map(|(_, most)| Levels::at_most(*most)).collect();
        let mut numbers: Vec<Vec<u64>> = vec![Vec::new(); ids.len()];
        let done: Result<(), Problems> = table.cells.each(|row| {
            let cell = |column: usize| row.cells.get(column).unwrap_or_default();
            for (levels, (column, _)) in levels.iter_mut().zip(&texts) {
                let text = level(cell(*column), self.facts[*column].has_plus);
                text.into_iter().for_each(|text| levels.see(text));
            }
            for (numbers, &column) in numbers.iter_mut().zip(&ids) {
                numbers.extend(number(cell(column).trim_ascii()).map(f64::to_bits));
            }
            Ok(())
        });
        debug_assert!(done.is_ok(), "nothing fails while texts are counted");
        for (levels, (column, _)) in levels.into_iter().zip(texts) {
            self.levels[column] = Some(levels);
        }
        for (mut numbers, column) in numbers.into_iter().zip(ids) {
            numbers.sort_unstable();
            self.is_unique[column] = numbers.windows(2).all(|pair| pair[0] != pair[1]);
        }
    }

    /// Whether a column has the name of an id, and whole numbers that are not sorted.
    fn may_be_id(&self, column: usize, table: &Table<'_>) -> bool {
        let (facts, declared) = (&self.facts[column], &table.columns[column]);
        let is_called =
            is_called_id(&declared.name) || (!declared.is_named && column == 0 && table.has_header);
        let are_whole = facts.is_numeric() && facts.is_whole && facts.missing_numbers() == 0;
        is_called && are_whole && !facts.is_increasing
    }
}

/// Whether a name is one that ids have: `id`, `user_id`, `PassengerId`, `index`, …
fn is_called_id(name: &str) -> bool {
    const WORDS: [&str; 6] = ["id", "index", "idx", "rownames", "row_names", "unnamed: 0"];
    let lower = name.to_lowercase();
    let ends = ["_id", " id", ".id", "-id"].iter().any(|end| lower.ends_with(end));
    WORDS.contains(&lower.as_str())
        || ends
        || name.ends_with("Id")
        || (name.len() > 2 && name.ends_with("ID"))
}
