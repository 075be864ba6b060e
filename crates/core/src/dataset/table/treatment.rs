//! What becomes of each column, and why.

use super::cell::Look;
use super::column::Facts;
use super::date;
use super::keys::Keys;
use super::problem::{Problems, columns_key, named};
use super::reading::ColumnKind;
use super::roles::Roles;
use super::structure::Table;
use super::survey::Survey;

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
pub(super) fn decide(
    table: &Table<'_>,
    roles: &Roles,
    survey: &Survey,
    keys: &Keys<'_>,
    problems: &mut Problems,
) -> Vec<Decision> {
    let one = |column: usize| Subject { table, roles, survey, column }.decide();
    let mut decisions: Vec<Decision> = (0..table.columns.len())
        .map(|column| {
            problems.note(one(column)).unwrap_or(Decision::new(ColumnKind::Number, Treatment::LeftOut))
        })
        .collect();
    keep_the_only_inputs(&mut decisions);
    if decisions.iter().all(|decision| decision.treatment == Treatment::LeftOut) && problems.is_empty() {
        problems.add("no column is left as an input: name some in `keep`");
    }
    if keys.missing == "error" {
        for (column, decision) in decisions.iter().enumerate() {
            problems.note(no_missing(table, survey, column, decision));
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

fn no_missing(table: &Table<'_>, survey: &Survey, column: usize, decision: &Decision) -> Result<(), String> {
    let facts = &survey.facts[column];
    let missing = missing(facts, decision.treatment);
    if missing == 0 || decision.treatment == Treatment::LeftOut {
        return Ok(());
    }
    let line = facts
        .first_missing
        .map_or_else(String::new, |at| format!(", the first on line {}", table.cells.line(at)));
    Err(format!(
        "{} has {missing} missing cells{line}, and `missing = \"error\"`: use \"median\", \"indicator\" or \"drop\"",
        named(&table.columns[column].name)
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
    table: &'a Table<'a>,
    roles: &'a Roles,
    survey: &'a Survey,
    column: usize,
}

impl Subject<'_> {
    fn decide(&self) -> Result<Decision, String> {
        let column = self.column;
        if self.roles.targets.contains(&column) {
            return Ok(Decision::new(ColumnKind::Target, Treatment::LeftOut));
        }
        if self.roles.group == Some(column) {
            return Ok(Decision::new(ColumnKind::Group, Treatment::LeftOut));
        }
        if self.roles.ignored[column] {
            return Ok(Decision::left_out(ColumnKind::Ignored, "named in `ignore`", String::new()));
        }
        match self.roles.words[column].as_deref() {
            Some("ignore") => {
                Ok(Decision::left_out(ColumnKind::Ignored, "ignored by `columns`", String::new()))
            }
            Some(word) => self.asked(word),
            None => self.by_facts(),
        }
    }

    fn facts(&self) -> &Facts {
        &self.survey.facts[self.column]
    }

    fn name(&self) -> &str {
        &self.table.columns[self.column].name
    }

    fn columns_key(&self, word: &str) -> String {
        columns_key(self.name(), word)
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
        let levels = self.survey.levels[self.column].as_ref();
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
        let is_kept = self.roles.kept[self.column];
        if facts.given() + facts.weak == 0 {
            return Ok(Decision::left_out(ColumnKind::Empty, "every cell is missing", String::new()));
        }
        if let Some(format) = facts.date_format() {
            return Ok(self.dates(format, is_kept));
        }
        if facts.is_numeric() && !self.table.columns[self.column].holds_categories {
            return Ok(self.numbers(is_kept));
        }
        self.spoiled().map_or(Ok(()), Err)?;
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
        } else if facts.different() == Some(1) && !is_kept {
            let reason = format!("every cell is {}", facts.range[0]);
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
            () if self.survey.is_unique[self.column] => {
                Some("its whole numbers are all different, and its name is that of an id")
            }
            () => None,
        }
    }

    fn texts(&self, is_kept: bool) -> Decision {
        let facts = self.facts();
        let levels = self.survey.levels[self.column].as_ref();
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
        if !is_kept && (overflows || differs(count, self.survey.rows)) {
            let more = if overflows { "more than " } else { "" };
            let reason = format!("{more}{count} different texts in {} rows", self.survey.rows);
            return Decision::left_out(ColumnKind::Text, reason, category());
        }
        Decision::new(ColumnKind::Category, Treatment::Category)
    }

    /// The problem of a column that would hold numbers, but for some of its cells.
    fn spoiled(&self) -> Option<String> {
        spoiled(self.table, self.facts(), self.column)
    }
}

/// Whether texts differ in nearly every row: in all, or in more than half of many.
fn differs(levels: usize, rows: usize) -> bool {
    levels > 2 && (levels == rows || (levels > 10 && 2 * levels > rows))
}

/// Whether a name is one that ids have: `id`, `user_id`, `PassengerId`, `index`, …
pub(super) fn is_called_id(name: &str) -> bool {
    const WORDS: [&str; 6] = ["id", "index", "idx", "rownames", "row_names", "unnamed: 0"];
    let lower = name.to_lowercase();
    let ends = ["_id", " id", ".id", "-id"].iter().any(|end| lower.ends_with(end));
    WORDS.contains(&lower.as_str())
        || ends
        || name.ends_with("Id")
        || (name.len() > 2 && name.ends_with("ID"))
}

/// The problem of a column that would hold numbers, but for some of its cells.
pub(super) fn spoiled(table: &Table<'_>, facts: &Facts, column: usize) -> Option<String> {
    let name = &table.columns[column].name;
    let example = facts.first_text.as_ref()?;
    let place = format!("line {}, column {} ({})", table.cells.line(example.at), column + 1, named(name));
    let given = facts.given();
    let disguise = facts.disguise();
    let numbers = facts.numbers + facts.infinite + disguise.map_or(0, |(_, count)| count);
    if let Some((look, _)) = disguise.filter(|_| 10 * numbers >= 9 * given) {
        let is_example = Look::of(example.text.as_bytes()) == look;
        let like = if is_example {
            format!(": {} is {}", named(&example.text), look.name())
        } else {
            format!(": its cells look like {}", look.name())
        };
        return Some(format!("{place}{like}; set `{}`, or \"category\"", columns_key(name, look.word())));
    }
    let texts = given - facts.numbers;
    // Some categories are numbers and letters, but these have few levels, or more letters.
    let varies = facts.different().is_none_or(|count| 2 * count > facts.numbers);
    let has_many = varies && 5 * texts <= given;
    let is_number = facts.numbers >= texts && (!facts.is_whole || has_many || facts.infinite > 0);
    is_number.then(|| {
        format!(
            "{place}: {} is not a number, but {} of {given} cells are; set `{}` to treat such cells as missing, or \"category\"",
            named(&example.text),
            facts.numbers,
            columns_key(name, "number")
        )
    })
}
