//! Answers on standard output.

use std::fmt::Arguments;
use std::io::{ErrorKind, Write};

/// `println!`, for output that may go to `head`: a reader who has seen enough is no error.
macro_rules! say {
    () => {
        say!("")
    };
    ($($argument:tt)*) => {
        $crate::say::line(format_args!($($argument)*))
    };
}

/// Writes a line.
#[expect(
    clippy::print_stderr,
    reason = "where standard output cannot be written to, the user hears of it here"
)]
pub(crate) fn line(text: Arguments<'_>) {
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            eprintln!("error: cannot write to standard output: {error}");
            std::process::exit(crate::exit::Exit::Wrong as i32);
        }
        _ => {}
    }
}
