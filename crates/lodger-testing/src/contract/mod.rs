//! The contract of [`SessionStore`](lodger_core::SessionStore), as a suite that any store can be put
//! through.
//!
//! [`store_contract!`](crate::store_contract) makes one test of each [`check`]; the author of a store
//! writes what makes an empty store, and no more:
//!
//! ```
//! use lodger_backends::memory::MemoryStore;
//! use lodger_testing::contract::Subject;
//! use lodger_testing::store_contract;
//!
//! store_contract!(memory, async { Subject::new(MemoryStore::default()) });
//! # fn main() {}
//! ```
//!
//! A check can also be called by hand:
//!
//! ```
//! use lodger_backends::memory::MemoryStore;
//! use lodger_testing::contract::{Subject, check};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), lodger_testing::contract::Violation> {
//! check::create_never_overwrites_a_live_record(Subject::new(MemoryStore::default())).await?;
//! # Ok(())
//! # }
//! ```
//!
//! The suite proves itself: its own tests put stores with one mistake each through it, and each
//! mistake is found.
//!
//! In reading order: `subject` (a store and what it is able to), `fixture` (making it and taking it
//! away), [`check`] (the sentences), `violation`, `run` and the macro.

mod subject;

mod fixture;

pub mod check;
pub(crate) mod run;
mod store_contract;
pub(crate) mod violation;

pub use fixture::Fixture;
#[doc(hidden)]
pub use run::run;
pub use subject::Subject;
pub use violation::{Checked, Violation};
