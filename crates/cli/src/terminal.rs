//! Standard output and standard error. No other module writes to them; clippy enforces this.
//!
//! - Text from users cannot control a terminal or be a command of a CI system, whatever its content or origin ([`tame`]).
//! - A message that cannot be written does not stop the program.

use chainrule_record::text::{self, escaped, is_steering};
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// The longest wait for a stream that accepts no more data, such as a full non-blocking pipe.
const PATIENCE: Duration = Duration::from_secs(10);

/// The longest wait for standard error, once: messages must not delay the work.
const PATIENCE_FOR_MESSAGES: Duration = Duration::from_millis(500);

/// Time between two attempts.
const PAUSE: Duration = Duration::from_millis(5);

/// The kind of text, which selects the escapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Lines for people.
    Text,
    /// Lines with the program's own colours, which are kept if the stream shows them.
    Styled,
    /// JSON.
    Json,
    /// Commands of GitHub Actions, with text that is escaped already.
    Commands,
}

/// One of the two streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    Output,
    Messages,
}

impl Stream {
    /// Whether it is a terminal with cursor control.
    pub(crate) fn has_cursor(self) -> bool {
        self.is_terminal() && anstyle_query::term_supports_color()
    }

    /// Whether it shows colours, according to NO_COLOR, CLICOLOR_FORCE, CLICOLOR and TERM, in this order.
    pub(crate) fn has_colours(self) -> bool {
        let is_wanted = anstyle_query::clicolor() != Some(false) && self.has_cursor();
        !anstyle_query::no_color() && (anstyle_query::clicolor_force() || is_wanted)
    }

    #[expect(clippy::disallowed_methods, reason = "the only module that may call this")]
    pub(crate) fn is_terminal(self) -> bool {
        match self {
            Self::Output => io::stdout().is_terminal(),
            Self::Messages => io::stderr().is_terminal(),
        }
    }

    /// Writes lines with escapes.
    ///
    /// # Errors
    /// If they cannot be written.
    #[expect(clippy::disallowed_methods, reason = "the only module that may call this")]
    pub(crate) fn write(self, lines: &str, form: Form) -> io::Result<()> {
        let form = if form == Form::Styled && !self.has_colours() { Form::Text } else { form };
        let lines = tame(lines, form);
        match self {
            Self::Output => write_all(&mut io::stdout().lock(), lines.as_bytes(), PATIENCE),
            Self::Messages => write_message(&mut io::stderr().lock(), lines.as_bytes()),
        }
    }
}

/// Writes a line to standard error, if possible.
pub(crate) fn message(line: &str) {
    Stream::Messages.write(&format!("{line}\n"), Form::Text).unwrap_or_default();
}

/// After one timeout, later messages do not wait for standard error until it accepts data again.
fn write_message(stream: &mut dyn Write, bytes: &[u8]) -> io::Result<()> {
    static STUCK: AtomicBool = AtomicBool::new(false);
    let patience = if STUCK.load(Ordering::Relaxed) { Duration::ZERO } else { PATIENCE_FOR_MESSAGES };
    let written = write_all(stream, bytes, patience);
    let is_stuck = written.as_ref().is_err_and(|error| error.kind() == ErrorKind::WouldBlock);
    STUCK.store(is_stuck, Ordering::Relaxed);
    written
}

fn write_all(stream: &mut dyn Write, mut bytes: &[u8], patience: Duration) -> io::Result<()> {
    while !bytes.is_empty() {
        match patiently(patience, || stream.write(bytes))? {
            0 => return Err(ErrorKind::WriteZero.into()),
            n => bytes = &bytes[n..],
        }
    }
    patiently(patience, || stream.flush())
}

/// Repeats an attempt while the stream is interrupted or full.
fn patiently<T>(patience: Duration, mut attempt: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    let begin = Instant::now();
    loop {
        match attempt() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock && begin.elapsed() < patience => {
                std::thread::sleep(PAUSE);
            }
            ended => return ended,
        }
    }
}

