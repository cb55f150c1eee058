//! What must hold between the two sites: a function for each sentence.

mod all;
mod beginning;
mod clearing;
mod cookie;
mod counter;
mod cycle;
mod expiry;
mod field;
mod file;
mod login;
mod logout;
mod rotation;
mod scope;
mod stored;
mod time_zone;
mod unreadable;

pub(super) use all::{Scenario, all};
