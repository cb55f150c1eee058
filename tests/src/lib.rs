//! What the tests of Lodger as a whole stand on.
//!
//! - [`database`]: a database of its own for each test, on each server that is there;
//! - [`site`]: a manager over a store that is watched and can be made to fail, and visits to it;
//! - [`security_log`]: what was reported on the target `lodger.security`;
//! - [`vectors`]: what real releases of Django were seen to do;
//! - [`report`]: what a run of the tests is told beside passed and failed.

pub mod database;
pub mod report;
pub mod security_log;
pub mod site;
pub mod vectors;
