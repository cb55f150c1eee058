//! Lodger's demo and a real Django site, live on one store.
//!
//! Every scenario is run for each Django release with each of Django's session engines, that of the
//! database on each database, unless it makes no sense there. Django comes from pip, into a virtual
//! environment per release that stays under `target/interop`; the site is the one in `tests/interop`.
//! Scenarios speak HTTP to both sites as a browser does and look at what is stored through Python,
//! never through Lodger.

mod arguments;
mod command;

mod python;
mod release;
mod venv;

mod configuration;
mod database;
mod demo;
mod django;
mod engine;
mod keeping;
mod pair;
mod server;
mod stage;

mod agreement;
mod expectation;
mod instant;
mod seen;
mod visitor;
mod window;

mod matrix;
mod scenarios;

pub(crate) use arguments::Arguments;
pub(crate) use command::run;
