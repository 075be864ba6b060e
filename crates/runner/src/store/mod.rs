//! The store: every record durable on disk, in one SQLite file.
//!
//! | table | columns |
//! |---|---|
//! | `meta` | `key`, `value`, `checksum`: `format_version`, `experiment` (JSON of [`ExperimentInfo`]), `manifest` (JSON of [`Manifest`]), `seal` |
//! | `runs` | `run_id` and `results_version` (the key), `stop`, `record` (JSON of [`RunRecord`]), `checksum` |
//!
//! A transaction that was not committed when the machine failed leaves no trace; one that was stays
//! (`synchronous = FULL`). There is a rollback journal and no write-ahead log, which network file systems cannot share.
//!
//! Each row carries the BLAKE3 checksum of its other columns, and the `seal` counts and digests all rows, so that a row that
//! changes or vanishes is noticed. There is no index: a store is read from its first row to its last when it is opened, and
//! what is asked of it later is answered from that reading. So no two commands disagree on what is there.
//!
//! Damaged rows are left out and named ([`Damage`]). Before it writes, a run moves intact rows to a new file and keeps the
//! damaged one beside it; the file of an older format is replaced in the same way.

mod contents;
mod damage;
mod error;
mod place;
mod rebuild;
mod row;
mod seal;
#[cfg(test)]
mod tests;

pub use damage::Damage;
pub use error::StoreError;
pub use row::Row;

use chainrule_record::text::shown;
use chainrule_record::{
    ExperimentInfo, FORMAT_VERSION, Manifest, RunId, RunRecord, SharedSettings, StopReason,
};
use contents::{Contents, Layout, Place, Reader};
use place::{FileId, file_id};
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use seal::Seal;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The store's file in a results folder.
pub const FILE_NAME: &str = "runs.sqlite";

const SCHEMA: &str = "CREATE TABLE meta (key TEXT NOT NULL, value TEXT NOT NULL, checksum TEXT NOT NULL);
     CREATE TABLE runs (
         run_id TEXT NOT NULL, results_version INTEGER NOT NULL, stop TEXT NOT NULL, record TEXT NOT NULL,
         checksum TEXT NOT NULL
     );";

/// A path that SQLite does not take for a URI, as it does one that begins with `file:`.
fn as_path(path: &Path) -> PathBuf {
    Path::new(".").join(path)
}

/// An open store.
pub struct Store {
    connection: Connection,
    path: PathBuf,
    /// The file that was opened: its path may lead elsewhere in the meantime.
    file: Option<FileId>,
    layout: Layout,
    contents: Contents,
    restored: bool,
}

impl Store {
    /// Opens the store of a results folder for writing; folder and store are made if they are not there. A store that is
    /// damaged, or of an older format, is rebuilt from its intact rows first; the log says so. Nobody else may write to the
    /// folder meanwhile.
    ///
    /// # Errors
    /// If the folder cannot be written to, or holds results of another version or no store at all.
    pub fn create(folder: &Path) -> Result<Self, StoreError> {
        make_folder(folder)?;
        let path = folder.join(FILE_NAME);
        let mut store = Self::writable(&path)?;
        if store.layout == Layout::Nothing {
            store.prepare().map_err(StoreError::for_writing)?;
            return Self::writable(&path);
        }
        let health = store.health()?;
        store.contents.damage.structure(health);
        if store.layout == Layout::Checked && store.contents.damage.is_none() {
            store.check_writable().map_err(StoreError::for_writing)?;
            return Ok(store);
        }
        store.rebuild()
    }

    fn writable(path: &Path) -> Result<Self, StoreError> {
        let store = Self::connect(path, OpenFlags::default()).map_err(StoreError::for_writing)?;
        store.connection.pragma_update(None, "synchronous", "FULL").map_err(store.database())?;
        Ok(store)
    }

