//! The contents of a store, read once, row by row. Each row is checked against its checksum. All information about a
//! store comes from this single reading, so that all commands agree.

use super::damage::Damage;
use super::error::{StoreError, is_damage};
use super::row;
use super::seal::{self, Seal};
use chainrule_record::{Digest, FORMAT_VERSION, RunId, StopReason};
use rusqlite::{Connection, OptionalExtension, Row, Statement};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;

/// The layout of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// No tables: a run was killed before it wrote anything.
    Nothing,
    /// Format 4: no checksums.
    Unchecked,
    /// The current format, with checksums.
    Checked,
}

/// The place of an intact record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) rowid: i64,
    pub(super) stop: StopReason,
    pub(super) checksum: Digest,
}

/// The intact rows of a store, and the damage of the others.
#[derive(Debug, Clone, Default)]
pub(super) struct Contents {
    pub(super) runs: HashMap<(RunId, u32), Place>,
    pub(super) meta: HashMap<String, i64>,
    pub(super) damage: Damage,
}

/// Determines the layout of a file's tables.
///
/// # Errors
/// If it is not a store, or its version is not supported.
pub(super) fn layout(connection: &Connection, path: &Path) -> Result<Layout, StoreError> {
    let error = |problem| StoreError::of(path, problem);
    let other = |problem: &str| StoreError::NotAStore { path: path.to_owned(), problem: problem.to_owned() };
    let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(error);
    if count("SELECT count(*) FROM sqlite_master")? == 0 {
        // If there are pages but no tables, the tables cannot be found.
        return match count("PRAGMA page_count")? {
            0 | 1 => Ok(Layout::Nothing),
            _ => Err(other("its tables cannot be found")),
        };
    }
    let columns = |table: &str| -> Result<String, StoreError> {
        let sql = format!("SELECT group_concat(name) FROM (SELECT name FROM pragma_table_info('{table}'))");
        let names = connection.query_row(&sql, [], |row| row.get::<_, Option<String>>(0)).map_err(error)?;
        Ok(names.unwrap_or_default())
    };
    match (columns("meta")?.as_str(), columns("runs")?.as_str()) {
        ("key,value,checksum", "run_id,results_version,stop,record,checksum") => {
            of_version(connection, path, Layout::Checked)
        }
        ("key,value", "run_id,results_version,stop,record") => {
            of_version(connection, path, Layout::Unchecked)
        }
        (meta, _) if meta.starts_with("key,value") => {
            let found = version(connection, Layout::Unchecked).map_err(error)?;
            Err(StoreError::Version { path: path.to_owned(), found: found.unwrap_or("unknown".to_owned()) })
        }
        _ => Err(other("it has other tables")),
    }
}

/// Returns the layout if the stored version is supported.
fn of_version(connection: &Connection, path: &Path, layout: Layout) -> Result<Layout, StoreError> {
    let expected = if layout == Layout::Checked { FORMAT_VERSION } else { 4 };
    match version(connection, layout).map_err(|problem| StoreError::of(path, problem))? {
        Some(found) if found == expected.to_string() => Ok(layout),
        // The tables have the layout of this version; reading reports the damaged row.
        None if layout == Layout::Checked => Ok(layout),
        found => {
            let found = found.unwrap_or_else(|| "unknown".to_owned());
            Err(StoreError::Version { path: path.to_owned(), found })
        }
    }
}

/// The format version; `None` if it is missing or fails its checksum.
fn version(connection: &Connection, layout: Layout) -> Result<Option<String>, rusqlite::Error> {
    for rowid in row_ids(connection, "meta")?.0 {
        match meta(connection, layout, rowid) {
            Ok(Some((key, value, _))) if key == "format_version" => return Ok(Some(value)),
            Err(error) if !is_damage(&error) => return Err(error),
            _ => {}
        }
    }
    Ok(None)
}

impl Contents {
    /// Reads a store. Apparent damage may be caused by a concurrent commit of another program. So it is reported only
    /// after a second reading that blocks writers.
    pub(super) fn read(connection: &Connection, path: &Path, layout: Layout) -> Result<Self, StoreError> {
        let error = |problem| StoreError::of(path, problem);
        let contents = Self::of(connection, layout).map_err(error)?;
        if contents.damage.is_none() {
            return Ok(contents);
        }
        let transaction = connection.unchecked_transaction().map_err(error)?;
        let contents = Self::of(&transaction, layout).map_err(error)?;
        transaction.commit().map_err(error)?;
        Ok(contents)
    }

    fn of(connection: &Connection, layout: Layout) -> Result<Self, rusqlite::Error> {
        let mut contents = Self::default();
        contents.damage.unchecked = layout == Layout::Unchecked;
        if layout == Layout::Nothing {
            return Ok(contents);
        }
        // The seal is read first: rows added while the others are read do not contradict it.
        let (sealed, mut found) = contents.read_meta(connection, layout)?;
        contents.read_runs(connection, layout, &mut found)?;
        if layout == Layout::Checked {
            contents.damage.compare(sealed, found);
        }
        Ok(contents)
    }

    /// Reads `meta`; returns its seal and the seal of its actual rows.
    fn read_meta(
        &mut self,
        connection: &Connection,
        layout: Layout,
    ) -> Result<(Option<Seal>, Seal), rusqlite::Error> {
        let (rows, broken) = row_ids(connection, "meta")?;
        self.damage.structure(broken);
        let (mut sealed, mut found) = (None, Seal::empty());
        for rowid in rows {
            match meta(connection, layout, rowid) {
                Ok(Some((key, value, _))) if key == seal::KEY => sealed = serde_json::from_str(&value).ok(),
                Ok(Some((key, _, checksum))) => {
                    found.add(checksum);
                    self.meta.insert(key, rowid);
                }
                Ok(None) => {
                    found.rows += 1;
                    self.damage.meta += 1;
                }
                Err(error) => {
                    found.rows += 1;
                    self.damage.row(error)?;
                    self.damage.meta += 1;
                }
            }
        }
        Ok((sealed, found))
    }

