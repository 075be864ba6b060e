//! The target: classes or numbers.

use super::cell::{Cell, number, short};
use super::column::Facts;
use super::levels::{Levels, key, level};
use super::problem::{Problems, columns_key, list, named};
use super::spoiled::spoiled;
use super::survey::Known;
use super::treatment::{Form, Treatment, missing};
use std::collections::HashMap;

/// The most different texts of a target in fewer than twice as many rows.
const MAX_SPARSE_CLASSES: usize = 20;

/// Classes or numbers to learn.
#[derive(Debug)]
pub(super) enum Task {
    /// The class of each text, counted from 0.
    Classes { of_text: HashMap<Box<[u8]>, u32>, names: Vec<String> },
    /// Numbers, written in these forms, one for each target column.
    Values(Vec<Form>),
}

/// The target of a table.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) task: Task,
    pub(super) reason: String,
    /// The key that changes the task.
    pub(super) key: &'static str,
    /// Whether `-` is a class besides `+`.
    has_plus: bool,
}

const CLASSES: &str = "task = \"classes\"";
const REGRESSION: &str = "task = \"regression\"";

impl Target {
    pub(super) fn decide(known: Known<'_>, problems: &mut Problems) -> Option<Self> {
        let one = match known.roles.targets.as_slice() {
            [column] => Subject { known, column: *column }.decide(),
            several => self::several(known, several),
        };
        problems.note(one)
    }

    /// Whether it consists of the numbers of its cells: the values, or the classes.
    pub(super) fn is_of_numbers(&self) -> bool {
        match &self.task {
            Task::Classes { .. } => self.classes_of_numbers().is_some(),
            Task::Values(forms) => forms.iter().all(|form| *form == Form::Plain),
        }
    }

    /// The class of each number, by [`key`], if each number has one class.
    pub(super) fn classes_of_numbers(&self) -> Option<HashMap<u64, u32>> {
        let Task::Classes { of_text, .. } = &self.task else { return None };
        let mut classes = HashMap::new();
        for (text, &class) in of_text {
            if classes.insert(key(number(text)?), class).is_some_and(|other| other != class) {
                return None;
            }
        }
        Some(classes)
    }

    /// The class of a cell; `None` if it is missing.
    pub(super) fn class(&self, cell: &[u8]) -> Option<u32> {
        match &self.task {
            Task::Classes { of_text, .. } => of_text.get(level(cell, self.has_plus)?).copied(),
            Task::Values(_) => None,
        }
    }
}

fn several(known: Known<'_>, targets: &[usize]) -> Result<Target, String> {
    if known.keys.task == "classes" {
        return Err(format!(
            "several targets are for regression, but the task is classes: name one of them, or set `{REGRESSION}`"
        ));
    }
    let subject = |&column: &usize| Subject { known, column };
    let forms: Result<Vec<Form>, String> = targets.iter().map(|column| subject(column).form()).collect();
    let reason = "several targets".to_owned();
    Ok(Target { task: Task::Values(forms?), reason, key: "", has_plus: false })
}

/// A target column and all that is known about it.
struct Subject<'a> {
    known: Known<'a>,
    column: usize,
}

