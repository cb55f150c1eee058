//! Values by name, on the server that keeps each.

use std::sync::Arc;
use std::time::Duration;

use lodger_core::StoreError;

use super::address::Address;
use super::command::{self, Mode, Put};
use super::connection::{Item, Reply};
use super::failure::{Asked, too_large, unexpected};
use super::mark::{Boot, Mark};
use super::pool::{Pool, Request};
use super::rendezvous::choose;

/// What an item takes beside name and value, in bytes, and a little more.
const OVERHEAD: usize = 64;
/// The longest name that memcached takes, in bytes.
const LONGEST_NAME: usize = 250;

/// Asks the servers. Clones share the connections.
#[derive(Clone)]
pub(super) struct Client {
    addresses: Arc<[Address]>,
    names: Arc<[String]>,
    pools: Arc<[Pool]>,
    pub(super) deadline: Duration,
    /// The largest item that the servers take, in bytes.
    pub(super) largest_item: usize,
}

/// What became of a value that was to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// It was, with this mark if the server tells.
    Stored(Option<Mark>),
    /// Something else is there.
    Present,
    /// Nothing is there.
    Absent,
}

/// What became of a value that was to be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Removed {
    Deleted,
    /// Something else is there.
    Moved,
    /// Nothing is there.
    Absent,
}

impl Client {
    pub(super) fn new(addresses: Vec<Address>, connections: usize) -> Self {
        let names: Vec<String> = addresses.iter().map(Address::name).collect();
        let client = Self {
            addresses: addresses.into(),
            names: names.into(),
            pools: Arc::new([]),
            deadline: Duration::from_secs(2),
            largest_item: 1 << 20,
        };
        client.with_connections(connections)
    }

    /// With so many connections to each server, none of them made yet.
    pub(super) fn with_connections(self, connections: usize) -> Self {
        let pool = |address: &Address| Pool::new(address.clone(), connections);
        Self { pools: self.addresses.iter().map(pool).collect(), ..self }
    }

    /// Reads a value.
    pub(super) async fn get(&self, name: &str) -> Result<Option<Item>, StoreError> {
        let answers = |reply: &Reply| matches!(reply, Reply::Value(_) | Reply::Absent);
        match self.ask(name, command::get(name), Asked::Read, answers, None).await? {
            Some(Reply::Value(item)) => Ok(Some(item)),
            Some(Reply::Absent) => Ok(None),
            _ => Err(unexpected(Asked::Read)),
        }
    }

    /// Writes a value, whatever is there.
    pub(super) async fn set(&self, name: &str, put: &Put) -> Result<Written, StoreError> {
        self.write(name, Mode::Always, put, None).await
    }

    /// Writes a value where nothing is.
    pub(super) async fn add(&self, name: &str, put: &Put) -> Result<Written, StoreError> {
        self.write(name, Mode::IfAbsent, put, None).await
    }

    /// Writes a value in the place of this one.
    pub(super) async fn replace(
        &self,
        name: &str,
        mark: Mark,
        put: &Put,
    ) -> Result<Written, StoreError> {
        self.write(name, Mode::Replacing(mark.cas), put, Some(mark.boot)).await
    }

    async fn write(
        &self,
        name: &str,
        mode: Mode,
        put: &Put,
        boot: Option<Boot>,
    ) -> Result<Written, StoreError> {
        // A write that the server refuses for its size would take the old value with it.
        let bytes = name.len() + put.value.len() + OVERHEAD;
        if bytes > self.largest_item {
            return Err(too_large(bytes, self.largest_item));
        }
        let answers = |reply: &Reply| {
            matches!(reply, Reply::Done(_) | Reply::Present | Reply::Moved | Reply::Absent)
        };
        match self.ask(name, command::set(name, mode, put), Asked::Write, answers, boot).await? {
            Some(Reply::Done(mark)) => Ok(Written::Stored(mark)),
            // The server that kept the value has ended, and the value with it.
            Some(Reply::Present | Reply::Moved) | None => Ok(Written::Present),
            Some(Reply::Absent) => Ok(Written::Absent),
            Some(_) => Err(unexpected(Asked::Write)),
        }
    }

    /// Deletes a value, if a mark is stated only this one.
    pub(super) async fn delete(
        &self,
        name: &str,
        mark: Option<Mark>,
    ) -> Result<Removed, StoreError> {
        let command = command::delete(name, mark.map(|mark| mark.cas));
        let answers =
            |reply: &Reply| matches!(reply, Reply::Done(_) | Reply::Moved | Reply::Absent);
        let boot = mark.map(|mark| mark.boot);
        match self.ask(name, command, Asked::Write, answers, boot).await? {
            Some(Reply::Done(_)) => Ok(Removed::Deleted),
            Some(Reply::Moved) | None => Ok(Removed::Moved),
            Some(Reply::Absent) => Ok(Removed::Absent),
            Some(_) => Err(unexpected(Asked::Write)),
        }
    }

    async fn ask(
        &self,
        name: &str,
        bytes: Vec<u8>,
        asked: Asked,
        answers: fn(&Reply) -> bool,
        boot: Option<Boot>,
    ) -> Result<Option<Reply>, StoreError> {
        let (deadline, longest) = (self.deadline, self.largest_item);
        let request = Request { bytes, asked, answers, boot, deadline, longest };
        self.pools[choose(&self.names, name)].ask(&request).await
    }
}

/// Whether memcached takes this name; one that it does not would be another command.
pub(super) fn takes(name: &str) -> bool {
    let plain = |byte: u8| byte > b' ' && byte != 0x7F;
    name.len() <= LONGEST_NAME && name.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_would_be_another_command_are_not_taken() {
        assert!(takes(&"n".repeat(250)) && takes(":1:näme"));
        for name in ["a b", "a\tb", "a\r\nflush_all", "a\0", "a\x7f", &"n".repeat(251)] {
            assert!(!takes(name), "{name:?}");
        }
    }
}
