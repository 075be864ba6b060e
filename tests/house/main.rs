//! The whole house, from the command line to the files: what users rely on, held by the program itself.
//!
//! No test depends on how fast the machine is: where one must catch the program at work, it gives it more than it could do
//! and waits for what it needs to see.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to panic")]

mod claims;
mod compare;
mod damage;
mod data;
mod faults;
mod gradient_check;
mod harmless;
mod hostile;
mod identity;
mod interruption;
mod memory;
mod output;
mod own_files;
mod probes;
mod program;
mod regressions;
mod resume;
mod same_bits;
mod storage;
mod terminal;
mod weights;
