//! The store: every record durable on disk, in one SQLite file.
//!
//! | table | columns |
//! |---|---|
//! | `meta` | `key`, `value`, `checksum`: `format_version`, `experiment` (JSON of [`ExperimentInfo`]), `manifest` (JSON of [`Manifest`]), `seal` |
//! | `runs` | `run_id` and `results_version` (the key), `stop`, `record` (JSON of [`RunRecord`]), `checksum` |
//!
//! If the machine fails, a transaction that was not committed leaves no trace, and a committed one is kept
//! (`synchronous = FULL`). The store uses a rollback journal. A write-ahead log would not work on network file
//! systems.
//!
//! Each row contains the BLAKE3 checksum of its other columns. The `seal` counts and digests all rows, so that a
//! changed or missing row is detected. There is no index. A store is read completely when it is opened, and all later
//! queries use that reading. So all commands agree on the contents.
//!
//! Damaged rows are left out and named ([`Damage`]). Before it writes, a run moves intact rows to a new file and keeps
//! the damaged one beside it. A file in an older format is replaced in the same way.

mod contents;
mod damage;
mod error;
mod open;
mod place;
mod rebuild;
mod row;
mod seal;
#[cfg(test)]
mod tests;

pub use damage::Damage;
pub use error::StoreError;
pub use open::make_folder;
pub use row::Row;

use chainrule_record::{ExperimentInfo, Manifest, RunId, RunRecord, SharedSettings, StopReason};
use contents::{Contents, Layout, Place, Reader};
use place::FileId;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use seal::Seal;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

/// The store's file in a results folder.
pub const FILE_NAME: &str = "runs.sqlite";

const SCHEMA: &str = "CREATE TABLE meta (key TEXT NOT NULL, value TEXT NOT NULL, checksum TEXT NOT NULL);
     CREATE TABLE runs (
         run_id TEXT NOT NULL, results_version INTEGER NOT NULL, stop TEXT NOT NULL, record TEXT NOT NULL,
         checksum TEXT NOT NULL
     );";

/// An open store.
pub struct Store {
    connection: Connection,
    path: PathBuf,
    /// The file that was opened. Its path may lead to another file later.
    file: Option<FileId>,
    /// Changes whenever another connection changes the file.
    data_version: i64,
    layout: Layout,
    contents: Contents,
    restored: bool,
}

impl Store {
    /// The damage of the store.
    pub fn damage(&self) -> &Damage {
        &self.contents.damage
    }

