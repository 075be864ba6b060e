//! Answers on standard output.

use crate::terminal::{self, Form, Stream};
use std::io::{Error, ErrorKind};
use std::sync::atomic::{AtomicBool, Ordering};

/// `println!` for output that may go to `head`: a reader that closes the pipe is not an error.
macro_rules! say {
    () => {
        say!("")
    };
    ($($argument:tt)*) => {
        $crate::say::lines(&format!($($argument)*), $crate::terminal::Form::Text)
    };
}

/// Whether a line could not be written.
static LOST: AtomicBool = AtomicBool::new(false);

/// Whether answers went to a terminal when the program started. A terminal that was closed no longer counts as one.
static ON_TERMINAL: AtomicBool = AtomicBool::new(false);

/// The system's error number for a closed terminal, on Linux and macOS.
const EIO: i32 = 5;

/// Records where answers go. Call it before the first answer.
pub(crate) fn start() {
    ON_TERMINAL.store(Stream::Output.is_terminal(), Ordering::Relaxed);
}

/// Writes lines. An answer that cannot be written does not undo the work: the program continues, and its exit code reports
/// it.
pub(crate) fn lines(text: &str, form: Form) {
    match Stream::Output.write(&format!("{text}\n"), form) {
        Err(error) if !has_left(&error) && !LOST.swap(true, Ordering::Relaxed) => {
            terminal::message(&format!("error: cannot write to standard output: {error}"));
        }
        _ => {}
    }
}

/// Whether the reader closed the pipe or the terminal.
fn has_left(error: &Error) -> bool {
    let has_hung_up = || error.raw_os_error() == Some(EIO) && ON_TERMINAL.load(Ordering::Relaxed);
    error.kind() == ErrorKind::BrokenPipe || has_hung_up()
}

/// Whether any answer was lost.
pub(crate) fn is_lost() -> bool {
    LOST.load(Ordering::Relaxed)
}
