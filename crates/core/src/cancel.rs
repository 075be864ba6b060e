//! Cancellation: long work ends soon after a time limit or an interruption.
//!
//! The engine reads no clock and no signal. The caller passes a [`Cancel`], and long work reports to it how many operations
//! it has done. At least once per [`MAX_OPERATIONS`] the caller is asked whether to go on.
//!
//! Functions that can be cancelled end in `_while` where a variant that always runs to its end exists beside them.

use std::cell::Cell;

/// The most operations between two questions. A vector instruction (16 multiply-adds), one value of an elementary function
/// and one random number each count as one operation or more.
pub const MAX_OPERATIONS: u64 = 1 << 24;

/// Multiply-adds that count as one operation.
pub(crate) const MULTIPLY_ADDS: u64 = 16;

/// Operations that a random number is counted as.
pub(crate) const DRAW: u64 = 16;

/// Why work was cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancelled {
    /// The time limit has passed.
    TimedOut,
    /// The user wants to stop.
    Interrupted,
}

/// Counts operations and asks now and then whether to go on.
pub struct Cancel<'a> {
    ask: &'a dyn Fn() -> Result<(), Cancelled>,
    every: u64,
    /// Operations until the next question.
    left: Cell<u64>,
}

impl<'a> Cancel<'a> {
    /// Asks `ask` once per [`MAX_OPERATIONS`].
    pub fn new(ask: &'a dyn Fn() -> Result<(), Cancelled>) -> Self {
        Self::every(MAX_OPERATIONS, ask)
    }

    /// Asks `ask` once per so many operations; with 0, each time that operations are reported.
    pub fn every(operations: u64, ask: &'a dyn Fn() -> Result<(), Cancelled>) -> Self {
        Self { ask, every: operations, left: Cell::new(operations) }
    }

    /// Reports operations that were done.
    ///
    /// # Errors
    /// If work is to end.
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

    /// Asks at once.
    ///
    /// # Errors
    /// If work is to end.
    #[cold]
    pub fn now(&self) -> Result<(), Cancelled> {
        self.left.set(self.every);
        (self.ask)()
    }
}

/// Runs work that nothing cancels.
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
}
