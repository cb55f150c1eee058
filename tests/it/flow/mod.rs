//! The whole way of a request, from the cookie to the row and back, over every store.

#[macro_use]
mod on_one_thread;

pub(crate) mod blind_store;
pub(crate) mod journal;
pub(crate) mod page;
pub(crate) mod rows;
pub(crate) mod visitor;

mod password;
mod round_trip;
mod statement;

mod concurrent;
mod interrupted;
mod key_change;

mod ending;
mod expiry;

mod outage;
mod outcome;
mod unmigrated;

mod anonymous;
mod at_rest;
mod hostile_cookie;
mod hostile_request;
mod secrecy;
mod undecodable;

mod dropped;
mod several;
