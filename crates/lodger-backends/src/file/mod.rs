//! Sessions in a folder of files, exactly as Django's `file` engine has them.
//!
//! For sites of one machine, or of several that share a file system with POSIX rename and locks.
//! Durability tier T4 where the disk keeps what it was told to: when a write is acknowledged, the file
//! and the folder that names it have been flushed (`fsync`). It survives the end of the process, a
//! `kill -9` and a loss of power; a crash leaves the old value or the new one, never a part of one.
//!
//! # How it is kept
//!
//! - A new session is written to a temporary file and *linked* to its name, which fails where a file
//!   is. Until the disk is known to hold the name it is not loaded here, and if the disk does not, it
//!   is removed again: a key that was given out survives a loss of power. A change of key that the disk
//!   does not hold leaves neither key, since the old one is gone by then.
//! - A change takes the lock (`flock`) of the session's file, compares what is there with what was
//!   loaded, writes a temporary file, and *renames* it over the old one.
//! - A logout unlinks the file under the same lock; a change that comes too late finds no file.
//!   Where the folder could not be flushed then, it is flushed before anybody is told that the session
//!   is gone; that is known to the process that logged out, and not to others.
//! - Expired files and what crashes have left behind go with
//!   [`clear_expired`](lodger_core::SessionStore::clear_expired), in batches and in bounded memory.
//!   A file that cannot be looked at or removed is passed over; when the clearing has come to its end,
//!   how many there were is its error.
//!
//! # Together with a Django site
//!
//! Both may use one folder at the same time, and each reads what the other wrote. Django takes no lock
//! and replaces whole files, as it does in every store: between the two the last writer wins, and a
//! save of Django's that began before a logout may put the file back (its ticket 37249). What Lodger
//! writes is compared with what is there until the moment before it is renamed.
//!
//! # What a folder must not share
//!
//! - Two stores in one folder where one cookie's name begins the other's, `session` and `sessionid` for
//!   instance: the first takes the files of the second for its own, and a clearing ends those that it
//!   cannot decode. Give each a folder of its own.
//! - A process with another secret: the data cannot be decoded, so that their own expiry is not known,
//!   and a clearing ends them `cookie_age` after they were modified. Let only those clear that have the
//!   secrets of the site.
//!
//! Read `store` first; `direct` is what it does, and the rest is what that takes.

mod store;

mod direct;
mod sweep;

mod ending;
mod error;
mod failure;
mod folder;
mod found;
mod held;
mod name;
mod settling;
mod staged;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod weak_disk;

pub use error::FolderError;
pub use store::FileStore;
