//! The HTTP side of Lodger sessions without a framework.
//!
//! This crate is for authors of the glue to a web framework; applications on axum or tower take
//! `lodger-tower`. It knows requests and responses only, and drives whatever stores the sessions
//! through [`lodger_core::SessionEngine`].
//!
//! In reading order:
//!
//! - [`decision`]: what becomes of session and cookie once the handler has answered, as a pure
//!   function; the whole policy;
//! - [`cookie`]: reading the `Cookie` headers, and the one way to write `Set-Cookie`;
//! - [`vary`] and [`cache_control`]: what keeps shared caches from leaking a session;
//! - [`flow`]: the way of one request through all of these, which every glue shares.
//!
//! The parts work on plain bytes, so that a framework with header types of its own can use them.

pub mod cache_control;
pub mod cookie;
pub mod decision;
pub mod flow;
pub mod vary;

pub use cookie::CookieError;
pub use decision::{Action, Decision, Inputs, decide};
pub use flow::{Committing, Exchange, Failure, Finish, Verdict};
