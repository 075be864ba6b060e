//! The store: every record durable on disk, in one SQLite file.
//!
//! | table | columns |
//! |---|---|
//! | `meta` | `key`, `value`: `format_version`, `experiment` (JSON of [`ExperimentInfo`]), `manifest` (JSON of [`Manifest`]) |
//! | `runs` | `run_id` and `results_version` (the key), `stop`, `record` (JSON of [`RunRecord`]) |
//!
//! A transaction that was not committed when the machine failed leaves no trace; one that was stays
//! (`synchronous = FULL`).

#[cfg(test)]
mod tests;

use chainrule_record::text::shown;
use chainrule_record::{ExperimentInfo, FORMAT_VERSION, Manifest, RunId, RunRecord, StopReason};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::time::Duration;
use thiserror::Error;

/// The store's file in a results folder.
pub const FILE_NAME: &str = "runs.sqlite";

/// What can go wrong with a store.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The folder cannot be made or written to.
    #[error(
        "cannot write to the results folder {folder}: {problem}\nchoose another folder with --results DIR, or change its permissions",
        folder = shown(folder)
    )]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        problem: String,
    },
    /// There is no store.
    #[error(
        "there are no results in {folder}\nmake them with `chainrule run EXPERIMENT.toml`, or name the folder where they are",
        folder = shown(folder)
    )]
    Missing {
        /// The folder.
        folder: PathBuf,
    },
    /// The store was written by another version.
    #[error(
        "{path} has format version {found}, and this program reads and writes version {FORMAT_VERSION}\n\
         move the folder away to make the results anew, or use the version of chainrule that wrote it",
        path = shown(path)
    )]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: String,
    },
    /// The file is something else, or damaged.
    #[error(
        "{path} is no store of results, or is damaged: {problem}\n\
         move the file away to make the results anew, or put back a copy of it",
        path = shown(path)
    )]
    NotAStore {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// No run has ended yet.
    #[error(
        "no run of {folder} has ended yet\nmake its results with `chainrule run EXPERIMENT.toml`",
        folder = shown(folder)
    )]
    NothingYet {
        /// The folder.
        folder: PathBuf,
    },
    /// The database reported an error.
    #[error("{}: {problem}\n{}", shown(path), advice(problem))]
    Database {
        /// The file.
        path: PathBuf,
        /// What it said.
        problem: rusqlite::Error,
    },
    /// A row cannot be read.
    #[error("{}: the record of {what} cannot be read: {problem}", shown(path))]
    Record {
        /// The file.
        path: PathBuf,
        /// Which.
        what: String,
        /// Why.
        problem: String,
    },
}

/// A path that SQLite does not take for a URI, as it does one that begins with `file:`.
fn as_path(path: &Path) -> PathBuf {
    Path::new(".").join(path)
}

/// What is in a store's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    /// No table: a run was killed before it wrote anything.
    Nothing,
    /// Results of this version.
    Results,
}

/// An open store.
pub struct Store {
    connection: Connection,
    path: PathBuf,
}

impl Store {
    /// Opens the store of a results folder, which is made if it is not there.
    ///
    /// # Errors
    /// If the folder cannot be written to, or holds results of another version.
    pub fn create(folder: &Path) -> Result<Self, StoreError> {
        let problem = |problem: String| StoreError::Folder { folder: folder.to_owned(), problem };
        std::fs::create_dir_all(folder).map_err(|error| problem(error.to_string()))?;
        let path = folder.join(FILE_NAME);
        let connection = Connection::open(as_path(&path)).map_err(|error| problem(error.to_string()))?;
        let store = Self { connection, path };
        store.check_version()?;
        store.prepare().map_err(|error| match error {
            StoreError::Database { problem: cause, .. } if is_read_only(&cause) => problem(cause.to_string()),
            other => other,
        })?;
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
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE;
        let connection = Connection::open_with_flags(as_path(&path), flags)
            .map_err(|problem| StoreError::Database { path: path.clone(), problem })?;
        let store = Self { connection, path };
        match store.check_version()? {
            Found::Nothing => Err(StoreError::NothingYet { folder: folder.to_owned() }),
            Found::Results => Ok(store),
        }
    }

