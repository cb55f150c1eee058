//! The rules of the house that a compiler does not know.
//!
//! Each rule is a pure function over the packages or the files, and returns what it found.

mod checkout;
mod command;
mod edge;
mod feature;
mod manifest;
mod promise;
mod room;
mod size;
mod source;
mod test_map;
mod top_level;

pub(crate) use command::run;
