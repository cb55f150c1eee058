//! The vocabulary and law of Lodger sessions.
//!
//! This crate is for those who build on Lodger: authors of a store, of a codec, of the glue to a
//! web framework. It does no IO, knows no HTTP, no runtime and no database; the storage side and
//! the HTTP side meet in its traits and never see each other. Applications take the facade crate
//! `lodger`, which re-exports what they need.
//!
//! In reading order:
//!
//! - [`SessionKey`], [`StoredKey`], [`CookieValue`]: what identifies a session, and to whom;
//! - [`SessionDict`]: the decoded data, each field held as the JSON text it came as;
//! - [`Timestamp`], [`Span`], [`Expiry`], [`Lifetime`]: time, and when a session ends;
//! - [`SessionRecord`], [`Version`]: what a store holds and compares;
//! - [`Session`], [`Patch`]: the request's handle, and what it asks a commit to do;
//! - [`SessionStore`], [`SessionCache`], [`SessionCodec`], [`SessionEngine`]: the seams;
//! - [`Settings`], [`Clock`], [`Rng`]: one door each for policy, time and randomness.

pub mod cache;
#[cfg(feature = "chrono")]
mod calendar;
pub mod clock;
pub mod codec;
pub mod dict;
pub mod engine;
pub mod error;
pub mod expiry;
pub mod key;
pub mod record;
pub mod rng;
pub mod session;
pub mod settings;
pub mod store;
pub mod timestamp;

pub use cache::{Cached, SessionCache};
pub use clock::{Clock, SystemClock};
pub use codec::{Context, Decoded, SessionCodec};
pub use dict::{JsonText, SessionDict};
pub use engine::{
    Commit, Committed, CookieExpiry, Opened, Renewal, Retire, Saved, SessionCookie, SessionEngine,
};
pub use error::{
    CommitError, DecodeError, EditError, EncodeError, FieldError, InvalidSessionKey, JsonError,
    LoadError, RngError, SessionConflict, SessionInterrupted, SettingsError, StoreError,
    SuspiciousSession,
};
pub use expiry::{DateStorage, Expiry, Lifetime, StoredExpiry, Zone};
pub use key::{CookieValue, Presented, SessionKey, StoredKey};
pub use record::{Loaded, SessionData, SessionRecord, Version, Write};
pub use rng::{OsRng, Rng};
pub use session::{Facts, LazySession, Operation, Patch, Session};
pub use settings::{
    FileSeconds, KeyStorage, Limits, OnConflict, OnInterrupted, OnUndecodable, SameSite,
    SecurityLevel, Settings,
};
pub use store::{AnyStore, Created, Cursor, Cycled, SessionStore, Swapped, Swept, Touched};
pub use timestamp::{Span, Timestamp};