    /// A file that may not grow beyond `pages` stands for a disk that is full.
    #[cfg(test)]
    pub(crate) fn limit_pages(&self, pages: u32) {
        self.connection.pragma_update(None, "max_page_count", pages).unwrap();
    }

    fn database(&self) -> impl Fn(rusqlite::Error) -> StoreError + use<> {
        let path = self.path.clone();
        move |source| {
            use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
            match source.sqlite_error_code() {
                Some(DatabaseCorrupt | NotADatabase) => {
                    StoreError::NotAStore { path: path.clone(), problem: source.to_string() }
                }
                _ => StoreError::Database { path: path.clone(), problem: source },
            }
        }
    }

    fn check_version(&self) -> Result<Found, StoreError> {
        self.connection.busy_timeout(Duration::from_secs(30)).map_err(self.database())?;
        let tables = "SELECT count(*) FROM sqlite_master WHERE type = 'table'";
        let tables: i64 = self.connection.query_row(tables, [], |row| row.get(0)).map_err(self.database())?;
        if tables == 0 {
            return Ok(Found::Nothing);
        }
        let has_meta = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'meta'";
        let has_meta: i64 =
            self.connection.query_row(has_meta, [], |row| row.get(0)).map_err(self.database())?;
        let found = if has_meta == 1 { self.text("format_version")? } else { None };
        match found {
            Some(version) if version == FORMAT_VERSION.to_string() => Ok(Found::Results),
            other => {
                let found = other.unwrap_or_else(|| "unknown".to_owned());
                Err(StoreError::Version { path: self.path.clone(), found })
            }
        }
    }

    fn prepare(&self) -> Result<(), StoreError> {
        let schema = format!(
            "PRAGMA synchronous = FULL;
             BEGIN IMMEDIATE;
             CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
             CREATE TABLE IF NOT EXISTS runs (
                 run_id TEXT NOT NULL, results_version INTEGER NOT NULL, stop TEXT NOT NULL, record TEXT NOT NULL,
                 PRIMARY KEY (run_id, results_version)
             );
             INSERT OR IGNORE INTO meta VALUES ('format_version', '{FORMAT_VERSION}');
             COMMIT;"
        );
        self.connection.execute_batch(&schema).map_err(self.database())
    }

