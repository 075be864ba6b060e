//! Ctrl-C: the first one asks the runs to end, the second one ends the program.

use std::sync::atomic::{AtomicBool, Ordering};

static STOP: AtomicBool = AtomicBool::new(false);

/// A flag that Ctrl-C (or a request to terminate) raises.
pub(crate) fn flag() -> &'static AtomicBool {
    let handler = || {
        if STOP.swap(true, Ordering::Relaxed) {
            // What has been committed is on disk; the rest is not to be waited for.
            std::process::exit(130);
        }
    };
    if let Err(error) = ctrlc::set_handler(handler) {
        tracing::warn!(%error, "Ctrl-C cannot be caught: it would lose the runs of the last 0.2 s");
    }
    &STOP
}
