//! Lodger sessions for tower and axum.
//!
//! [`SessionLayer`] gives each request a handle on its visitor's session and, once the handler has
//! answered, stores what was done and sets the cookie. With the feature `axum` the handles
//! [`Session`] and [`LazySession`] are extractors; on plain tower they are in the request's
//! extensions.
//!
//! # Where the layer goes
//!
//! - **Outside of whatever reads the session.** Other layers find the handle in the requests that
//!   come out of this one.
//! - **Inside of a cache of responses.** What a cache stores has to say what it depends on, and
//!   `Vary` and `Cache-Control` are right on the outer side only.
//! - **Outside of what turns a panic into a response**, if a flush is to hold also then: to this layer
//!   that is a response of 500 like any other, while a panic that comes through stores nothing.
//! - A timeout on the outer side drops the request. One on the inner side answers for a handler that
//!   it dropped half-way, and its status decides: 504 stores nothing, 408 what was done until then.
//! - What changes the type of the body, as compression and tracing do, goes outside: an answer of our
//!   own has an empty body, so that the body within needs to be `Default`.
//!
//! # What holds
//!
//! - The head of a response goes out after the session is stored, never before. If it cannot be
//!   stored, an answer of our own goes out: 400 when the session was ended elsewhere meanwhile, 409
//!   for a change that does not apply any more, 503 when the store is down, 500 otherwise, none with
//!   a cookie. The error type of the service is what it was.
//! - A response of 500 and above stores nothing, but a `flush` holds. An error of the service counts
//!   as one.
//! - **Streaming bodies and spawned tasks** may keep the handle and read. Edits are refused with
//!   [`EditError::Closed`](lodger_core::EditError::Closed) once the head is decided.
//! - **A dropped request** stores nothing, unless the storing had begun, which then goes on. What must
//!   not get lost so is done at once, with [`save`](lodger_core::Session::save) or
//!   [`flush_now`](lodger_core::Session::flush_now).
//! - A request that never touches its session costs no call to the store, and its response waits for
//!   nothing.

mod error;
#[cfg(feature = "axum")]
pub mod extract;
mod future;
mod layer;
mod lazy;
mod rejection;
mod service;
mod session;

pub use error::SessionError;
pub use future::ResponseFuture;
pub use layer::SessionLayer;
pub use lazy::LazySession;
pub use rejection::SessionRejection;
pub use service::SessionService;
pub use session::{Session, Site};
