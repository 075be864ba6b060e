//! Rebuilds a store by copying its intact rows to a new file. This converts an older format, replaces a damaged file,
//! and rescues a store whose file was deleted while it was open.

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

/// Copies the intact rows to a new file at `to`, durably. The file appears complete or not at all.
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
        // The error to report is the reason why the file could not be written.
        remove(&partial).unwrap_or_default();
    }
    placed
}

fn fill(from: &Connection, contents: &Contents, layout: Layout, to: &Path) -> Result<(), rusqlite::Error> {
    let mut connection = Connection::open(to)?;
    // No journal is needed: nobody uses this file until it is complete. The end of the transaction waits for the disk.
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

/// Adds a row to `runs`; used by [`insert_run`].
pub(super) const INSERT: &str = "INSERT INTO runs VALUES (?1, ?2, ?3, ?4, ?5)";

/// Adds a row to `runs`; returns its row number.
pub(super) fn insert_run(insert: &mut Statement<'_>, row: &Row) -> Result<i64, rusqlite::Error> {
    let Row { run_id, results_version, stop, record, checksum } = row;
    insert.insert(params![run_id.to_string(), results_version, stop.name(), record, checksum.to_string()])
}

/// Adds a row to `meta`; returns its checksum.
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

/// Replaces the seal.
pub(super) fn write_seal(connection: &Connection, seal: Seal) -> Result<(), rusqlite::Error> {
    connection.execute("DELETE FROM meta WHERE key = ?1", [seal::KEY])?;
    let text = serde_json::to_string(&seal)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    insert_meta(connection, seal::KEY, &text).map(drop)
}

/// Keeps a store under another name beside it; returns that name.
pub(super) fn set_aside(path: &Path, kind: &str) -> io::Result<PathBuf> {
    let kept = free_name(path, kind)?;
    // A second name for the same file, or a copy if the file system has no hard links.
    fs::hard_link(path, &kept).or_else(|_| fs::copy(path, &kept).map(drop))?;
    sync_folder(&kept)?;
    Ok(kept)
}

/// `runs.KIND-1.sqlite` beside the store, or the first of these names that is free.
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

/// A name is durable once its folder is synced. Some systems cannot open folders; there, the system decides.
fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path.parent().unwrap_or(Path::new("."))).map_or(Ok(()), |folder| folder.sync_all())
}
