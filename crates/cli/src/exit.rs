//! How the program ends.

use anyhow::Error;
use chainrule_runner::spec::Diagnostics;
use std::io::IsTerminal;
use std::process::ExitCode;

/// Why the program ended, as its exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All well. Runs that diverged are outcomes.
    Well = 0,
    /// A gradient check did not come out as expected, a claim that must hold was refuted, or something became worse.
    Failed = 1,
    /// The experiment file or the command line is wrong.
    Wrong = 2,
    /// Some runs failed or timed out, or could not be stored.
    SomeFailed = 3,
    /// Interrupted by the user.
    Interrupted = 130,
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

/// Says what went wrong.
#[expect(
    clippy::print_stderr,
    reason = "errors of the command line go to standard error, whatever the log level"
)]
pub(crate) fn report(error: &Error) -> Exit {
    match error.downcast_ref::<Diagnostics>() {
        Some(diagnostics) => eprintln!("{}", diagnostics.render(std::io::stderr().is_terminal())),
        // Every error says its own cause.
        None => eprintln!("error: {error}"),
    }
    if error.is::<Incomplete>() { Exit::SomeFailed } else { Exit::Wrong }
}
