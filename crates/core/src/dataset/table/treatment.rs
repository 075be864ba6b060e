//! The treatment of each column, and the reason.

use super::column::Facts;
use super::date;
use super::problem::{Problems, columns_key, named};
use super::reading::ColumnKind;
use super::spoiled::spoiled;
use super::survey::Known;

/// The most different whole numbers for which the report names the key that makes them categories.
const MAX_CODES: usize = 10;

/// How the cells of a column become inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Treatment {
    /// One input, its number.
    Number(Form),
    /// One input, 1 for `true`.
    Flag,
    /// One input for each level, 1 for the level of the row.
    Category,
    /// Three inputs: year, day of the year, weekday.
    Date(&'static str),
    LeftOut,
}

/// How numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Plain,
    /// With separated thousands, percent signs or currencies. Every other text is missing.
    Lenient,
    /// With a decimal comma. Every other text is missing.
    DecimalComma,
}

/// The decision about a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decision {
    pub(super) kind: ColumnKind,
    pub(super) treatment: Treatment,
    /// Why it is treated so; empty if the kind says it.
    pub(super) reason: String,
    /// The key that changes it; empty if there is none.
    pub(super) key: String,
}

impl Decision {
    fn new(kind: ColumnKind, treatment: Treatment) -> Self {
        Self { kind, treatment, reason: String::new(), key: String::new() }
    }

    fn left_out(kind: ColumnKind, reason: impl Into<String>, key: String) -> Self {
        Self { kind, treatment: Treatment::LeftOut, reason: reason.into(), key }
    }
}

/// The decisions about all columns.
pub(super) fn decide(known: Known<'_>, problems: &mut Problems) -> Vec<Decision> {
    let one = |column: usize| Subject { known, column }.decide();
    let mut decisions: Vec<Decision> = (0..known.table.columns.len())
        .map(|column| {
            problems.note(one(column)).unwrap_or(Decision::new(ColumnKind::Number, Treatment::LeftOut))
        })
        .collect();
    keep_the_only_inputs(&mut decisions);
    if decisions.iter().all(|decision| decision.treatment == Treatment::LeftOut) && problems.is_empty() {
        problems.add("no column is left as an input: name some in `keep`");
    }
    if known.keys.missing == "error" {
        for (column, decision) in decisions.iter().enumerate() {
            problems.note(no_missing(known, column, decision));
        }
    }
    decisions
}

/// A table whose only columns besides the target count its rows is learnt from them.
fn keep_the_only_inputs(decisions: &mut [Decision]) {
    if decisions.iter().all(|decision| decision.treatment == Treatment::LeftOut) {
        for decision in decisions.iter_mut().filter(|decision| decision.kind == ColumnKind::Id) {
            decision.kind = ColumnKind::Number;
            decision.treatment = Treatment::Number(Form::Plain);
            decision.reason = "it may count the rows, but no other column is an input".to_owned();
            decision.key = String::new();
        }
    }
}

fn no_missing(known: Known<'_>, column: usize, decision: &Decision) -> Result<(), String> {
    let facts = known.facts(column);
    let missing = missing(facts, decision.treatment);
    if missing == 0 || decision.treatment == Treatment::LeftOut {
        return Ok(());
    }
    let line = facts
        .first_missing
        .map_or_else(String::new, |at| format!(", the first on line {}", known.table.cells.line(at)));
    Err(format!(
        "{} has {missing} missing cells{line}, and `missing = \"error\"`: use \"median\", \"indicator\" or \"drop\"",
        named(known.name(column))
    ))
}

/// The missing cells of a column that is treated in a way.
pub(super) fn missing(facts: &Facts, treatment: Treatment) -> usize {
    match treatment {
        Treatment::Number(Form::Plain) => facts.missing_numbers(),
        Treatment::Number(_) => facts.missing_numbers() + facts.texts - facts.disguised.iter().sum::<usize>(),
        Treatment::LeftOut if facts.texts == 0 => facts.missing_numbers(),
        _ => facts.missing_texts(),
    }
}

/// A column and all that is known about it.
struct Subject<'a> {
    known: Known<'a>,
    column: usize,
}