    /// Why each stored run of a results version stopped.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn stops(&self, results_version: u32) -> Result<HashMap<RunId, StopReason>, StoreError> {
        let sql = "SELECT run_id, stop FROM runs WHERE results_version = ?1";
        let mut statement = self.connection.prepare(sql).map_err(self.database())?;
        let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?));
        let rows = statement.query_map([results_version], row).map_err(self.database())?;
        let mut stops = HashMap::new();
        for row in rows {
            let (run_id, stop) = row.map_err(self.database())?;
            let id =
                RunId::from_hex(&run_id).ok_or_else(|| self.unreadable(&run_id, "its key is no digest"))?;
            let stop = self.decode(&run_id, &format!("{stop:?}"))?;
            stops.insert(id, stop);
        }
        Ok(stops)
    }

    /// Writes records, all or none, so that they stay whatever happens next.
    ///
    /// # Errors
    /// If they cannot be written; none of them is then.
    pub fn write(&mut self, records: &[RunRecord]) -> Result<(), StoreError> {
        let database = self.database();
        let transaction = self.connection.transaction().map_err(&database)?;
        {
            let sql = "INSERT OR REPLACE INTO runs VALUES (?1, ?2, ?3, ?4)";
            let mut insert = transaction.prepare(sql).map_err(&database)?;
            for record in records {
                let text = encode(&self.path, record)?;
                let row =
                    params![record.run_id.to_string(), record.results_version, record.stop.name(), text];
                insert.execute(row).map_err(&database)?;
            }
        }
        transaction.commit().map_err(&database)
    }

    /// The records of these runs, in their order; those that are not there are left out.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn records(&self, run_ids: &[RunId], results_version: u32) -> Result<Vec<RunRecord>, StoreError> {
        let sql = "SELECT record FROM runs WHERE run_id = ?1 AND results_version = ?2";
        let mut statement = self.connection.prepare(sql).map_err(self.database())?;
        let mut records = Vec::with_capacity(run_ids.len());
        for run_id in run_ids {
            let row = statement
                .query_row(params![run_id.to_string(), results_version], |row| row.get::<_, String>(0));
            if let Some(text) = row.optional().map_err(self.database())? {
                records.push(self.decode(&run_id.short(), &text)?);
            }
        }
        Ok(records)
    }

    /// How many of these runs there are of every other results version.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn other_versions(
        &self,
        run_ids: &[RunId],
        results_version: u32,
    ) -> Result<BTreeMap<u32, usize>, StoreError> {
        let sql = "SELECT results_version FROM runs WHERE run_id = ?1 AND results_version <> ?2";
        let mut statement = self.connection.prepare(sql).map_err(self.database())?;
        let mut versions = BTreeMap::new();
        for run_id in run_ids {
            let row = |row: &rusqlite::Row<'_>| row.get::<_, u32>(0);
            let found = statement.query_map(params![run_id.to_string(), results_version], row);
            for version in found.map_err(self.database())? {
                *versions.entry(version.map_err(self.database())?).or_default() += 1;
            }
        }
        Ok(versions)
    }

    /// Remembers the experiment that the runs belong to.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn set_experiment(&self, info: &ExperimentInfo) -> Result<(), StoreError> {
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
    pub fn set_manifest(&self, manifest: &Manifest) -> Result<(), StoreError> {
        self.set("manifest", manifest)
    }

    /// How the last runs were made.
    ///
    /// # Errors
    /// If it is not there or cannot be read.
    pub fn manifest(&self) -> Result<Manifest, StoreError> {
        self.get("manifest")
    }

    fn set(&self, key: &str, value: &impl Serialize) -> Result<(), StoreError> {
        let text = encode(&self.path, value)?;
        let sql = "INSERT OR REPLACE INTO meta VALUES (?1, ?2)";
        self.connection.execute(sql, [key, &text]).map(drop).map_err(self.database())
    }

    fn get<T: DeserializeOwned>(&self, key: &str) -> Result<T, StoreError> {
        let nothing =
            || StoreError::NothingYet { folder: self.path.parent().unwrap_or(&self.path).to_owned() };
        let text = self.text(key)?.ok_or_else(nothing)?;
        self.decode(key, &text)
    }

    fn text(&self, key: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT value FROM meta WHERE key = ?1";
        self.connection.query_row(sql, [key], |row| row.get(0)).optional().map_err(self.database())
    }

    fn decode<T: DeserializeOwned>(&self, what: &str, text: &str) -> Result<T, StoreError> {
        serde_json::from_str(text).map_err(|error| self.unreadable(what, &error.to_string()))
    }

    fn unreadable(&self, what: &str, problem: &str) -> StoreError {
        StoreError::Record { path: self.path.clone(), what: what.to_owned(), problem: problem.to_owned() }
    }
}

fn encode(path: &Path, value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Record {
        path: path.to_owned(),
        what: "a value to be written".to_owned(),
        problem: error.to_string(),
    })
}

fn advice(error: &rusqlite::Error) -> &'static str {
    use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked, DiskFull};
    match error.sqlite_error_code() {
        Some(DiskFull) => "make room on the disk and run the same command again: finished runs are kept",
        Some(DatabaseBusy | DatabaseLocked) => "another program writes to it: wait until it has ended",
        _ => "check the disk and its permissions, then run the same command again: finished runs are kept",
    }
}

fn is_read_only(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{CannotOpen, PermissionDenied, ReadOnly};
    error.sqlite_error_code().is_some_and(|code| matches!(code, CannotOpen | PermissionDenied | ReadOnly))
}
