//! Answers on standard output.

use crate::terminal::{self, Form, Stream};
use std::io::{Error, ErrorKind};
use std::sync::atomic::{AtomicBool, Ordering};

/// `println!`, for output that may go to `head`: a reader who has seen enough is no error.
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

/// Whether answers went to a terminal when the program began: one that has gone is none any more.
static ON_TERMINAL: AtomicBool = AtomicBool::new(false);

/// The system's number for what a terminal that has gone answers, on Linux and macOS.
const EIO: i32 = 5;

/// Remembers where answers go. To be called before the first of them.
pub(crate) fn start() {
    ON_TERMINAL.store(Stream::Output.is_terminal(), Ordering::Relaxed);
}

/// Writes lines. What was carried out is not undone by an answer that nobody can read: the program goes on, and its exit code
/// says it.
pub(crate) fn lines(text: &str, form: Form) {
    match Stream::Output.write(&format!("{text}\n"), form) {
        Err(error) if !has_left(&error) && !LOST.swap(true, Ordering::Relaxed) => {
            terminal::message(&format!("error: cannot write to standard output: {error}"));
        }
        _ => {}
    }
}

/// Whether the reader has gone: a pipe was closed, or the terminal.
fn has_left(error: &Error) -> bool {
    let has_hung_up = || error.raw_os_error() == Some(EIO) && ON_TERMINAL.load(Ordering::Relaxed);
    error.kind() == ErrorKind::BrokenPipe || has_hung_up()
}

/// Whether anything that was to be said is lost.
pub(crate) fn is_lost() -> bool {
    LOST.load(Ordering::Relaxed)
}
