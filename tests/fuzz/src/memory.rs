//! What a piece of work may take.

/// Does the work, and watches how much memory it holds at once.
///
/// # Panics
///
/// When that is more than so many bytes.
pub fn at_most<T>(bytes: usize, work: impl FnOnce() -> T) -> T {
    let mut result = None;
    let taken = allocation_counter::measure(|| result = Some(work()));
    let most = usize::try_from(taken.bytes_max).unwrap_or(usize::MAX);
    assert!(most <= bytes, "{most} bytes of memory were taken at once, not {bytes} at most");
    result.expect("the work has been done")
}
