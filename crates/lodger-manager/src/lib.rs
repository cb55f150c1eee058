//! Sessions over any store and codec.
//!
//! A [`SessionManager`] joins a [`SessionStore`](lodger_core::SessionStore), a
//! [`SessionCodec`](lodger_core::SessionCodec) and [`Settings`](lodger_core::Settings), and is the
//! [`SessionEngine`](lodger_core::SessionEngine) that drives the sessions of requests. This is where
//! the promises are kept that no single store could keep: patches are applied to what is stored
//! *now*, again and again until a swap succeeds, and commits of one session that wait in this
//! process go as one write.
//!
//! In reading order: `builder`, `manager` (the verbs), `open`, `commit` (what a commit asks of the
//! store), `group` (patch and swap), `conflict` (what it stands on where others were faster), `lifetime`
//! (how long what is written lives), `queue` (one worker for each key), `place` (under which name a session lies), `admin`.

mod admin;
mod builder;
mod call;
mod commit;
mod conflict;
mod create;
mod engine;
mod group;
mod lifetime;
mod manager;
mod open;
mod place;
mod queue;
mod sync;

pub use builder::ManagerBuilder;
pub use manager::SessionManager;
