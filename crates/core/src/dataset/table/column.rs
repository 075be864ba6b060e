//! The facts of a column, from all its cells.

use super::cell::{Cell, Look, short};
use super::date::Formats;

/// The largest number of different numbers that are counted.
const MAX_COUNTED: usize = 20;

/// A cell that a message shows.
#[derive(Debug, Clone)]
pub(super) struct Example {
    /// The byte where its row begins.
    pub(super) at: u64,
    pub(super) text: String,
}

/// The facts of a column, from all rows of the file.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    /// Cells with nothing or a word for nothing.
    pub(super) missing: usize,
    /// Cells with words that mean nothing among numbers only.
    pub(super) weak: usize,
    /// The weak cells that are `-`, and whether there are cells `+`, which make `-` a category.
    dashes: usize,
    pub(super) has_plus: bool,
    pub(super) numbers: usize,
    pub(super) texts: usize,
    /// Whether all numbers are whole.
    pub(super) is_whole: bool,
    /// Whether all numbers are 0 or 1.
    pub(super) is_binary: bool,
    /// Whether each number is greater than the one before, if all are whole.
    pub(super) is_increasing: bool,
    /// Whether each number is the one before plus 1, from 0 or 1, if all are whole.
    pub(super) is_counting: bool,
    last: f64,
    /// The different numbers, at most one more than are counted.
    different: Vec<f64>,
    /// Texts that are numbers in disguise, by [`Look::DISGUISES`].
    pub(super) disguised: [usize; Look::DISGUISES.len()],
    pub(super) infinite: usize,
    /// Whether all texts are `true` or `false`.
    pub(super) is_flags: bool,
    pub(super) dates: Formats,
    pub(super) first_missing: Option<u64>,
    pub(super) first_text: Option<Example>,
    pub(super) first_fraction: Option<Example>,
}

impl Default for Facts {
    fn default() -> Self {
        Self {
            missing: 0,
            weak: 0,
            dashes: 0,
            has_plus: false,
            numbers: 0,
            texts: 0,
            is_whole: true,
            is_binary: true,
            is_increasing: true,
            is_counting: true,
            last: f64::NEG_INFINITY,
            different: Vec::new(),
            disguised: [0; Look::DISGUISES.len()],
            infinite: 0,
            is_flags: true,
            dates: Formats::default(),
            first_missing: None,
            first_text: None,
            first_fraction: None,
        }
    }
}

impl Facts {
    /// Adds a cell of the row that begins at a byte. Returns its number, NaN if it is missing, and `None` for a text.
    pub(super) fn see(&mut self, cell: &[u8], at: u64) -> Option<f64> {
        match Cell::of(cell) {
            Cell::Number(number) => {
                self.number(number, cell, at);
                return Some(number);
            }
            Cell::Missing => self.missing += 1,
            Cell::Weak(text) => {
                self.weak += 1;
                self.dashes += usize::from(text == b"-");
            }
            Cell::Text(text) => {
                self.text(text, at);
                return None;
            }
        }
        self.first_missing.get_or_insert(at);
        Some(f64::NAN)
    }

    fn number(&mut self, number: f64, cell: &[u8], at: u64) {
        if self.is_whole {
            self.whole(number, cell, at);
        }
        if self.different.len() <= MAX_COUNTED && !self.different.contains(&number) {
            self.different.push(number);
        }
        self.numbers += 1;
    }

    /// Adds a number to a column that may hold whole numbers only. Order and binary values matter for these alone.
    fn whole(&mut self, number: f64, cell: &[u8], at: u64) {
        if number.fract() != 0.0 {
            (self.is_whole, self.is_binary) = (false, false);
            self.first_fraction = Some(Example { at, text: short(cell.trim_ascii()) });
        }
        self.is_binary &= number == 0.0 || number == 1.0;
        let is_first = self.numbers == 0;
        let is_next = if is_first { number == 0.0 || number == 1.0 } else { number == self.last + 1.0 };
        self.is_counting &= is_next;
        self.is_increasing &= number > self.last;
        self.last = number;
    }

    fn text(&mut self, text: &[u8], at: u64) {
        self.texts += 1;
        self.first_text.get_or_insert_with(|| Example { at, text: short(text) });
        self.has_plus |= text == b"+";
        self.is_flags &= flag(text).is_some();
        self.dates.see(text);
        match Look::of(text) {
            Look::Infinite => self.infinite += 1,
            look => {
                let place = Look::DISGUISES.iter().position(|disguise| *disguise == look);
                place.into_iter().for_each(|place| self.disguised[place] += 1);
            }
        }
    }

    /// Cells with a content, if words for nothing count as missing.
    pub(super) fn given(&self) -> usize {
        self.numbers + self.texts
    }

    /// Whether all cells are numbers or missing.
    pub(super) fn is_numeric(&self) -> bool {
        self.numbers > 0 && self.texts == 0
    }

    /// The missing cells if the column holds numbers.
    pub(super) fn missing_numbers(&self) -> usize {
        self.missing + self.weak
    }

    /// The missing cells if the column holds texts. A lone `-` is missing, unless there is a `+`.
    pub(super) fn missing_texts(&self) -> usize {
        if self.has_plus { self.missing } else { self.missing + self.dashes }
    }

    /// The value of a column whose numbers are all the same.
    pub(super) fn constant(&self) -> Option<f64> {
        let [number] = self.different.as_slice() else { return None };
        Some(*number)
    }

    /// The number of different numbers, if it is at most 20.
    pub(super) fn different(&self) -> Option<usize> {
        (self.different.len() <= MAX_COUNTED).then_some(self.different.len())
    }

    /// The most common disguise of numbers among the texts, and the number of disguised cells.
    pub(super) fn disguise(&self) -> Option<(Look, usize)> {
        let total = self.disguised.iter().sum();
        let pairs = Look::DISGUISES.iter().zip(&self.disguised);
        pairs.max_by_key(|(_, count)| **count).filter(|_| total > 0).map(|(look, _)| (*look, total))
    }

    /// The format of the dates, if all cells are dates or missing.
    pub(super) fn date_format(&self) -> Option<&'static str> {
        self.dates.format().filter(|_| self.numbers == 0 && self.weak == 0)
    }
}

/// The value of a text that is `true` or `false`, in any case.
pub(super) fn flag(text: &[u8]) -> Option<bool> {
    let is = |word: &[u8]| text.eq_ignore_ascii_case(word);
    if is(b"true") { Some(true) } else { is(b"false").then_some(false) }
}
