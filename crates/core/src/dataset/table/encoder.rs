//! From the cells of a column to inputs.

use super::cell::{Cell, decimal_comma, lenient};
use super::column::flag;
use super::date;
use super::levels::level;
use super::survey::Known;
use super::treatment::{Decision, Form, Treatment, missing};
use crate::dataset::Input;
use std::collections::HashMap;

/// How the cells of a column become inputs.
pub(super) struct Encoder {
    pub(super) column: usize,
    how: How,
    has_plus: bool,
    /// Whether all its numbers are 0 or 1.
    is_binary: bool,
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
    pub(super) fn of(known: Known<'_>, column: usize, decision: &Decision) -> Option<Self> {
        let (facts, keys) = (known.facts(column), known.keys);
        let how = match decision.treatment {
            Treatment::LeftOut => return None,
            Treatment::Number(form) => How::Number(form),
            Treatment::Flag => How::Flag,
            Treatment::Date(format) => How::Date(format),
            Treatment::Category => {
                let levels =
                    known.survey.levels[column].as_ref().map(|levels| levels.in_order()).unwrap_or_default();
                How::Category(
                    levels.into_iter().enumerate().map(|(place, (text, _))| (text.into(), place)).collect(),
                )
            }
        };
        let marks = matches!(how, How::Category(_)) || keys.missing == "indicator";
        let marks_missing = marks && missing(facts, decision.treatment) > 0;
        let is_binary = facts.is_binary && facts.is_numeric();
        Some(Self { column, how, has_plus: facts.has_plus, is_binary, marks_missing })
    }

    /// Whether its only input is the number of the cell.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self.how, How::Number(Form::Plain)) && !self.marks_missing
    }

    /// The inputs that it makes.
    pub(super) fn inputs(&self, name: &str) -> Vec<Input> {
        let input = |name: String, is_indicator| Input { name, is_indicator };
        let mut inputs = match &self.how {
            How::Number(_) => vec![input(name.to_owned(), self.is_binary)],
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
    pub(super) fn push(&self, cell: &[u8], inputs: &mut Vec<f64>) -> bool {
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
    pub(super) fn read(self, cell: &[u8]) -> Option<f64> {
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
