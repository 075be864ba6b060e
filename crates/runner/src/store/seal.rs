//! The seal: how many rows a store has and a digest over all of them, so that a row that vanishes is noticed.

use chainrule_record::Digest;
use serde::{Deserialize, Serialize};

/// The row of `meta` that holds it.
pub(super) const KEY: &str = "seal";

/// All rows of a store but the seal's own. It is rewritten in each transaction that changes a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seal {
    /// Number of rows.
    pub(super) rows: u64,
    /// The exclusive or of their checksums: it takes no order, and a row can be added or taken away.
    digest: Digest,
}

impl Seal {
    /// Of no row.
    pub(super) fn empty() -> Self {
        Self { rows: 0, digest: Digest::of_bytes([0; 32]) }
    }

    /// Adds a row.
    pub(super) fn add(&mut self, checksum: Digest) {
        self.rows = self.rows.saturating_add(1);
        self.mix(checksum);
    }

    /// Takes a row away.
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
