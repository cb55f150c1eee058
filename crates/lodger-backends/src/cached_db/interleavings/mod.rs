//! Every order in which the steps of three clients can follow each other.
//!
//! The code under test is the store's own. Below it lie a cache and a table in memory which answer
//! when they are told to: a call is one step. `explorer` takes every order of steps, and every place
//! for the mishaps that a scenario allows; `client` says what may never be seen. `defect` makes
//! the cache or the table behave as if the store forgot a part of its protocol, to show that it would
//! be noticed.

mod call;
mod client;
mod defect;
mod desk;
mod explorer;
mod scenarios;
mod world;
