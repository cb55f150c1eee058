//! Where Lodger sessions are stored: one room and one feature for each backend.
//!
//! - `db`, with `sqlite`, `postgres`, `mysql`: the table `django_session`, or one of your own, through
//!   SeaORM. Survives what the database survives (T2 to T5).
//! - `memory`: the memory of this process. Ends with it (T0).
//!
//! Every room has the same floor plan: `mod`, the front page; `store`, the
//! [`SessionStore`](lodger_core::SessionStore); and what the backend needs beside it. All pass the
//! one contract that `lodger-testing` publishes.

#[cfg(feature = "db")]
pub mod db;
#[cfg(feature = "memory")]
pub mod memory;
