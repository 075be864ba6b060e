//! Rebuilding: the intact rows of a store in a new file. An older format is brought to this one so, a damaged file is left
//! behind so, and a store whose file was deleted while it was open is saved so.

use super::contents::{self, Contents, Layout, Reader};
use super::error::StoreError;
use super::row::{self, Row};
use super::seal::{self, Seal};
use super::{FILE_NAME, SCHEMA};
use chainrule_record::{Digest, FORMAT_VERSION};
use rusqlite::{Connection, Statement, params};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Copies the intact rows to a new file at `to`, durably: the file appears whole or not at all.
pub(super) fn copy(
    from: &Connection,
    contents: &Contents,
    layout: Layout,
    to: &Path,
) -> Result<(), StoreError> {
    let partial = to.with_extension(format!("partial-{}.sqlite", std::process::id()));
    remove(&partial)?;
    let written = fill(from, contents, layout, &partial).map_err(|problem| StoreError::of(&partial, problem));
    let placed = written.and_then(|()| {
        fs::rename(&partial, to).and_then(|()| sync_folder(to)).map_err(|error| StoreError::folder(to, error))
    });
    if placed.is_err() {
        // What matters is why it could not be written.
        remove(&partial).unwrap_or_default();
    }
    placed
}

fn fill(from: &Connection, contents: &Contents, layout: Layout, to: &Path) -> Result<(), rusqlite::Error> {
    let mut connection = Connection::open(to)?;
    // Without a journal: until it is whole, nobody looks at this file. The end of the transaction waits for the disk.
    connection.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = FULL;")?;
    let transaction = connection.transaction()?;
    transaction.execute_batch(SCHEMA)?;
    let mut seal = Seal::empty();
    for (key, rowid) in &contents.meta {
        let Some((_, value, _)) = contents::meta(from, layout, *rowid)? else { continue };
        let value = if key == "format_version" { FORMAT_VERSION.to_string() } else { value };
        seal.add(insert_meta(&transaction, key, &value)?);
    }
    if !contents.meta.contains_key("format_version") {
        seal.add(insert_meta(&transaction, "format_version", &FORMAT_VERSION.to_string())?);
    }
    let mut places: Vec<i64> = contents.runs.values().map(|place| place.rowid).collect();
    places.sort_unstable();
    let mut reader = Reader::new(from, layout)?;
    let mut insert = transaction.prepare(INSERT)?;
    for rowid in places {
        let Ok(row) = reader.read(rowid)? else { continue };
        insert_run(&mut insert, &row)?;
        seal.add(row.checksum);
    }
    drop(insert);
    write_seal(&transaction, seal)?;
    transaction.commit()
}

/// Adds a row to `runs`: what [`insert_run`] needs.
pub(super) const INSERT: &str = "INSERT INTO runs VALUES (?1, ?2, ?3, ?4, ?5)";

/// Adds a row to `runs`; gives its place.
pub(super) fn insert_run(insert: &mut Statement<'_>, row: &Row) -> Result<i64, rusqlite::Error> {
    let Row { run_id, results_version, stop, record, checksum } = row;
    insert.insert(params![run_id.to_string(), results_version, stop.name(), record, checksum.to_string()])
}

/// Adds a row to `meta`; gives its checksum.
pub(super) fn insert_meta(
    connection: &Connection,
    key: &str,
    value: &str,
) -> Result<Digest, rusqlite::Error> {
    let checksum = row::of_meta(key, value);
    let values = params![key, value, checksum.to_string()];
    connection.execute("INSERT INTO meta VALUES (?1, ?2, ?3)", values)?;
    Ok(checksum)
}

/// Puts a seal in the place of the one that is there.
pub(super) fn write_seal(connection: &Connection, seal: Seal) -> Result<(), rusqlite::Error> {
    connection.execute("DELETE FROM meta WHERE key = ?1", [seal::KEY])?;
    let text = serde_json::to_string(&seal)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    insert_meta(connection, seal::KEY, &text).map(drop)
}

/// Keeps a store under another name beside it, which it gives.
pub(super) fn set_aside(path: &Path, kind: &str) -> io::Result<PathBuf> {
    let kept = free_name(path, kind)?;
    // A second name for the same file; where the file system has none, a copy.
    fs::hard_link(path, &kept).or_else(|_| fs::copy(path, &kept).map(drop))?;
    sync_folder(&kept)?;
    Ok(kept)
}

/// `runs.KIND-1.sqlite` beside the store, or the first of these that is free.
pub(super) fn free_name(path: &Path, kind: &str) -> io::Result<PathBuf> {
    let name = |n: u32| path.with_file_name(FILE_NAME).with_extension(format!("{kind}-{n}.sqlite"));
    let is_free = |path: &PathBuf| fs::symlink_metadata(path).is_err();
    (1..=9999).map(name).find(is_free).ok_or_else(|| io::Error::other(format!("too many {kind} stores")))
}

fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(StoreError::folder(path, error)),
        _ => Ok(()),
    }
}

/// A name is durable once its folder is. Some systems cannot open folders: there it is left to them.
fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path.parent().unwrap_or(Path::new("."))).map_or(Ok(()), |folder| folder.sync_all())
}