/// Escapes control sequences, and adds a backslash to commands of a CI system: `::` at the beginning of a line, and
/// `##name[` anywhere.
fn tame(lines: &str, form: Form) -> String {
    if form == Form::Json {
        return text::json(lines);
    }
    let is_command = |line: &str| form != Form::Commands && line.trim_start().starts_with("::");
    let lines = lines.split_inclusive('\n').map(|line| {
        let mark = if is_command(line) { "\\" } else { "" };
        format!("{mark}{}", tame_line(line, form == Form::Styled))
    });
    lines.collect()
}

fn tame_line(line: &str, colours: bool) -> String {
    let mut tamed = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(letter) = rest.chars().next() {
        let colour = if colours { colour(rest) } else { 0 };
        let end = if colour > 0 { colour } else { letter.len_utf8() };
        match letter {
            _ if colour > 0 => tamed += &rest[..colour],
            '\n' => tamed.push(letter),
            '[' if ends_in_mark(&tamed) => tamed += "\\[",
            letter if is_steering(letter) => tamed += &escaped(letter),
            letter => tamed.push(letter),
        }
        rest = &rest[end..];
    }
    tamed
}

/// Whether a text ends in `##` or `##name`.
fn ends_in_mark(text: &str) -> bool {
    text.trim_end_matches(|letter: char| letter.is_ascii_alphanumeric()).ends_with("##")
}

/// The length of the escape sequence at the beginning, if it sets colours or styles: `ESC [ 1 ; 31 m`.
fn colour(text: &str) -> usize {
    let Some(parameters) = text.strip_prefix("\x1b[") else { return 0 };
    let end = parameters.find(|letter: char| !(letter.is_ascii_digit() || letter == ';'));
    end.filter(|end| parameters[*end..].starts_with('m')).map_or(0, |end| end + "\x1b[m".len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_but_the_colours_of_the_program() {
        let of = |text: &str| tame(text, Form::Text);
        assert_eq!(of("a\n\u{1b}[31mb\u{9b}2J\r\n"), "a\n\\u{1b}[31mb\\u{9b}2J\\r\n");
        let coloured = tame("\u{1b}[1;31merror\u{1b}[0m \u{1b}[2J\u{1b}]0;x\u{7}\n", Form::Styled);
        assert_eq!(coloured, "\u{1b}[1;31merror\u{1b}[0m \\u{1b}[2J\\u{1b}]0;x\\u{7}\n");
        assert_eq!(tame("{\"a\": \"\u{9b}\"}\n", Form::Json), "{\"a\": \"\\u009b\"}\n");
    }

    #[test]
    fn no_line_of_text_is_a_command() {
        let of = |text: &str| tame(text, Form::Text);
        assert_eq!(of("::error::a\n \u{a0}::b ::c\n"), "\\::error::a\n\\ \u{a0}::b ::c\n");
        assert_eq!(
            of("a ##[error]b ##vso[task] ##teamcity[x] #[a] # [b]"),
            "a ##\\[error]b ##vso\\[task] ##teamcity\\[x] #[a] # [b]"
        );
        assert_eq!(tame("::error::##[a]\n", Form::Commands), "::error::##\\[a]\n");
    }

    /// Accepts three bytes at a time, and sometimes none.
    struct Slow {
        taken: Vec<u8>,
        turns: u32,
        stuck: bool,
    }

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.turns += 1;
            match self.turns % 3 {
                0 => Err(ErrorKind::Interrupted.into()),
                _ if self.stuck => Err(ErrorKind::WouldBlock.into()),
                1 => Err(ErrorKind::WouldBlock.into()),
                _ => {
                    let n = bytes.len().min(3);
                    self.taken.extend(&bytes[..n]);
                    Ok(n)
                }
            }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_slow_stream_gets_every_byte_and_a_stuck_one_is_given_up() {
        let mut slow = Slow { taken: Vec::new(), turns: 0, stuck: false };
        write_all(&mut slow, b"a line of text", PATIENCE).unwrap();
        assert_eq!(slow.taken, b"a line of text");
        slow.stuck = true;
        let error = write_all(&mut slow, b"x", Duration::from_millis(20)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WouldBlock);
    }
}
