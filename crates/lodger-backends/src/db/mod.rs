//! Sessions in the table `django_session`, or one of your own, on SQLite, PostgreSQL and MariaDB or
//! MySQL.
//!
//! One source serves the three databases. A Django site may read and write the same rows at the same
//! time. The table has Django's three columns and no other, so what is compared when a session is
//! swapped is the encoded text itself.
//!
//! # A connection of your own
//!
//! [`DbStore::new`] takes any connection. SeaORM's defaults ping before each query and log each
//! statement, which makes a select by key up to 60 % slower: `ConnectOptions::test_before_acquire(false)`
//! and `sqlx_logging(false)`, as [`DbStore::connect`] has them, spare that. The store never takes part
//! in a transaction of yours.
//!
//! A call that is given up, for its deadline or because a visitor has gone, gives its connection back to
//! the pool, on MySQL and MariaDB after it has gone on for up to a second. The pool waits until the
//! connection answers. [`DbStore::connect`] has it wait no longer than ten seconds; a pool of yours
//! waits as long as the connection lasts, unless its `after_release` ends
//! connections that do not answer a ping in time.

mod connect;
mod date;
mod direct;
mod failure;
mod given_up;
#[cfg(feature = "cached_db")]
mod liveness;
mod pool;
mod row;
mod statements;
mod store;
mod sweep;
mod zone;

pub use store::DbStore;
pub use zone::{NamedZone, UnknownZone};