    /// The results folder.
    pub fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new(""))
    }

    /// Whether the store was deleted while it was open, and rewritten from the rows that were still readable.
    pub fn was_restored(&self) -> bool {
        self.restored
    }

    /// The reason why each intact run of a results version stopped.
    pub fn stops(&self, results_version: u32) -> HashMap<RunId, StopReason> {
        let of_version = |((run_id, version), place): (&(RunId, u32), &Place)| {
            (*version == results_version).then_some((*run_id, place.stop))
        };
        self.contents.runs.iter().filter_map(of_version).collect()
    }

    /// Writes records durably, all or none.
    ///
    /// # Errors
    /// If they cannot be written; then none of them is.
    pub fn write(&mut self, records: &[RunRecord]) -> Result<(), StoreError> {
        let encode =
            |record: &RunRecord| Row::of(record).map_err(|error| self.unwritable(&record.run_id, &error));
        let rows: Vec<Row> = records.iter().map(encode).collect::<Result<_, _>>()?;
        self.write_rows(&rows)
    }

    /// The same for records that are already encoded.
    ///
    /// # Errors
    /// If they cannot be written; then none of them is.
    pub fn write_rows(&mut self, rows: &[Row]) -> Result<(), StoreError> {
        self.keep_in_place()?;
        let (error, known) = (self.database(), &self.contents.runs);
        let write = |transaction: &Transaction<'_>, seal: &mut Seal| {
            let mut insert = transaction.prepare(rebuild::INSERT)?;
            let mut delete = transaction.prepare("DELETE FROM runs WHERE rowid = ?1")?;
            let mut places = Vec::with_capacity(rows.len());
            for row in rows {
                let key = (row.run_id, row.results_version);
                if let Some(Place { rowid, checksum, .. }) = known.get(&key)
                    && delete.execute([rowid])? == 1
                {
                    seal.remove(*checksum);
                }
                let rowid = rebuild::insert_run(&mut insert, row)?;
                seal.add(row.checksum);
                places.push((key, Place { rowid, stop: row.stop, checksum: row.checksum }));
            }
            Ok(places)
        };
        let places = sealed(&mut self.connection, write).map_err(error)?;
        self.contents.runs.extend(places);
        Ok(())
    }

    /// The error when a record cannot be encoded.
    pub(crate) fn unwritable(&self, run_id: &RunId, problem: &serde_json::Error) -> StoreError {
        let what = format!("the record of run {}", run_id.short());
        StoreError::Record { path: self.path.clone(), what, problem: problem.to_string() }
    }

    /// The intact records of these runs, in the given order; missing ones are left out.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn records(&self, run_ids: &[RunId], results_version: u32) -> Result<Vec<RunRecord>, StoreError> {
        let mut records = Vec::with_capacity(run_ids.len().min(self.contents.runs.len()));
        let mut shared = SharedSettings::default();
        let mut reader = Reader::new(&self.connection, self.layout).map_err(self.database())?;
        for run_id in run_ids {
            let Some(place) = self.contents.runs.get(&(*run_id, results_version)) else { continue };
            let row = reader.read(place.rowid).map_err(self.database())?;
            let decoded = row.and_then(|row| row::decode(*run_id, results_version, &row.record));
            match decoded {
                Ok(mut record) => {
                    shared.share(&mut record.spec.0);
                    records.push(record);
                }
                // The record was intact when the store was opened: another program changed it, or forged its checksum.
                Err(problem) => {
                    let run = run_id.short();
                    tracing::warn!("skipping the record of run {run}, which cannot be read: {problem}");
                }
            }
        }
        Ok(records)
    }

    /// The number of these runs stored for each other results version.
    pub fn other_versions(&self, run_ids: &[RunId], results_version: u32) -> BTreeMap<u32, usize> {
        let wanted: HashSet<&RunId> = run_ids.iter().collect();
        let mut versions = BTreeMap::new();
        for (run_id, version) in self.contents.runs.keys() {
            if *version != results_version && wanted.contains(run_id) {
                *versions.entry(*version).or_default() += 1;
            }
        }
        versions
    }

    /// Stores the experiment of the runs.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn set_experiment(&mut self, info: &ExperimentInfo) -> Result<(), StoreError> {
        self.set("experiment", info)
    }

    /// The experiment of the runs.
    ///
    /// # Errors
    /// If it is missing or cannot be read.
    pub fn experiment(&self) -> Result<ExperimentInfo, StoreError> {
        self.get("experiment")
    }

    /// Stores the manifest of the last runs.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn set_manifest(&mut self, manifest: &Manifest) -> Result<(), StoreError> {
        self.set("manifest", manifest)
    }

    /// The manifest of the last runs.
    ///
    /// # Errors
    /// If it is missing or cannot be read.
    pub fn manifest(&self) -> Result<Manifest, StoreError> {
        self.get("manifest")
    }

    fn set(&mut self, key: &str, value: &impl Serialize) -> Result<(), StoreError> {
        self.keep_in_place()?;
        let text = serde_json::to_string(value).map_err(|error| StoreError::Record {
            path: self.path.clone(),
            what: format!("the {key}"),
            problem: error.to_string(),
        })?;
        let error = self.database();
        let known = self.contents.meta.get(key).copied();
        let write = |transaction: &Transaction<'_>, seal: &mut Seal| {
            if let Some(rowid) = known
                && let Some((_, _, checksum)) = contents::meta(transaction, Layout::Checked, rowid)?
            {
                transaction.execute("DELETE FROM meta WHERE rowid = ?1", [rowid])?;
                seal.remove(checksum);
            }
            seal.add(rebuild::insert_meta(transaction, key, &text)?);
            Ok(())
        };
        sealed(&mut self.connection, write).map_err(&error)?;
        self.contents.meta = contents::keys(&self.connection).map_err(error)?;
        Ok(())
    }

    fn get<T: DeserializeOwned>(&self, key: &str) -> Result<T, StoreError> {
        let damaged = || StoreError::Damaged { path: self.path.clone(), key: key.to_owned() };
        let Some(rowid) = self.contents.meta.get(key) else {
            let lost = self.contents.damage.meta > 0 || self.contents.damage.vanished > 0;
            return Err(match lost {
                true => damaged(),
                false => StoreError::NothingYet { folder: self.folder().to_owned() },
            });
        };
        let row = contents::meta(&self.connection, self.layout, *rowid).map_err(self.database())?;
        let value = row.and_then(|(_, value, _)| serde_json::from_str(&value).ok());
        value.ok_or_else(damaged)
    }
}

/// Changes rows and the seal in one transaction.
fn sealed<T>(
    connection: &mut Connection,
    change: impl FnOnce(&Transaction<'_>, &mut Seal) -> Result<T, rusqlite::Error>,
) -> Result<T, rusqlite::Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut seal = contents::seal(&transaction)?;
    let changed = change(&transaction, &mut seal)?;
    rebuild::write_seal(&transaction, seal)?;
    transaction.commit()?;
    Ok(changed)
}
