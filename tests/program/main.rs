//! Tests of the whole program, from the command line to the files.
//!
//! No test depends on the speed of the machine. A test that must interrupt the program gives it more work than it can
//! finish, and waits for the expected state.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to panic")]

mod claims;
mod compare;
mod damage;
mod data;
mod documents;
mod evidence;
mod faults;
mod gradient_check;
mod harmless;
mod hostile;
mod identity;
mod interruption;
mod lessons;
mod memory;
mod output;
mod own_files;
mod probes;
mod project;
mod regressions;
mod resume;
mod same_bits;
mod shell;
mod storage;
mod terminal;
mod weights;