impl Subject<'_> {
    fn decide(&self) -> Result<Decision, String> {
        let column = self.column;
        if self.known.roles.targets.contains(&column) {
            return Ok(Decision::new(ColumnKind::Target, Treatment::LeftOut));
        }
        if self.known.roles.group == Some(column) {
            return self.group();
        }
        if self.known.roles.ignored[column] {
            return Ok(Decision::left_out(ColumnKind::Ignored, "named in `ignore`", String::new()));
        }
        match self.known.roles.words[column].as_deref() {
            Some("ignore") => {
                Ok(Decision::left_out(ColumnKind::Ignored, "ignored by `columns`", String::new()))
            }
            Some(word) => self.asked(word),
            None => self.by_facts(),
        }
    }

    fn facts(&self) -> &Facts {
        self.known.facts(self.column)
    }

    fn name(&self) -> &str {
        self.known.name(self.column)
    }

    fn columns_key(&self, word: &str) -> String {
        columns_key(self.name(), word)
    }

    fn group(&self) -> Result<Decision, String> {
        let missing = self.facts().missing_texts();
        if missing > 0 {
            let name = named(self.name());
            return Err(format!(
                "{name} is the group, but {missing} of its cells are missing: name another column"
            ));
        }
        Ok(Decision::new(ColumnKind::Group, Treatment::LeftOut))
    }

    /// The treatment that the user asks for.
    fn asked(&self, word: &str) -> Result<Decision, String> {
        let is_plain = self.facts().is_numeric();
        Ok(match word {
            "category" => self.category()?,
            "date" => match self.facts().date_format() {
                Some(format) => Decision::new(ColumnKind::Date, Treatment::Date(format)),
                None => return Err(self.no_date()),
            },
            "decimal_comma" => Decision::new(ColumnKind::Number, Treatment::Number(Form::DecimalComma)),
            _ if is_plain => Decision::new(ColumnKind::Number, Treatment::Number(Form::Plain)),
            _ => Decision::new(ColumnKind::Number, Treatment::Number(Form::Lenient)),
        })
    }

    fn category(&self) -> Result<Decision, String> {
        let levels = self.known.survey.levels[self.column].as_ref();
        if levels.is_some_and(|levels| levels.overflows) {
            return Err(format!("{} has too many levels for a category", named(self.name())));
        }
        Ok(Decision::new(ColumnKind::Category, Treatment::Category))
    }

    fn no_date(&self) -> String {
        let example = self.facts().first_text.as_ref();
        let example =
            example.map_or_else(String::new, |example| format!(", such as {}", named(&example.text)));
        format!(
            "{} does not hold dates in one known format{example}: change its word in `columns`",
            named(self.name())
        )
    }

    fn by_facts(&self) -> Result<Decision, String> {
        let facts = self.facts();
        let is_kept = self.known.roles.kept[self.column];
        if facts.given() + facts.weak == 0 {
            return Ok(Decision::left_out(ColumnKind::Empty, "every cell is missing", String::new()));
        }
        if let Some(format) = facts.date_format() {
            return Ok(self.dates(format, is_kept));
        }
        if facts.is_numeric() && !self.known.table.columns[self.column].holds_categories {
            return Ok(self.numbers(is_kept));
        }
        spoiled(self.known, self.column).map_or(Ok(()), Err)?;
        Ok(self.texts(is_kept))
    }

    fn dates(&self, format: &'static str, is_kept: bool) -> Decision {
        if is_kept {
            return Decision::new(ColumnKind::Date, Treatment::Date(format));
        }
        let reason = format!("dates ({})", date::shown(format));
        Decision::left_out(ColumnKind::Date, reason, self.columns_key("date"))
    }

    fn numbers(&self, is_kept: bool) -> Decision {
        let facts = self.facts();
        let keep = || format!("keep = [{:?}]", self.name());
        if let Some(reason) = self.id().filter(|_| !is_kept) {
            Decision::left_out(ColumnKind::Id, reason, keep())
        } else if let Some(number) = facts.constant().filter(|_| !is_kept) {
            let reason = format!("every cell is {number}");
            Decision::left_out(ColumnKind::Constant, reason, keep())
        } else if facts.is_binary {
            Decision::new(ColumnKind::Indicator, Treatment::Number(Form::Plain))
        } else {
            let number = Decision::new(ColumnKind::Number, Treatment::Number(Form::Plain));
            let is_code = facts.is_whole && facts.different().is_some_and(|count| count <= MAX_CODES);
            Decision { key: if is_code { self.columns_key("category") } else { String::new() }, ..number }
        }
    }

    /// Why a column of numbers counts or names the rows.
    fn id(&self) -> Option<&'static str> {
        let facts = self.facts();
        if facts.numbers < 3 || facts.missing_numbers() > 0 || !facts.is_whole {
            return None;
        }
        match () {
            () if facts.is_counting => Some("it counts the rows"),
            () if facts.is_increasing => Some("its whole numbers are sorted and all different: an id"),
            () if self.known.survey.is_unique[self.column] => {
                Some("its whole numbers are all different, and it is named like an id")
            }
            () => None,
        }
    }

    fn texts(&self, is_kept: bool) -> Decision {
        let facts = self.facts();
        let levels = self.known.survey.levels[self.column].as_ref();
        let (count, overflows) = levels.map_or((0, false), |levels| (levels.len(), levels.overflows));
        let is_only = count == 1 && facts.missing_texts() == 0;
        let category = || self.columns_key("category");
        if is_only && !is_kept {
            let text = facts.first_text.as_ref().map_or("the same", |example| &example.text);
            return Decision::left_out(
                ColumnKind::Constant,
                format!("every cell is {}", named(text)),
                category(),
            );
        }
        if facts.is_flags && facts.numbers + facts.weak + facts.missing == 0 {
            return Decision::new(ColumnKind::Indicator, Treatment::Flag);
        }
        if !is_kept && (overflows || differs(count, self.known.survey.rows)) {
            let more = if overflows { "more than " } else { "" };
            let reason = format!("{more}{count} different texts in {} rows", self.known.survey.rows);
            return Decision::left_out(ColumnKind::Text, reason, category());
        }
        Decision::new(ColumnKind::Category, Treatment::Category)
    }
}

/// Whether texts differ in nearly every row: in all, or in more than half of many.
fn differs(levels: usize, rows: usize) -> bool {
    levels > 2 && (levels == rows || (levels > 10 && 2 * levels > rows))
}
