//! The way of one request, which the glue to every framework shares.
//!
//! 1. [`Exchange::of`] reads the cookie and makes the handle; there is no IO.
//! 2. The handler works with the [`LazySession`](lodger_core::LazySession) that
//!    [`Exchange::session`] gives.
//! 3. [`Exchange::finish`] decides once the handler has answered, and commits; the response waits
//!    for it only if something is stored.
//! 4. The [`Verdict`] edits the response, or puts an answer of our own in its place, before its head
//!    is sent.

mod exchange;
mod failure;
mod finish;
mod verdict;

pub use exchange::Exchange;
pub use failure::Failure;
pub use finish::{Committing, Finish};
pub use verdict::Verdict;
