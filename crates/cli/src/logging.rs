//! Log lines on standard error, and the progress bar that they must not tear.

use crate::arguments::{LogFormat, Logging};
use indicatif::ProgressBar;
use std::io::{IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

/// The bar that is on the screen, if any.
static BAR: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// Starts logging.
pub(crate) fn start(logging: &Logging) {
    let level = match (logging.quiet, logging.verbose) {
        (true, _) => LevelFilter::ERROR,
        (false, 0) => LevelFilter::INFO,
        (false, 1) => LevelFilter::DEBUG,
        (false, _) => LevelFilter::TRACE,
    };
    let lines = tracing_subscriber::fmt().with_max_level(level).with_writer(Lines).with_target(false);
    // Where standard error cannot be written to, nothing is gained by saying so there.
    let lines = lines.log_internal_errors(false);
    match logging.log_format {
        LogFormat::Json => lines.json().init(),
        LogFormat::Text => lines.without_time().with_ansi(std::io::stderr().is_terminal()).init(),
    }
    quiet_runs();
}

/// A panic of a run is that run's record: it is not shouted on the screen too.
fn quiet_runs() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let is_run = std::thread::current().name().is_some_and(|name| name.starts_with("run-"));
        if is_run { tracing::debug!("{info}") } else { usual(info) }
    }));
}

/// Shows log lines above `bar` from now on; `None` takes the bar away.
pub(crate) fn show_above(bar: Option<ProgressBar>) {
    *BAR.lock().unwrap_or_else(PoisonError::into_inner) = bar;
}

/// Standard error, line by line, above the bar.
struct Lines;

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        Self
    }
}

impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        let bar = BAR.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let write = || std::io::stderr().write_all(line);
        match bar {
            Some(bar) => bar.suspend(write)?,
            None => write()?,
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        std::io::stderr().flush()
    }
}
