//! The only writer of the store.

use super::Progress;
use crate::store::{Row, Store, StoreError};
use chainrule_record::RunRecord;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant};

/// The minimum time from the start of one commit to the start of the next. A completed run is durable after at most
/// this time and two commits.
const COMMIT_EVERY: Duration = Duration::from_millis(50);

/// The maximum number of records per commit.
const MAX_RECORDS: usize = 4096;

/// A completed run on its way to the writer. The worker has already encoded it, so the writer only waits for the disk.
/// It thus keeps up with any number of workers, even on one core.
pub(super) struct Ended {
    record: RunRecord,
    row: Result<Row, serde_json::Error>,
}

/// Sends a record to the writer; returns whether the writer still exists.
pub(super) fn send(sender: &SyncSender<Ended>, record: RunRecord) -> bool {
    let row = Row::of(&record);
    sender.send(Ended { record, row }).is_ok()
}

/// Collects records and commits them together. A commit waits for the disk, so one commit for each of many short runs
/// would cost more than the runs. A record that arrives after a pause is committed at once.
pub(super) struct Writer<'a> {
    store: &'a mut Store,
    waiting: Vec<Row>,
    last: Option<Instant>,
    written: usize,
}

impl<'a> Writer<'a> {
    pub(super) fn new(store: &'a mut Store) -> Self {
        Self { store, waiting: Vec::new(), last: None, written: 0 }
    }

    /// Writes records until all senders are dropped; returns their number.
    pub(super) fn write_all(
        mut self,
        receiver: &Receiver<Ended>,
        progress: &mut dyn Progress,
    ) -> Result<usize, StoreError> {
        loop {
            match self.receive(receiver) {
                Ok(Ended { record, row }) => {
                    progress.run(&record);
                    self.waiting.push(row.map_err(|error| self.store.unwritable(&record.run_id, &error))?);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    self.commit()?;
                    return Ok(self.written);
                }
            }
            if self.until_commit().is_zero() || self.waiting.len() >= MAX_RECORDS {
                self.commit()?;
            }
        }
    }

    /// The next record, or a timeout when it is time to commit the waiting ones.
    fn receive(&self, receiver: &Receiver<Ended>) -> Result<Ended, RecvTimeoutError> {
        match self.waiting.is_empty() {
            true => receiver.recv().map_err(|_| RecvTimeoutError::Disconnected),
            false => receiver.recv_timeout(self.until_commit()),
        }
    }

    fn until_commit(&self) -> Duration {
        self.last.map_or(Duration::ZERO, |last| COMMIT_EVERY.saturating_sub(last.elapsed()))
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let begin = Instant::now();
        self.last = Some(begin);
        self.store.write_rows(&self.waiting)?;
        tracing::trace!(
            records = self.waiting.len(),
            milliseconds = begin.elapsed().as_millis(),
            "committed"
        );
        self.written += self.waiting.len();
        self.waiting.clear();
        Ok(())
    }
}
