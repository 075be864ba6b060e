//! Opens a store, and keeps it at its path.

use super::contents::{self, Contents, Layout};
use super::damage::Damage;
use super::error::{self, StoreError};
use super::place::file_id;
use super::seal::Seal;
use super::{FILE_NAME, SCHEMA, Store, rebuild};
use chainrule_record::FORMAT_VERSION;
use chainrule_record::text::shown;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A path that SQLite does not interpret as a URI, even if it begins with `file:`.
fn as_path(path: &Path) -> PathBuf {
    Path::new(".").join(path)
}

impl Store {
    /// Opens the store of a results folder for writing; creates the folder and the store if necessary. A store that is
    /// damaged or has an older format is first rebuilt from its intact rows, which is logged. Nobody else may write to
    /// the folder meanwhile.
    ///
    /// # Errors
    /// If the folder cannot be written to, or contains results of another version or something other than a store.
    pub fn create(folder: &Path) -> Result<Self, StoreError> {
        make_folder(folder)?;
        Self::writable(&folder.join(FILE_NAME))?.settled()
    }

    /// Turns a store opened for reading into a writable one, as from [`Store::create`]. It is read again only if
    /// another process has changed it.
    ///
    /// # Errors
    /// As for [`Store::create`].
    pub fn into_writable(self) -> Result<Self, StoreError> {
        match self.is_as_read()? {
            true => self.synchronous()?.settled(),
            false => Self::create(self.folder()),
        }
    }

    /// Whether both the file and the target of its path are unchanged since it was read.
    fn is_as_read(&self) -> Result<bool, StoreError> {
        let there = file_id(&self.path).map_err(|error| StoreError::folder(&self.path, error))?;
        let version = data_version(&self.connection).map_err(self.database())?;
        Ok(there == self.file && version == self.data_version)
    }

    /// Prepares a new store, rebuilds a damaged or older one, and checks that it can be written.
    fn settled(mut self) -> Result<Self, StoreError> {
        if self.layout == Layout::Nothing {
            self.prepare().map_err(StoreError::for_writing)?;
            return Self::writable(&self.path);
        }
        let health = self.health()?;
        self.contents.damage.structure(health);
        if self.layout == Layout::Checked && self.contents.damage.is_none() {
            self.check_writable().map_err(StoreError::for_writing)?;
            return Ok(self);
        }
        self.rebuild()
    }

    fn writable(path: &Path) -> Result<Self, StoreError> {
        Self::connect(path, OpenFlags::default()).map_err(StoreError::for_writing)?.synchronous()
    }

    fn synchronous(self) -> Result<Self, StoreError> {
        self.connection.pragma_update(None, "synchronous", "FULL").map_err(self.database())?;
        Ok(self)
    }

    /// Opens the store of a results folder for reading.
    ///
    /// # Errors
    /// If there is none, or it has another version.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(FILE_NAME);
        if !path.is_file() {
            return Err(StoreError::Missing { folder: folder.to_owned() });
        }
        // A run that was killed while writing leaves a journal, and a rollback needs write permission. Without it
        // (another user's results, a CD), SQLite falls back to reading by itself.
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
        // Before the contents are read, so that a change during the reading is noticed.
        let data_version = data_version(&connection).map_err(error)?;
        let layout = contents::layout(&connection, path)?;
        let contents = Contents::read(&connection, path, layout)?;
        let file = file_id(path).map_err(|error| StoreError::folder(path, error))?;
        Ok(Self { connection, path: path.to_owned(), file, data_version, layout, contents, restored: false })
    }

    /// Simulates a full disk: the file may not grow beyond `pages`.
    #[cfg(test)]
    pub(crate) fn limit_pages(&self, pages: u32) {
        self.connection.pragma_update(None, "max_page_count", pages).unwrap();
    }

    pub(super) fn database(&self) -> impl Fn(rusqlite::Error) -> StoreError + use<> {
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

    /// The problem that SQLite finds in its pages. Writing to a broken file could overwrite intact records.
    fn health(&self) -> Result<Option<String>, StoreError> {
        let check = self.connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
        match check {
            Ok(text) => Ok((text != "ok").then_some(text)),
            Err(problem) if error::is_damage(&problem) => Ok(Some(problem.to_string())),
            Err(problem) => Err(self.database()(problem)),
        }
    }

    /// Checks that the store is writable before runs are executed in vain.
    fn check_writable(&mut self) -> Result<(), StoreError> {
        let error = self.database();
        self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map(drop).map_err(error)
    }

    /// Rebuilds the store in a new file from its intact rows.
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

    /// Checks that the path still leads to the open file. If the file was deleted, the store is rewritten from the
    /// open file; if another file replaced it, the store is written beside that file.
    pub(super) fn keep_in_place(&mut self) -> Result<(), StoreError> {
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
            "{} was deleted or moved away during the runs; rewriting it with all {} stored runs",
            shown(&self.path),
            self.contents.runs.len()
        );
        make_folder(self.folder())?;
        rebuild::copy(&self.connection, &self.contents, self.layout, &self.path)?;
        *self = Self { restored: true, ..Self::writable(&self.path)? };
        Ok(())
    }
}

/// Creates a results folder if necessary.
///
/// # Errors
/// If it cannot be created.
pub fn make_folder(folder: &Path) -> Result<(), StoreError> {
    let problem =
        |error: std::io::Error| StoreError::Folder { folder: folder.to_owned(), problem: error.to_string() };
    std::fs::create_dir_all(folder).map_err(problem)
}

fn data_version(connection: &Connection) -> Result<i64, rusqlite::Error> {
    connection.query_row("PRAGMA data_version", [], |row| row.get(0))
}
