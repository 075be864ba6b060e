//! How the program ends.

use crate::terminal::{Form, Stream};
use anyhow::Error;
use chainrule_runner::spec::Diagnostics;
use std::process::ExitCode;

/// Why the program ended, as its exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All well. Runs that diverged are outcomes.
    Well = 0,
    /// A gradient check did not come out as expected, a claim that must hold was refuted, or something became worse.
    Failed = 1,
    /// The experiment file, the command line or what they name is wrong; nothing was run.
    Wrong = 2,
    /// Some runs failed or timed out, or they or what was made of them could not be written.
    SomeFailed = 3,
    /// Interrupted by the user.
    Interrupted = 130,
}

impl Exit {
    /// The same where standard output could not be written to: only what went well is told otherwise.
    pub(crate) fn unsaid(self, has_run: bool) -> Self {
        match (self, has_run) {
            (Self::Well, true) => Self::SomeFailed,
            (Self::Well, false) => Self::Wrong,
            (other, _) => other,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// An error after which some runs may be missing.
#[derive(Debug)]
pub(crate) struct Incomplete(pub(crate) Error);

impl std::fmt::Display for Incomplete {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(&self.0, f)
    }
}

impl std::error::Error for Incomplete {}

/// Says what went wrong, whatever the log level.
pub(crate) fn report(error: &Error) -> Exit {
    let text = match error.downcast_ref::<Diagnostics>() {
        Some(diagnostics) => diagnostics.render(Stream::Messages.has_colours()),
        // Every error says its own cause.
        None => format!("error: {error}"),
    };
    // An error that cannot be said is in the exit code all the same.
    Stream::Messages.write(&format!("{text}\n"), Form::Styled).unwrap_or_default();
    if error.is::<Incomplete>() { Exit::SomeFailed } else { Exit::Wrong }
}
