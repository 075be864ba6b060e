//! Less use of a limited address space.

/// glibc reserves 64 MB of address space for each of the first threads that allocate. If address space is limited (`ulimit
/// -v`), this makes all threads share one reserve, which leaves the rest for the program.
pub(crate) fn spare() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        let mut limit = libc::rlimit { rlim_cur: libc::RLIM_INFINITY, rlim_max: libc::RLIM_INFINITY };
        // SAFETY: getrlimit fills a local structure, and mallopt sets a number before there is a second thread.
        unsafe {
            if libc::getrlimit(libc::RLIMIT_AS, &raw mut limit) == 0 && limit.rlim_cur != libc::RLIM_INFINITY
            {
                libc::mallopt(libc::M_ARENA_MAX, 1);
            }
        }
    }
}
