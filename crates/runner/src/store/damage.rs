//! Describes the damage of a store in words.

use super::error::is_damage;
use super::seal::Seal;

/// The maximum number of records to name.
const MAX_NAMED: usize = 5;

/// The damage of a store that can be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Damage {
    /// The records that fail their checksum, by the beginning of their run's identity or else by their row.
    pub records: Vec<String>,
    /// Number of stored records and values that are missing.
    pub vanished: u64,
    /// Number of values other than records that fail their checksum.
    pub meta: u64,
    /// Whether the rows differ from the last written ones, or the seal that would show this is damaged.
    pub unsealed: bool,
    /// The problem that SQLite reports for the file.
    pub structure: Option<String>,
    /// Whether the format has no checksums. Damage that leaves a record readable is then not detected.
    pub unchecked: bool,
}

impl Damage {
    /// Whether every row is intact, as far as the checksums show.
    pub fn is_none(&self) -> bool {
        let Self { records, vanished, meta, unsealed, structure, unchecked: _ } = self;
        records.is_empty() && *vanished == 0 && *meta == 0 && !unsealed && structure.is_none()
    }

    /// A sentence for each kind of damage, the most serious first; empty if there is none.
    pub fn sentences(&self) -> Vec<String> {
        let Self { records, vanished, meta, unsealed, structure, unchecked } = self;
        let (n, names) = (records.len(), list(records));
        let rerun = "skipped until `chainrule run` reruns them";
        let fails = match (*unchecked, n) {
            (true, _) => "cannot be read",
            (false, 1) => "fails its checksum",
            (false, _) => "fail their checksum",
        };
        let sentences = [
            (n > 0).then(|| format!("Damaged store: {} {fails} ({names}), {rerun}.", count(n, "record"))),
            (*vanished > 0).then(|| {
                let n = count(*vanished as usize, "record or value");
                format!("Damaged store: {n} vanished; `chainrule run` reruns the missing runs.")
            }),
            (*meta > 0).then(|| {
                let n = count(*meta as usize, "damaged value");
                format!("Damaged store: {n} other than records; `chainrule run` rewrites the experiment and its manifest.")
            }),
            unsealed.then(|| {
                "Damaged store: its rows differ from the last written rows; records may be missing.".to_owned()
            }),
            structure.as_ref().map(|problem| {
                format!("Damaged store: SQLite reports \"{problem}\"; `chainrule run` rebuilds it from intact records.")
            }),
            unchecked.then(|| {
                "Unchecked store: format version 4 has no checksums; the next `chainrule run` adds them.".to_owned()
            }),
        ];
        sentences.into_iter().flatten().collect()
    }

    /// Notes a problem that SQLite reports for the file.
    pub(super) fn structure(&mut self, problem: Option<impl ToString>) {
        if let Some(problem) = problem {
            self.structure.get_or_insert(problem.to_string());
        }
    }

    /// Notes the error of an unreadable row if it is damage; returns any other error.
    pub(super) fn row(&mut self, error: rusqlite::Error) -> Result<(), rusqlite::Error> {
        if !is_damage(&error) {
            return Err(error);
        }
        self.structure(Some(error));
        Ok(())
    }

    /// Compares the existing rows with the seal.
    pub(super) fn compare(&mut self, sealed: Option<Seal>, found: Seal) {
        match sealed {
            None => self.unsealed = true,
            Some(sealed) => {
                self.vanished = sealed.rows.saturating_sub(found.rows);
                self.unsealed = self.is_none() && sealed != found;
            }
        }
    }
}

fn count(n: usize, thing: &str) -> String {
    if n == 1 { format!("1 {thing}") } else { format!("{n} {thing}s") }
}

fn list(names: &[String]) -> String {
    let named = names.iter().take(MAX_NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(MAX_NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}
