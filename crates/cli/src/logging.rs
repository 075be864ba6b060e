//! Log lines on standard error, above the progress bar.

use crate::arguments::{LogFormat, Logging};
use crate::terminal::{self, Form, Stream};
use chainrule_record::text::one_line;
use indicatif::ProgressBar;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::Write;
use std::sync::{Mutex, PoisonError};
use tracing_subscriber::field::MakeExt;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::debug_fn;

/// The progress bar on the screen, if any.
static BAR: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// Starts logging. Lines that cannot be written are dropped without an error.
pub(crate) fn start(logging: &Logging) {
    let level = match (logging.quiet, logging.verbose) {
        (true, _) => LevelFilter::ERROR,
        (false, 0) => LevelFilter::INFO,
        (false, 1) => LevelFilter::DEBUG,
        (false, _) => LevelFilter::TRACE,
    };
    let lines = tracing_subscriber::fmt().with_max_level(level).with_target(false).log_internal_errors(false);
    match logging.log_format {
        LogFormat::Json => lines.json().with_writer(Lines(Form::Json)).init(),
        LogFormat::Text => {
            let fields = debug_fn(|line, field, value| {
                let value = one_line(&format!("{value:?}"));
                match field.name() {
                    "message" => write!(line, "{value}"),
                    name => write!(line, "{name}={value}"),
                }
            });
            let lines = lines.without_time().with_ansi(Stream::Messages.has_colours());
            lines.fmt_fields(fields.delimited(" ")).with_writer(Lines(Form::Styled)).init();
        }
    }
}

/// Prints panics. A panic in a run is in the record of that run, so it is only a debug message.
pub(crate) fn say_panics() {
    std::panic::set_hook(Box::new(|info| {
        let is_run = std::thread::current().name().is_some_and(|name| name.starts_with("run-"));
        if is_run {
            tracing::debug!("{info}");
            return;
        }
        terminal::message(&format!("error: internal error: {info}"));
        let trace = Backtrace::capture();
        if trace.status() == BacktraceStatus::Captured {
            terminal::message(&trace.to_string());
        }
    }));
}

/// Shows log lines above `bar` from now on; `None` removes the bar.
pub(crate) fn show_above(bar: Option<ProgressBar>) {
    *BAR.lock().unwrap_or_else(PoisonError::into_inner) = bar;
}

/// Standard error, line by line, above the bar.
struct Lines(Form);

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        Self(self.0)
    }
}

impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        let bar = BAR.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let text = String::from_utf8_lossy(line);
        let write = || Stream::Messages.write(&text, self.0).unwrap_or_default();
        match bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
