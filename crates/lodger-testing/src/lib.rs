//! What tests of sessions need, and the contract of a store as a suite of tests.
//!
//! For the author of a store:
//!
//! - [`contract`] and [`store_contract!`]: every sentence of the contract of
//!   [`SessionStore`](lodger_core::SessionStore), as tests that any store can be put through;
//! - [`cache_contract`](mod@cache_contract) and [`cache_contract!`]: the same for a
//!   [`SessionCache`](lodger_core::SessionCache).
//!
//! For whoever wants to see for himself what Lodger promises:
//!
//! - [`history`]: what was asked of sessions and what came of it, recorded and checked.
//!
//! For tests of applications, and of Lodger itself:
//!
//! - [`SpyStore`]: counts what a store was asked, and proves that it was not asked at all;
//! - [`FailingStore`]: a store that fails, hangs or is slow when the script says so;
//! - [`FakeClock`]: time that stands still until it is moved;
//! - [`SequenceRng`], [`StuckRng`]: keys that are known beforehand, and keys that collide;
//! - [`MarkedRng`]: keys that a log can be searched for.
//!
//! Of Lodger's crates it depends on `lodger-core` alone.

pub mod cache_contract;
pub mod contract;
mod failing_store;
mod fake_clock;
pub mod history;
mod method;
mod scripted_rng;
mod spy_store;

pub use failing_store::{FailingStore, Fault};
pub use fake_clock::FakeClock;
pub use method::Method;
pub use scripted_rng::{MarkedRng, SequenceRng, StuckRng};
pub use spy_store::{Calls, SpyStore};
