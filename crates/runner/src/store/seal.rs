//! The seal: the number of rows in a store and a digest over all of them, so that a missing row is detected.

use chainrule_record::Digest;
use serde::{Deserialize, Serialize};

/// The key of the seal in `meta`.
pub(super) const KEY: &str = "seal";

/// A summary of all rows of a store except the seal's own. Each transaction that changes a row rewrites it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seal {
    /// Number of rows.
    pub(super) rows: u64,
    /// The exclusive or of their checksums: it is independent of the order, and a row can be added or removed.
    digest: Digest,
}

impl Seal {
    /// The seal of a store without rows.
    pub(super) fn empty() -> Self {
        Self { rows: 0, digest: Digest::of_bytes([0; 32]) }
    }

    /// Adds a row.
    pub(super) fn add(&mut self, checksum: Digest) {
        self.rows = self.rows.saturating_add(1);
        self.mix(checksum);
    }

    /// Removes a row.
    pub(super) fn remove(&mut self, checksum: Digest) {
        self.rows = self.rows.saturating_sub(1);
        self.mix(checksum);
    }

    fn mix(&mut self, checksum: Digest) {
        let (mut bytes, other) = (self.digest.bytes(), checksum.bytes());
        bytes.iter_mut().zip(other).for_each(|(byte, other)| *byte ^= other);
        self.digest = Digest::of_bytes(bytes);
    }
}
