//! A cache in front of the database.
//!
//! Any [`SessionCache`](lodger_core::SessionCache), in Redis, memcached or memory, holds copies of
//! rows. The database decides every write, so durability is the database's; a cache that is down, slow,
//! flushed, full or poisoned costs time and never a session.
//!
//! How a copy is kept right:
//!
//! 1. Who finds nothing takes a *lease*, reads the row, and puts the copy there only if the lease still
//!    stands. Whatever happens to the row in between takes the lease away.
//! 2. A write goes to the database first. Then the copy that was loaded is swapped for the new one; if
//!    it is not there any more, whatever is there goes.
//! 3. A deletion puts a *tombstone*, deletes the row, and puts the tombstone again. While it stands
//!    nobody takes a lease.
//! 4. A write of unknown outcome puts a tombstone, too: it may be applied a little later.
//! 5. Copies live for 60 seconds unless told otherwise, in memcached up to two more. That is how long a copy may be out of date that
//!    a cache which could not be reached has kept; [`CachedDbStore::verifying_revocation`] makes it
//!    nothing for deletions, at the price of one look at the row's key.

mod copies;
mod format;
#[cfg(test)]
mod interleavings;
mod rows;
mod store;

pub use store::CachedDbStore;