    /// Opens the store of a results folder for reading.
    ///
    /// # Errors
    /// If there is none, or it is of another version.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(FILE_NAME);
        if !path.is_file() {
            return Err(StoreError::Missing { folder: folder.to_owned() });
        }
        // A run that was killed while it wrote leaves a journal, and to undo what it began needs the right to write. Where
        // there is none (another's results, a CD), SQLite opens for reading by itself.
        let store = Self::connect(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        match store.layout {
            Layout::Nothing => Err(StoreError::NothingYet { folder: folder.to_owned() }),
            Layout::Unchecked | Layout::Checked => Ok(store),
        }
    }

    fn connect(path: &Path, flags: OpenFlags) -> Result<Self, StoreError> {
        let error = |problem| StoreError::of(path, problem);
        let connection = Connection::open_with_flags(as_path(path), flags).map_err(error)?;
        connection.busy_timeout(Duration::from_secs(30)).map_err(error)?;
        let layout = contents::layout(&connection, path)?;
        let contents = Contents::read(&connection, path, layout)?;
        let file = file_id(path).map_err(|error| StoreError::folder(path, error))?;
        Ok(Self { connection, path: path.to_owned(), file, layout, contents, restored: false })
    }

    /// A file that may not grow beyond `pages` stands for a disk that is full.
    #[cfg(test)]
    pub(crate) fn limit_pages(&self, pages: u32) {
        self.connection.pragma_update(None, "max_page_count", pages).unwrap();
    }

    fn database(&self) -> impl Fn(rusqlite::Error) -> StoreError + use<> {
        let path = self.path.clone();
        move |problem| StoreError::of(&path, problem)
    }

