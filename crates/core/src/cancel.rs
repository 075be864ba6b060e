//! Cancellation: long work ends soon after a time limit or an interruption.
//!
//! The engine reads no clock and no signal. The caller passes a [`Cancel`], and long work reports its operations to it.
//! At least once per [`MAX_OPERATIONS`] the caller is asked whether to continue.
//!
//! [`to_the_end`] runs work that must not be cancelled.

use std::cell::Cell;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::Builder;

/// The most operations between two questions. A vector instruction (16 multiply-adds), one value of an elementary
/// function and one random number each count as one operation or more.
pub const MAX_OPERATIONS: u64 = 1 << 24;

/// Multiply-adds that count as one operation.
pub(crate) const MULTIPLY_ADDS: u64 = 16;

/// Operations that one random number counts as.
pub(crate) const DRAW: u64 = 16;

/// Why work was cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancelled {
    /// The time limit has passed.
    TimedOut,
    /// The user wants to stop.
    Interrupted,
}

/// Counts operations and regularly asks whether to continue.
pub struct Cancel<'a> {
    ask: &'a dyn Fn() -> Result<(), Cancelled>,
    every: u64,
    /// Operations until the next question.
    left: Cell<u64>,
    pause: Option<&'a dyn Fn()>,
}

/// Whether abandoned work may still be running.
static ABANDONED: AtomicBool = AtomicBool::new(false);

impl<'a> Cancel<'a> {
    /// Asks `ask` once per [`MAX_OPERATIONS`].
    pub fn new(ask: &'a dyn Fn() -> Result<(), Cancelled>) -> Self {
        Self::every(MAX_OPERATIONS, ask)
    }

    /// Calls `ask` once per this many operations; with 0, each time that operations are reported.
    pub fn every(operations: u64, ask: &'a dyn Fn() -> Result<(), Cancelled>) -> Self {
        Self { ask, every: operations, left: Cell::new(operations), pause: None }
    }

    /// Adds a function that waits a moment, for use between two questions during work that cannot report operations.
    pub fn with_pause(self, pause: &'a dyn Fn()) -> Self {
        Self { pause: Some(pause), ..self }
    }

    /// Reports finished operations.
    ///
    /// # Errors
    /// If the work must end.
    #[inline]
    pub fn after(&self, operations: u64) -> Result<(), Cancelled> {
        match self.left.get().checked_sub(operations) {
            Some(left) if left > 0 => {
                self.left.set(left);
                Ok(())
            }
            _ => self.now(),
        }
    }

    /// Asks immediately.
    ///
    /// # Errors
    /// If the work must end.
    #[cold]
    pub fn now(&self) -> Result<(), Cancelled> {
        self.left.set(self.every);
        (self.ask)()
    }

    /// Runs work that cannot report operations, such as a LAPACK call. If there is a function to wait, the work has its
    /// own thread. After cancellation this thread runs on until its work or the program ends.
    ///
    /// # Errors
    /// If it is cancelled.
    pub(crate) fn wait_for<T: Send + 'static>(
        &self,
        work: impl Fn() -> T + Send + Sync + 'static,
    ) -> Result<T, Cancelled> {
        let Some(pause) = self.pause else { return Ok(work()) };
        let work = Arc::new(work);
        let its_own = Arc::clone(&work);
        let Ok(thread) = Builder::new().name("run-measurement".to_owned()).spawn(move || its_own()) else {
            return Ok(work());
        };
        while !thread.is_finished() {
            pause();
            self.now().inspect_err(|_| ABANDONED.store(true, Ordering::Relaxed))?;
        }
        Ok(thread.join().unwrap_or_else(|panic| resume_unwind(panic)))
    }
}

/// Whether cancelled work may still be running on its own thread. Then a program must end without running the
/// destructors of its libraries, because they would free memory that the thread uses.
pub fn has_abandoned_work() -> bool {
    ABANDONED.load(Ordering::Relaxed)
}

/// Runs work that is never cancelled.
pub fn to_the_end<T>(work: impl FnOnce(&Cancel<'_>) -> Result<T, Cancelled>) -> T {
    let never = || Ok(());
    work(&Cancel::new(&never)).unwrap_or_else(|_| unreachable!("nothing cancels it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asks_once_per_interval() {
        let asked = Cell::new(0);
        let ask = || {
            asked.set(asked.get() + 1);
            if asked.get() < 3 { Ok(()) } else { Err(Cancelled::TimedOut) }
        };
        let cancel = Cancel::every(10, &ask);
        assert_eq!((cancel.after(9), asked.get()), (Ok(()), 0));
        assert_eq!((cancel.after(1), asked.get()), (Ok(()), 1));
        assert_eq!((cancel.after(u64::MAX), asked.get()), (Ok(()), 2));
        assert_eq!((cancel.after(0), asked.get()), (Ok(()), 2));
        assert_eq!((cancel.now(), asked.get()), (Err(Cancelled::TimedOut), 3));
    }

    #[test]
    fn work_that_cannot_ask_is_waited_for_or_left_to_itself() {
        let (asked, paused) = (Cell::new(0), Cell::new(0));
        let ask = || {
            asked.set(asked.get() + 1);
            if asked.get() < 3 { Ok(()) } else { Err(Cancelled::Interrupted) }
        };
        let pause = || {
            paused.set(paused.get() + 1);
            std::thread::yield_now();
        };
        assert_eq!(Cancel::new(&ask).wait_for(|| 1), Ok(1));
        assert_eq!(asked.get(), 0, "without a way to wait, nobody is asked");
        let end = Arc::new(AtomicBool::new(false));
        let forever = Arc::clone(&end);
        let work = move || {
            while !forever.load(Ordering::Relaxed) {
                std::thread::yield_now();
            }
        };
        let ended = Cancel::new(&ask).with_pause(&pause).wait_for(work);
        end.store(true, Ordering::Relaxed);
        assert_eq!((ended, asked.get(), paused.get()), (Err(Cancelled::Interrupted), 3, 3));
        assert!(has_abandoned_work());
        let go_on = || Ok(());
        assert_eq!(Cancel::new(&go_on).with_pause(&pause).wait_for(|| 2), Ok(2));
    }
}
