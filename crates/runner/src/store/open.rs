//! Opening a store, and keeping it where it is.

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

/// A path that SQLite does not take for a URI, as it does one that begins with `file:`.
fn as_path(path: &Path) -> PathBuf {
    Path::new(".").join(path)
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
        Self::writable(&folder.join(FILE_NAME))?.settled()
    }

    /// A store that was opened for reading, as [`Store::create`] opens it. It is read again only if another process has
    /// changed it since.
    ///
    /// # Errors
    /// As of [`Store::create`].
    pub fn into_writable(self) -> Result<Self, StoreError> {
        match self.is_as_read()? {
            true => self.synchronous()?.settled(),
            false => Self::create(self.folder()),
        }
    }

    /// Whether neither the file nor what its path leads to has changed since it was read.
    fn is_as_read(&self) -> Result<bool, StoreError> {
        let there = file_id(&self.path).map_err(|error| StoreError::folder(&self.path, error))?;
        let version = data_version(&self.connection).map_err(self.database())?;
        Ok(there == self.file && version == self.data_version)
    }

    /// Prepares a new store, rebuilds a damaged or older one, and sees whether it can be written.
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
        // Before the contents: a change while they are read is then noticed.
        let data_version = data_version(&connection).map_err(error)?;
        let layout = contents::layout(&connection, path)?;
        let contents = Contents::read(&connection, path, layout)?;
        let file = file_id(path).map_err(|error| StoreError::folder(path, error))?;
        Ok(Self { connection, path: path.to_owned(), file, data_version, layout, contents, restored: false })
    }

    /// A file that may not grow beyond `pages` stands for a disk that is full.
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

    /// Whether the path still leads to the file that is open. Where it was deleted, the store is written anew from the open
    /// file; where another file took its place, it is written beside that.
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

fn data_version(connection: &Connection) -> Result<i64, rusqlite::Error> {
    connection.query_row("PRAGMA data_version", [], |row| row.get(0))
}
