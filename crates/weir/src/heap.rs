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

/// Gives free pages inside the heaps back to the system as well. A cycle's events lie among what
/// stays, so that its end frees pages everywhere and hardly any at a heap's end: of 12,000
/// partitions half the resident memory was such pages, a little more after every cycle.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn give_back() {
    #[allow(unsafe_code, reason = "the C library offers no other way")]
    // SAFETY: malloc_trim takes each heap's lock while it looks, touches no page that is in use, and
    // its one number is the room to leave at the end of the first heap.
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Other C libraries keep one heap.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn keep_small() {}

/// Other C libraries decide for themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn give_back() {}
