//! Ctrl-C and requests to terminate. While runs are carried out, the first one asks them to end and the second one ends the
//! program. At any other time the first one ends it: every file is written whole or not at all.

use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

/// The exit code of an interrupted program.
const INTERRUPTED: i32 = 130;

static STOP: AtomicBool = AtomicBool::new(false);
static RUNNING: AtomicBool = AtomicBool::new(false);

/// Carries out runs, which are to end when the flag is raised.
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

/// Ends the program without the destructors of its libraries: OpenBLAS would take its memory from threads that are still at
/// work.
pub(crate) fn end_now(code: i32) -> ! {
    // SAFETY: ends the process; nothing that Rust relies on comes after it.
    unsafe { libc::_exit(code) }
}

/// On a thread of its own, so that it may write and wait for locks.
fn interrupt() {
    if !RUNNING.load(Ordering::SeqCst) || STOP.swap(true, Ordering::SeqCst) {
        // What has been committed is on disk; the rest is not to be waited for.
        end_now(INTERRUPTED);
    }
    tracing::warn!(
        "stopping: finished runs are kept, and the runs under way are given up; a second Ctrl-C ends the program at once"
    );
}
