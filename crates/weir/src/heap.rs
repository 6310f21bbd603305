//! How the C library keeps memory that is free again.

/// A cycle of a source, a query and a merge each need much for a moment, on whichever thread comes
/// next. glibc gives every thread a heap of its own and keeps what each once needed, which is a
/// third of the resident memory of a process that watches 12,000 partitions: two heaps are enough,
/// and their free ends go back to the system. What `MALLOC_ARENA_MAX` says wins.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn keep_small() {
    const HEAPS: libc::c_int = 2;
    const FREE_END_BYTES: libc::c_int = 128 << 10;
    if std::env::var_os("MALLOC_ARENA_MAX").is_some() {
        return;
    }
    #[allow(unsafe_code, reason = "the C library offers no other way")]
    // SAFETY: mallopt takes two numbers and keeps no pointer; the process has one thread yet, so
    // nobody else changes or reads these settings meanwhile. A refusal changes nothing.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, HEAPS);
        libc::mallopt(libc::M_TRIM_THRESHOLD, FREE_END_BYTES);
    }
}

/// Other C libraries keep one heap.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn keep_small() {}