impl Subject<'_> {
    fn facts(&self) -> &Facts {
        self.known.facts(self.column)
    }

    fn name(&self) -> &str {
        self.known.name(self.column)
    }

    fn word(&self) -> Option<&str> {
        self.known.roles.words[self.column].as_deref()
    }

    fn decide(&self) -> Result<Target, String> {
        let facts = self.facts();
        if facts.given() + facts.weak == 0 {
            return Err(format!("every cell of the target {} is missing", named(self.name())));
        }
        if self.word() == Some("date") {
            return Err(format!(
                "the target {} cannot be a date: remove it from `columns`",
                named(self.name())
            ));
        }
        match self.known.keys.task {
            "classes" => self.classes("`task` says so".to_owned(), REGRESSION),
            "regression" => self.values("`task` says so".to_owned()),
            _ => self.inferred(),
        }
    }

    fn is_category(&self) -> bool {
        self.word() == Some("category")
            || (self.word().is_none() && self.known.table.columns[self.column].holds_categories)
    }

    fn inferred(&self) -> Result<Target, String> {
        let facts = self.facts();
        if self.is_category() {
            return self.classes("it holds categories".to_owned(), REGRESSION);
        }
        if facts.texts > 0 && self.word().is_none() {
            if let Some(problem) = spoiled(self.known, self.column) {
                return Err(problem);
            }
            let reason = if facts.is_flags && facts.numbers == 0 {
                "its cells are true or false"
            } else {
                "its cells are texts"
            };
            return self.classes(reason.to_owned(), "");
        }
        if facts.texts > 0 {
            return self.values("`columns` says that it holds numbers".to_owned());
        }
        if !facts.is_whole {
            return self.values("its numbers have fractions".to_owned());
        }
        match facts.different() {
            Some(count) if count <= 2 || 2 * count <= facts.numbers => {
                self.classes(format!("{count} different whole numbers"), REGRESSION)
            }
            Some(count) => self.values(format!("{count} different whole numbers in {} rows", facts.numbers)),
            None => self.values("more than 20 different whole numbers".to_owned()),
        }
    }

    fn values(&self, reason: String) -> Result<Target, String> {
        let key = if self.facts().is_whole { CLASSES } else { "" };
        Ok(Target { task: Task::Values(vec![self.form()?]), reason, key, has_plus: false })
    }

    /// How the numbers of a regression target are written.
    fn form(&self) -> Result<Form, String> {
        let facts = self.facts();
        let form = match self.word() {
            Some("decimal_comma") => Form::DecimalComma,
            Some("number") if facts.texts > 0 => Form::Lenient,
            _ => Form::Plain,
        };
        if form != Form::Plain || facts.texts == 0 {
            let given = facts.given() + facts.weak + facts.missing - missing(facts, Treatment::Number(form));
            return if given > 0 {
                Ok(form)
            } else {
                Err(format!("the target {} has no numbers", named(self.name())))
            };
        }
        Err(spoiled(self.known, self.column).unwrap_or_else(|| self.no_number()))
    }

    fn no_number(&self) -> String {
        let place = self.facts().first_text.as_ref().map_or_else(String::new, |example| {
            format!("{}: {} is not a number", self.known.place(self.column, example), named(&example.text))
        });
        format!("{place}, but the target of a regression is: set `{CLASSES}`, or name another target")
    }

    fn classes(&self, reason: String, key: &'static str) -> Result<Target, String> {
        let facts = self.facts();
        if let Some(example) =
            facts.first_fraction.as_ref().filter(|_| facts.texts == 0 && !self.is_category())
        {
            return Err(format!(
                "{}: {} has a fraction, so the target is continuous and has no classes: set `{REGRESSION}`, or `{}`",
                self.known.place(self.column, example),
                named(&example.text),
                columns_key(self.name(), "category")
            ));
        }
        let levels = self.known.survey.levels[self.column].as_ref();
        let (of_text, names) = levels.map(|levels| self.numbered(levels)).transpose()?.unwrap_or_default();
        self.check_count(names.len(), levels.is_some_and(|levels| levels.overflows))?;
        Ok(Target { task: Task::Classes { of_text, names }, reason, key, has_plus: facts.has_plus })
    }

    /// The class of each text. Texts of the same number are one class; they must be written alike.
    #[expect(clippy::type_complexity, reason = "the two halves of a target's classes")]
    fn numbered(&self, levels: &Levels) -> Result<(HashMap<Box<[u8]>, u32>, Vec<String>), String> {
        let are_numbers = self.facts().is_numeric();
        let levels: Vec<&[u8]> = levels.in_order().into_iter().map(|(text, _)| text).collect();
        let is_level = |text: &&[u8]| !are_numbers || matches!(Cell::of(text), Cell::Number(_));
        let levels: Vec<&[u8]> = levels.into_iter().filter(is_level).collect();
        let is_same = |a: &[u8], b: &[u8]| are_numbers && !self.is_category() && number(a) == number(b);
        let (mut of_text, mut names) = (HashMap::new(), Vec::new());
        for same in levels.chunk_by(|a, b| is_same(a, b)) {
            if same.len() > 1 && self.word() != Some("number") && number(same[0]) != Some(0.0) {
                return Err(self.written_differently(same));
            }
            let class = names.len() as u32;
            of_text.extend(same.iter().map(|text| (Box::from(*text), class)));
            let shortest = same.iter().min_by_key(|text| (text.starts_with(b"-"), text.len()));
            names.push(String::from_utf8_lossy(shortest.unwrap_or(&same[0])).into_owned());
        }
        Ok((of_text, names))
    }

    fn written_differently(&self, same: &[&[u8]]) -> String {
        let ways: Vec<String> = same.iter().map(|text| short(text)).collect();
        format!(
            "the target {} has the same number written as {}: set `{}` if they are one class, or \"category\" if each is its own",
            named(self.name()),
            list(ways.iter().map(String::as_str)),
            columns_key(self.name(), "number")
        )
    }

    fn check_count(&self, classes: usize, overflows: bool) -> Result<(), String> {
        let rows =
            self.known.survey.rows - missing(self.facts(), Treatment::Category).min(self.known.survey.rows);
        let name = named(self.name());
        if classes < 2 {
            return Err(format!("all rows have the same class in {name}: there is nothing to learn"));
        }
        if overflows || (classes > MAX_SPARSE_CLASSES && 2 * classes > rows) {
            let advice = if self.facts().texts == 0 {
                format!("set `{REGRESSION}`, or name another target")
            } else {
                "name another target".to_owned()
            };
            return Err(format!(
                "the target {name} has {classes} different values in {rows} rows, too many for classes: {advice}"
            ));
        }
        Ok(())
    }
}
