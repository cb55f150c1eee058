//! The contract of [`SessionCache`](lodger_core::SessionCache), as a suite that any cache can be put
//! through.
//!
//! [`cache_contract!`](crate::cache_contract!) makes one test of each [`check`]; the author of a cache
//! writes what makes an empty cache, and no more:
//!
//! ```
//! use lodger_backends::memory::MemoryCache;
//! use lodger_testing::cache_contract;
//! use lodger_testing::cache_contract::Subject;
//!
//! cache_contract!(memory, async { Subject::new(MemoryCache::default()) });
//! # fn main() {}
//! ```
//!
//! A cache may lose an entry at any time, and one that keeps nothing keeps every promise. The suite
//! wants to see promises at work, so the cache must have room for what a check puts into it, and
//! nobody else may empty it meanwhile.
//!
//! The suite proves itself: its own tests put caches with one mistake each through it, and each
//! mistake is found.
//!
//! In reading order: `subject` (a cache and what it is able to), `fixture` (making it and taking it
//! away), [`check`] (the sentences), `run` and the macro in `suite`. What is found is a
//! [`Violation`](crate::contract::Violation).

mod subject;

mod fixture;

pub mod check;
mod run;
mod suite;

pub use fixture::Fixture;
#[doc(hidden)]
pub use run::run;
pub use subject::Subject;