    fn read_runs(
        &mut self,
        connection: &Connection,
        layout: Layout,
        found: &mut Seal,
    ) -> Result<(), rusqlite::Error> {
        let (rows, broken) = row_ids(connection, "runs")?;
        self.damage.structure(broken);
        let mut reader = Reader::new(connection, layout)?;
        for rowid in rows {
            match reader.read(rowid) {
                Ok(Ok(row::Row { run_id, results_version, stop, checksum, .. })) => {
                    found.add(checksum);
                    // Programs that write concurrently without a lock may leave two rows; the later one is used.
                    self.runs.insert((run_id, results_version), Place { rowid, stop, checksum });
                }
                Ok(Err(name)) => {
                    found.rows += 1;
                    self.damage.records.push(name);
                }
                Err(error) => {
                    found.rows += 1;
                    self.damage.row(error)?;
                    self.damage.records.push(format!("row {rowid}"));
                }
            }
        }
        Ok(())
    }
}

/// The rows of a table, and the error that prevented finding all of them. If the scan meets a broken page, a second
/// scan starts from the other end.
fn row_ids(
    connection: &Connection,
    table: &str,
) -> Result<(BTreeSet<i64>, Option<rusqlite::Error>), rusqlite::Error> {
    let mut found = BTreeSet::new();
    let mut broken = None;
    for order in ["ASC", "DESC"] {
        let sql = format!("SELECT rowid FROM {table} NOT INDEXED ORDER BY rowid {order}");
        let mut statement = connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        loop {
            match rows.next() {
                Ok(Some(row)) => drop(found.insert(row.get(0)?)),
                Ok(None) => return Ok((found, broken)),
                Err(error) if is_damage(&error) => break broken = Some(error),
                Err(error) => return Err(error),
            }
        }
    }
    Ok((found, broken))
}

/// A row of `meta`: key, value and checksum; `None` if it fails its checksum.
pub(super) fn meta(
    connection: &Connection,
    layout: Layout,
    rowid: i64,
) -> Result<Option<(String, String, Digest)>, rusqlite::Error> {
    let checked = layout == Layout::Checked;
    let sql =
        format!("SELECT key, value{} FROM meta WHERE rowid = ?1", if checked { ", checksum" } else { "" });
    connection.query_row(&sql, [rowid], |row| {
        let (key, value): (String, String) = (row.get(0)?, row.get(1)?);
        let expected = row::of_meta(&key, &value);
        let holds = !checked || row.get::<_, String>(2)? == expected.to_string();
        Ok(holds.then_some((key, value, expected)))
    })
}

/// Reads rows of `runs`.
pub(super) struct Reader<'a> {
    statement: Statement<'a>,
    layout: Layout,
}

impl<'a> Reader<'a> {
    pub(super) fn new(connection: &'a Connection, layout: Layout) -> Result<Self, rusqlite::Error> {
        let checksum = if layout == Layout::Checked { ", checksum" } else { "" };
        let sql =
            format!("SELECT run_id, results_version, stop, record{checksum} FROM runs WHERE rowid = ?1");
        Ok(Self { statement: connection.prepare(&sql)?, layout })
    }

    /// Reads a row. If it fails its checksum, or is unreadable in a format without checksums, returns the name of its
    /// run.
    pub(super) fn read(&mut self, rowid: i64) -> Result<Result<row::Row, String>, rusqlite::Error> {
        let layout = self.layout;
        let row = self.statement.query_row([rowid], |row| of_row(row, layout, rowid)).optional()?;
        Ok(row.unwrap_or_else(|| Err(format!("row {rowid}"))))
    }
}

fn of_row(row: &Row<'_>, layout: Layout, rowid: i64) -> Result<Result<row::Row, String>, rusqlite::Error> {
    let (id, version, stop, record): (String, i64, String, String) =
        (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
    let checksum = row::of_run(&id, version, &stop, &record);
    let key = RunId::from_hex(&id).zip(u32::try_from(version).ok()).zip(StopReason::from_name(&stop));
    let Some(((run_id, results_version), stop)) = key else { return Ok(Err(format!("row {rowid}"))) };
    let holds = match layout {
        Layout::Checked => row.get::<_, String>(4)? == checksum.to_string(),
        _ => row::decode(run_id, results_version, &record).is_ok_and(|record| record.stop == stop),
    };
    let run = row::Row { run_id, results_version, stop, record, checksum };
    Ok(if holds { Ok(run) } else { Err(run_id.short()) })
}

/// The intact rows of `meta`, by their keys.
pub(super) fn keys(connection: &Connection) -> Result<HashMap<String, i64>, rusqlite::Error> {
    let mut keys = HashMap::new();
    for rowid in row_ids(connection, "meta")?.0 {
        if let Some((key, ..)) = meta(connection, Layout::Checked, rowid)?
            && key != seal::KEY
        {
            keys.insert(key, rowid);
        }
    }
    Ok(keys)
}

/// The current seal, before a change of rows.
pub(super) fn seal(connection: &Connection) -> Result<Seal, rusqlite::Error> {
    let sql = "SELECT rowid FROM meta WHERE key = ?1";
    let rowid = connection.query_row(sql, [seal::KEY], |row| row.get::<_, i64>(0))?;
    let value = meta(connection, Layout::Checked, rowid)?.map(|(_, value, _)| value);
    let seal = value.and_then(|value| serde_json::from_str(&value).ok());
    seal.ok_or(rusqlite::Error::QueryReturnedNoRows)
}
