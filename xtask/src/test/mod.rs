//! All tests of the workspace, counted by suite and backend.
//!
//! A test for one backend has that backend's name as a segment of its path. A test whose server is
//! missing adds a line `name: reason` to the file that [`SKIPS`] names, and returns; libtest takes
//! it for passed, the table does not. A test that runs recorded cases adds a line `what: count` to
//! the file that [`COUNTS`] names.
//!
//! No key and no secret may be seen in what tests print, nor, in the file that [`LEAKS`] names, in what
//! they log.

mod binary;
mod command;
mod counts;
mod leak;
mod libtest;
mod outcome;
mod session;
mod table;

pub(crate) use command::{Arguments, run};
pub(crate) use outcome::{Outcome, Verdict};
pub(crate) use session::Session;

/// The environment variable that names the file of skips.
const SKIPS: &str = "LODGER_SKIPS";

/// The environment variable that names the file of counts.
const COUNTS: &str = "LODGER_COUNTS";

/// The environment variable that names the file of what was logged and shows a key or a secret.
const LEAKS: &str = "LODGER_LEAKS";
