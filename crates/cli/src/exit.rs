//! The exit codes of the program.

use crate::terminal::{Form, Stream};
use anyhow::Error;
use chainrule_runner::spec::Diagnostics;
use std::process::ExitCode;

/// The outcome, as an exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Success. Runs that diverged are outcomes.
    Well = 0,
    /// A gradient check did not come out as expected, a claim that must hold was refuted, or something became worse.
    Failed = 1,
    /// The experiment file, the command line or a file named there is wrong; nothing was run.
    Wrong = 2,
    /// Some runs failed or timed out, or the runs, the report or the baseline could not be written.
    SomeFailed = 3,
    /// Interrupted by the user.
    Interrupted = 130,
}

impl Exit {
    /// The outcome if standard output could not be written to: success becomes an error, other outcomes stay.
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

/// Prints an error at any log level.
pub(crate) fn report(error: &Error) -> Exit {
    let text = match error.downcast_ref::<Diagnostics>() {
        Some(diagnostics) => diagnostics.render(Stream::Messages.has_colours()),
        // The text of every error includes its cause.
        None => format!("error: {error}"),
    };
    // If the error cannot be written, the exit code still reports it.
    Stream::Messages.write(&format!("{text}\n"), Form::Styled).unwrap_or_default();
    if error.is::<Incomplete>() { Exit::SomeFailed } else { Exit::Wrong }
}
