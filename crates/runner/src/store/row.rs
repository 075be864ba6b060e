//! Rows of the store: an encoded record or other value, and the checksum that detects changes.

use crate::spec;
use chainrule_record::{Digest, DigestBuilder, RunId, RunRecord, StopReason};

/// A record ready to be written. Encoding takes longer than any other step before writing, so the thread that executed
/// the run does it.
#[derive(Debug, Clone)]
pub struct Row {
    pub(super) run_id: RunId,
    pub(super) results_version: u32,
    pub(super) stop: StopReason,
    pub(super) record: String,
    pub(super) checksum: Digest,
}

impl Row {
    /// Encodes a record.
    ///
    /// # Errors
    /// If it cannot be represented in JSON.
    pub fn of(record: &RunRecord) -> Result<Self, serde_json::Error> {
        let RunRecord { run_id, results_version, stop, .. } = *record;
        let record = serde_json::to_string(record)?;
        let checksum = of_run(&run_id.to_string(), results_version.into(), stop.name(), &record);
        Ok(Self { run_id, results_version, stop, record, checksum })
    }
}

/// The checksum of a row of `runs`.
pub(super) fn of_run(run_id: &str, results_version: i64, stop: &str, record: &str) -> Digest {
    checksum("run", &[run_id, &results_version.to_string(), stop, record])
}

/// The checksum of a row of `meta`.
pub(super) fn of_meta(key: &str, value: &str) -> Digest {
    checksum("meta", &[key, value])
}

fn checksum(table: &str, columns: &[&str]) -> Digest {
    let mut digest = DigestBuilder::default();
    for text in [&[table], columns].concat() {
        digest.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
    }
    digest.finish()
}

/// Decodes a record and checks it against its key.
///
/// # Errors
/// The reason why it cannot be used.
pub(super) fn decode(run_id: RunId, results_version: u32, text: &str) -> Result<RunRecord, String> {
    let mut record: RunRecord = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if (record.run_id, record.results_version) != (run_id, results_version) {
        return Err("it is the record of another run".to_owned());
    }
    record.check()?;
    spec::fill_in(&mut record.spec);
    Ok(record)
}
