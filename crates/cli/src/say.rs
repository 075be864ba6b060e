//! Answers on standard output.

use std::fmt::Arguments;
use std::io::{ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// `println!`, for output that may go to `head`: a reader who has seen enough is no error.
macro_rules! say {
    () => {
        say!("")
    };
    ($($argument:tt)*) => {
        $crate::say::line(format_args!($($argument)*))
    };
}

/// Whether a line could not be written.
static LOST: AtomicBool = AtomicBool::new(false);

/// Writes a line. What was carried out is not undone by an answer that nobody can read: the program goes on, and its exit code
/// says it.
#[expect(
    clippy::print_stderr,
    reason = "where standard output cannot be written to, the user hears of it here"
)]
pub(crate) fn line(text: Arguments<'_>) {
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe && !LOST.swap(true, Ordering::Relaxed) => {
            eprintln!("error: cannot write to standard output: {error}");
        }
        _ => {}
    }
}

/// Whether anything that was to be said is lost.
pub(crate) fn is_lost() -> bool {
    LOST.load(Ordering::Relaxed)
}
