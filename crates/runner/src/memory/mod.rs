//! Memory: the requirements of runs, and the available amount.

mod estimate;
mod limits;

pub use estimate::Needs;
pub(crate) use estimate::needs;
pub use limits::{Available, available};

use thiserror::Error;

/// The program's memory at the start, in bytes. Counted because people ask for the size of the whole process.
const PROGRAM: u64 = 12_000_000;

/// The memory of a thread beyond its run, in bytes: its stack and the buffers of the matrix product library. These
/// buffers are about as large as the processor's caches.
const THREAD: u64 = 8_000_000;

/// The memory of a plan, estimated from its settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PlanMemory {
    /// Bytes of all data sets, which are held until the program ends.
    pub data: u64,
    /// Bytes of the largest run, without its split.
    pub run: u64,
    /// Bytes of the largest split: its training, validation and test sets.
    pub split: u64,
    /// The number of different splits. Runs share them, and each thread holds at most one at a time.
    pub splits: usize,
}

impl PlanMemory {
    /// Adds a combination that takes `needs`.
    pub(crate) fn add(&mut self, needs: Needs) {
        self.run = self.run.max(needs.run);
        self.split = self.split.max(needs.split);
    }

    /// Bytes for the given number of threads, beyond the loaded data.
    pub fn of_threads(&self, threads: usize) -> u64 {
        let splits = self.splits.min(threads) as u64;
        let of_thread = self.run.saturating_add(THREAD);
        of_thread.saturating_mul(threads as u64).saturating_add(self.split.saturating_mul(splits))
    }

    /// Bytes of the whole process.
    pub fn total(&self, threads: usize) -> u64 {
        self.of_threads(threads).saturating_add(self.data).saturating_add(PROGRAM)
    }
}

/// A plan that does not fit into memory even with one thread.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "a run needs about {} of memory, but only {} are available ({})\n\
     use a smaller network, batch or data set, or raise the limit",
    size(*needed), size(available.bytes), available.limit
)]
pub struct DoesNotFit {
    /// Bytes of one run with its split.
    pub needed: u64,
    /// The available memory.
    pub available: Available,
}

/// The largest number of threads, up to `wanted`, whose runs fit into the available memory. If that is unknown,
/// `wanted`.
///
/// # Errors
/// If not even one run fits.
pub fn threads_that_fit(plan: &PlanMemory, wanted: usize) -> Result<usize, DoesNotFit> {
    match available() {
        Some(available) => most_threads(plan, wanted, available),
        None => Ok(wanted),
    }
}

fn most_threads(memory: &PlanMemory, wanted: usize, available: Available) -> Result<usize, DoesNotFit> {
    let fits = |threads: &usize| memory.of_threads(*threads) <= available.bytes;
    let needed = memory.of_threads(1);
    (1..=wanted).rev().find(fits).ok_or(DoesNotFit { needed, available })
}

/// Bytes for people: two or three digits, in powers of 1000.
pub fn size(bytes: u64) -> String {
    let (number, unit) = match bytes as f64 {
        bytes if bytes < 999.5 => return format!("{bytes} bytes"),
        bytes if bytes < 999.5e3 => (bytes / 1e3, "kB"),
        bytes if bytes < 999.5e6 => (bytes / 1e6, "MB"),
        bytes => (bytes / 1e9, "GB"),
    };
    let decimals = if number < 9.95 { 1 } else { 0 };
    format!("{number:.decimals$} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn available(bytes: u64) -> Available {
        Available { bytes, limit: "made up" }
    }

    #[test]
    fn as_many_threads_are_used_as_fit() {
        let memory = PlanMemory { data: 1_000, run: 10, split: 100, splits: 2 };
        // 110, 220 and, because there are two splits, 230.
        for (bytes, threads) in [(110, 1), (219, 1), (220, 2), (229, 2), (230, 3), (u64::MAX / 2, 3)] {
            let available = available(bytes + threads as u64 * THREAD);
            assert_eq!(most_threads(&memory, 3, available), Ok(threads), "{bytes}");
        }
        let refused = most_threads(&memory, 3, available(109 + THREAD)).unwrap_err();
        assert_eq!((refused.needed, refused.available.bytes), (110 + THREAD, 109 + THREAD));
        assert_eq!(memory.total(3), 1_230 + 3 * THREAD + PROGRAM);
    }

    #[test]
    fn sizes_are_short() {
        let sizes = [24, 1_000, 400_000, 9_940_000, 9_960_000, 999_600_000, 5_630_000_000].map(size);
        assert_eq!(sizes, ["24 bytes", "1.0 kB", "400 kB", "9.9 MB", "10 MB", "1.0 GB", "5.6 GB"]);
    }
}
