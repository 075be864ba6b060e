//! The one writer of the store.

use super::Progress;
use crate::store::{Row, Store, StoreError};
use chainrule_record::RunRecord;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant};

/// From the beginning of a commit to that of the next, at least. A run that ends is durable after at most this and two
/// commits.
const COMMIT_EVERY: Duration = Duration::from_millis(50);

/// Records committed at once, at most.
const MAX_RECORDS: usize = 4096;

/// A run that has ended, on its way to the writer. The worker has encoded it: the writer only waits for the disk, and so it
/// keeps up with any number of workers, on one core too.
pub(super) struct Ended {
    record: RunRecord,
    row: Result<Row, serde_json::Error>,
}

/// Hands a record to the writer; whether there still is one.
pub(super) fn send(sender: &SyncSender<Ended>, record: RunRecord) -> bool {
    let row = Row::of(&record);
    sender.send(Ended { record, row }).is_ok()
}

/// Collects records and commits them together. A commit waits for the disk, so one for each of many short runs would cost
/// more than the runs; a record that comes after a pause is committed at once.
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

    /// Writes records until all senders are gone; gives how many.
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

    /// The next record, or that it is time to commit those that wait.
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
