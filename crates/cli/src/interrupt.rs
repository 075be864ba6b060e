//! Ctrl-C and requests to terminate. During runs, the first request asks the runs to end, and the second one ends the
//! program. At any other time the first request ends the program: every file is written completely or not at all.

use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

/// The exit code of an interrupted program.
const INTERRUPTED: i32 = 130;

static STOP: AtomicBool = AtomicBool::new(false);
static RUNNING: AtomicBool = AtomicBool::new(false);

/// Executes runs, which end when the flag is set.
pub(crate) fn while_running<T>(carry_out: impl FnOnce(&AtomicBool) -> T) -> T {
    static LISTEN: Once = Once::new();
    LISTEN.call_once(listen);
    RUNNING.store(true, Ordering::SeqCst);
    let done = carry_out(&STOP);
    RUNNING.store(false, Ordering::SeqCst);
    done
}

fn listen() {
    if let Err(error) = ctrlc::set_handler(interrupt) {
        tracing::warn!(%error, "Ctrl-C cannot be caught: it would lose the runs of the last 0.2 s");
    }
}

/// Ends the program without the destructors of its libraries: OpenBLAS would free the memory of threads that still work.
pub(crate) fn end_now(code: i32) -> ! {
    // SAFETY: ends the process, so no code runs after it.
    unsafe { libc::_exit(code) }
}

/// Runs on its own thread, so it may write and wait for locks.
fn interrupt() {
    if !RUNNING.load(Ordering::SeqCst) || STOP.swap(true, Ordering::SeqCst) {
        // Committed runs are on disk; do not wait for the rest.
        end_now(INTERRUPTED);
    }
    tracing::warn!(
        "stopping: finished runs are kept, unfinished runs are dropped; a second Ctrl-C ends the program at once"
    );
}