    fn prepare(&mut self) -> Result<(), StoreError> {
        let error = self.database();
        let prepare = |connection: &mut Connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            transaction.execute_batch(SCHEMA)?;
            let mut seal = Seal::empty();
            seal.add(rebuild::insert_meta(&transaction, "format_version", &FORMAT_VERSION.to_string())?);
            rebuild::write_seal(&transaction, seal)?;
            transaction.commit()
        };
        prepare(&mut self.connection).map_err(error)
    }

    /// What SQLite finds wrong with its pages; what it writes into a broken file may overwrite intact records.
    fn health(&self) -> Result<Option<String>, StoreError> {
        let check = self.connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
        match check {
            Ok(text) => Ok((text != "ok").then_some(text)),
            Err(problem) if error::is_damage(&problem) => Ok(Some(problem.to_string())),
            Err(problem) => Err(self.database()(problem)),
        }
    }

    /// Whether anything can be written, before runs are carried out in vain.
    fn check_writable(&mut self) -> Result<(), StoreError> {
        let error = self.database();
        self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map(drop).map_err(error)
    }

    /// The store in a new file, from the intact rows of this one.
    fn rebuild(self) -> Result<Self, StoreError> {
        let damage = &self.contents.damage;
        if damage.unchecked {
            tracing::warn!(
                "{} has format version 4 without checksums; they are added now",
                shown(&self.path)
            );
        }
        if !damage.is_none() {
            let seen = Damage { unchecked: false, ..damage.clone() };
            seen.sentences().iter().for_each(|sentence| tracing::warn!("{sentence}"));
            let kept = rebuild::set_aside(&self.path, "damaged")
                .map_err(|error| StoreError::folder(&self.path, error))?;
            tracing::warn!("the damaged file is kept as {}", shown(&kept));
        }
        rebuild::copy(&self.connection, &self.contents, self.layout, &self.path)?;
        tracing::info!("{} intact records are in {}", self.contents.runs.len(), shown(&self.path));
        let path = self.path.clone();
        drop(self);
        Self::writable(&path)
    }

    /// What is wrong with the store.
    pub fn damage(&self) -> &Damage {
        &self.contents.damage
    }

    /// The results folder.
    pub fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new(""))
    }

    /// Whether the store was deleted while it was open, and written anew from what was still readable.
    pub fn was_restored(&self) -> bool {
        self.restored
    }

    /// Why each intact run of a results version stopped.
    pub fn stops(&self, results_version: u32) -> HashMap<RunId, StopReason> {
        let of_version = |((run_id, version), place): (&(RunId, u32), &Place)| {
            (*version == results_version).then_some((*run_id, place.stop))
        };
        self.contents.runs.iter().filter_map(of_version).collect()
    }

    /// Writes records, all or none, so that they stay whatever happens next.
    ///
    /// # Errors
    /// If they cannot be written; none of them is then.
    pub fn write(&mut self, records: &[RunRecord]) -> Result<(), StoreError> {
        let encode =
            |record: &RunRecord| Row::of(record).map_err(|error| self.unwritable(&record.run_id, &error));
        let rows: Vec<Row> = records.iter().map(encode).collect::<Result<_, _>>()?;
        self.write_rows(&rows)
    }

    /// The same of records that are encoded already.
    ///
    /// # Errors
    /// If they cannot be written; none of them is then.
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

    /// That a record cannot be encoded.
    pub(crate) fn unwritable(&self, run_id: &RunId, problem: &serde_json::Error) -> StoreError {
        let what = format!("the record of run {}", run_id.short());
        StoreError::Record { path: self.path.clone(), what, problem: problem.to_string() }
    }

    /// The intact records of these runs, in their order; those that are not there are left out.
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
                // It was intact when the store was opened: another program changed it, or forged its checksum.
                Err(problem) => {
                    let run = run_id.short();
                    tracing::warn!("the record of run {run} cannot be read and is left out: {problem}");
                }
            }
        }
        Ok(records)
    }

    /// How many of these runs there are of every other results version.
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

    /// Remembers the experiment that the runs belong to.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn set_experiment(&mut self, info: &ExperimentInfo) -> Result<(), StoreError> {
        self.set("experiment", info)
    }

    /// The experiment that the runs belong to.
    ///
    /// # Errors
    /// If it is not there or cannot be read.
    pub fn experiment(&self) -> Result<ExperimentInfo, StoreError> {
        self.get("experiment")
    }

    /// Remembers how the last runs were made.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn set_manifest(&mut self, manifest: &Manifest) -> Result<(), StoreError> {
        self.set("manifest", manifest)
    }

    /// How the last runs were made.
    ///
    /// # Errors
    /// If it is not there or cannot be read.
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

    /// Whether the path still leads to the file that is open. Where it was deleted, the store is written anew from the open
    /// file; where another file took its place, it is written beside that.
    fn keep_in_place(&mut self) -> Result<(), StoreError> {
        let there = file_id(&self.path).map_err(|error| StoreError::folder(&self.path, error))?;
        if there == self.file {
            return Ok(());
        }
        if there.is_some() {
            let rescued = rebuild::free_name(&self.path, "rescued")
                .map_err(|error| StoreError::folder(&self.path, error))?;
            rebuild::copy(&self.connection, &self.contents, self.layout, &rescued)?;
            return Err(StoreError::Replaced { path: self.path.clone(), rescued });
        }
        tracing::error!(
            "{} was deleted or moved away while runs were carried out; it is written anew with all {} stored runs",
            shown(&self.path),
            self.contents.runs.len()
        );
        make_folder(self.folder())?;
        rebuild::copy(&self.connection, &self.contents, self.layout, &self.path)?;
        *self = Self { restored: true, ..Self::writable(&self.path)? };
        Ok(())
    }
}

/// Makes a results folder, unless it is there.
///
/// # Errors
/// If it cannot be made.
pub fn make_folder(folder: &Path) -> Result<(), StoreError> {
    let problem =
        |error: std::io::Error| StoreError::Folder { folder: folder.to_owned(), problem: error.to_string() };
    std::fs::create_dir_all(folder).map_err(problem)
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
