//! The one writer of the store.

use super::Progress;
use crate::store::{Store, StoreError};
use chainrule_record::RunRecord;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// The longest that an ended run waits to be durable.
const COMMIT_EVERY: Duration = Duration::from_millis(900);

/// Records committed at once, at most.
const MOST_RECORDS: usize = 4096;

/// Collects records and commits them about once a second: a commit waits for the disk, so one for each of many short
/// runs would cost more than the runs.
pub(super) struct Writer<'a> {
    store: &'a mut Store,
    waiting: Vec<RunRecord>,
    since: Instant,
    written: usize,
}

impl<'a> Writer<'a> {
    pub(super) fn new(store: &'a mut Store) -> Self {
        Self { store, waiting: Vec::new(), since: Instant::now(), written: 0 }
    }

    /// Writes records until all senders are gone; gives how many.
    pub(super) fn write_all(
        mut self,
        receiver: &Receiver<RunRecord>,
        progress: &mut dyn Progress,
    ) -> Result<usize, StoreError> {
        loop {
            match receiver.recv_timeout(COMMIT_EVERY.saturating_sub(self.since.elapsed())) {
                Ok(record) => {
                    progress.run(&record);
                    self.waiting.push(record);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    self.commit()?;
                    return Ok(self.written);
                }
            }
            if self.since.elapsed() >= COMMIT_EVERY || self.waiting.len() >= MOST_RECORDS {
                self.commit()?;
            }
        }
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        if !self.waiting.is_empty() {
            self.store.write(&self.waiting)?;
            self.written += self.waiting.len();
            self.waiting.clear();
        }
        self.since = Instant::now();
        Ok(())
    }
}
