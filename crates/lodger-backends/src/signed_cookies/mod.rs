//! Sessions in signed cookies: the browser keeps the data, and nothing is kept here.
//!
//! [`SignedCookies`] is an engine and no store. A session's key is the cookie's text, which is the data
//! themselves, signed and stamped in the bytes of Django's engine `signed_cookies`; a Django site
//! with the same secret reads and writes the same cookies.
//!
//! It fits small data that the visitor may read and keep a copy of. For everything else take a store.
//!
//! # Security
//!
//! 1. **The data are signed, not encrypted**: the visitor, and whoever sees the cookie, can read them.
//! 2. **A copied cookie works until its age is over**, whatever the site does meanwhile: a logout, a
//!    change of key or a later save asks this browser to forget it, and no other. A revocation list,
//!    [`with_revocations`](SignedCookiesBuilder::with_revocations), ends a session for good.
//! 3. **No update is protected**: of concurrent requests the response that reaches the browser last
//!    wins, with everything that it carries.
//! 4. **Only the age of the last save is looked at**, as in Django: a session that is to end sooner by
//!    its own expiry ends at the browser alone, unless
//!    [`with_own_expiry`](SignedCookiesBuilder::with_own_expiry) is chosen.
//!    The limits of the settings hold: the absolute one is signed with the data, and the idle one is an
//!    age of the signature. So a request that reads a session which is due signs it anew, and is a
//!    save by points 2 and 3.
//! 5. Who knows the secret, or a fallback, can be any visitor.
//! 6. A secret that is deployed by mistake has visitors lose their cookies as they come: a cookie
//!    that nobody signed names no session, and is removed once it was looked at.
//!
//! [`SignedCookies::unkept_promises`] says which of Lodger's promises do not hold, and so does one line
//! of the log when an engine is built.

mod builder;
mod commit;
mod engine;
mod identity;
mod load;
mod revocations;
mod size;
mod unkept;

pub use builder::SignedCookiesBuilder;
pub use engine::SignedCookies;
pub use size::LARGEST_COOKIE;
pub use unkept::UnkeptPromise;
