//! Columns that give the class away.

use super::problem::named;
use super::structure::Table;
use super::survey::Survey;
use crate::dataset::Samples;
use std::borrow::Cow;
use std::collections::HashMap;

/// The fewest rows of a table, and of a level on average, from which a pattern is more than chance.
const MIN_ROWS: usize = 20;
const MIN_ROWS_OF_LEVEL: usize = 5;

/// The classes seen so far with something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    None,
    One { class: u32, rows: usize },
    Several,
}

impl Seen {
    fn see(&mut self, seen: u32) {
        *self = match *self {
            Self::None => Self::One { class: seen, rows: 1 },
            Self::One { class, rows } if class == seen => Self::One { class, rows: rows + 1 },
            _ => Self::Several,
        };
    }
}

/// The classes of the levels of a column, and of its given cells.
#[derive(Debug)]
struct Watched {
    column: usize,
    given: Seen,
    levels: HashMap<Box<[u8]>, Seen>,
    /// Whether some level has several classes, after which levels are no longer followed.
    is_mixed: bool,
}

/// Follows the columns with few levels.
#[derive(Debug)]
pub(super) struct Watch<'a> {
    survey: &'a Survey,
    columns: Vec<Watched>,
}

impl<'a> Watch<'a> {
    /// Follows the columns of the inputs.
    pub(super) fn new(columns: impl Iterator<Item = usize>, survey: &'a Survey) -> Self {
        let watched =
            |column: usize| Watched { column, given: Seen::None, levels: HashMap::new(), is_mixed: false };
        Self { survey, columns: columns.map(watched).collect() }
    }

    /// Whether nothing more can be learnt from any column.
    pub(super) fn is_done(&self) -> bool {
        self.columns.iter().all(Watched::is_done)
    }

    /// Adds a row of a class. `level` gives the level of an input column, counted among them, and of the file.
    pub(super) fn see<'r>(&mut self, class: u32, level: impl Fn(usize, usize) -> Option<Cow<'r, [u8]>>) {
        let most = self.survey.rows / MIN_ROWS_OF_LEVEL;
        for (place, watched) in self.columns.iter_mut().enumerate() {
            if watched.is_done() {
                continue;
            }
            let text = level(place, watched.column);
            text.iter().for_each(|_| watched.given.see(class));
            if watched.is_mixed {
                continue;
            }
            let text = text.unwrap_or_default();
            match watched.levels.get_mut(&*text) {
                Some(seen) => seen.see(class),
                None => drop(watched.levels.insert(text.as_ref().into(), Seen::One { class, rows: 1 })),
            }
            watched.is_mixed =
                watched.levels.len() > most || watched.levels.get(&*text) == Some(&Seen::Several);
        }
    }

    /// A sentence for each column that determines the class, or is given for one class only.
    pub(super) fn warnings(&self, table: &Table<'_>, samples: &Samples) -> Vec<String> {
        let total = samples.features.nrows();
        if total < MIN_ROWS || samples.targets.classes().is_none() {
            return Vec::new();
        }
        self.columns.iter().filter_map(|watched| watched.warning(table, samples, total)).collect()
    }
}

impl Watched {
    /// Whether nothing more can be learnt from it.
    fn is_done(&self) -> bool {
        self.is_mixed && self.given == Seen::Several
    }

    fn warning(&self, table: &Table<'_>, samples: &Samples, total: usize) -> Option<String> {
        let name = named(&table.columns[self.column].name);
        if let Seen::One { class, rows } = self.given {
            let all = samples.targets.counts(&(0..total).collect::<Vec<_>>())[class as usize];
            let label = &samples.target_names[class as usize];
            if rows >= MIN_ROWS_OF_LEVEL && rows < total {
                return Some(format!(
                    "{name} is given for {rows} of {all} rows of class {} and for no other: it may give the class away",
                    named(label)
                ));
            }
        }
        let is_determined = !self.is_mixed && self.levels.len() > 1;
        is_determined.then(|| format!("each level of {name} has one class only: it may give the class away"))
    }
}
