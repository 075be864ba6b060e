//! Columns that give the class away.

use super::levels::level;
use super::problem::named;
use super::structure::Table;
use super::survey::Survey;
use super::target::{Target, Task};
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
    class_names: Vec<String>,
    class_rows: Vec<usize>,
    columns: Vec<Watched>,
}

impl<'a> Watch<'a> {
    pub(super) fn new(columns: impl Iterator<Item = usize>, survey: &'a Survey, target: &Target) -> Self {
        let class_names = match &target.task {
            Task::Classes { names, .. } => names.clone(),
            Task::Values(_) => Vec::new(),
        };
        let watched =
            |column: usize| Watched { column, given: Seen::None, levels: HashMap::new(), is_mixed: false };
        let columns = columns.map(watched).collect();
        Self { survey, class_rows: vec![0; class_names.len()], class_names, columns }
    }

    /// Adds a row.
    pub(super) fn see<'r>(&mut self, cell: &impl Fn(usize) -> &'r [u8], class: u32) {
        self.class_rows[class as usize] += 1;
        let most = self.survey.rows / MIN_ROWS_OF_LEVEL;
        for watched in self.columns.iter_mut().filter(|watched| !watched.is_done()) {
            let facts = &self.survey.facts[watched.column];
            let text = level(cell(watched.column), facts.has_plus);
            text.iter().for_each(|_| watched.given.see(class));
            if watched.is_mixed {
                continue;
            }
            let text = text.unwrap_or_default();
            match watched.levels.get_mut(text) {
                Some(seen) => seen.see(class),
                None => drop(watched.levels.insert(text.into(), Seen::One { class, rows: 1 })),
            }
            watched.is_mixed =
                watched.levels.len() > most || watched.levels.get(text) == Some(&Seen::Several);
        }
    }

    /// A sentence for each column that determines the class, or is given for one class only.
    pub(super) fn warnings(&self, table: &Table<'_>) -> Vec<String> {
        let total: usize = self.class_rows.iter().sum();
        if total < MIN_ROWS {
            return Vec::new();
        }
        self.columns.iter().filter_map(|watched| self.warning(watched, table, total)).collect()
    }

    fn warning(&self, watched: &Watched, table: &Table<'_>, total: usize) -> Option<String> {
        let name = named(&table.columns[watched.column].name);
        if let Seen::One { class, rows } = watched.given {
            let (all, label) = (self.class_rows[class as usize], &self.class_names[class as usize]);
            if rows >= MIN_ROWS_OF_LEVEL && rows < total {
                return Some(format!(
                    "{name} is given for {rows} of {all} rows of class {} and for no other: it may give the class away",
                    named(label)
                ));
            }
        }
        let is_determined = !watched.is_mixed && watched.levels.len() > 1;
        is_determined.then(|| format!("each level of {name} has one class only: it may give the class away"))
    }
}

impl Watched {
    /// Whether nothing more can be learnt from it.
    fn is_done(&self) -> bool {
        self.is_mixed && self.given == Seen::Several
    }
}
