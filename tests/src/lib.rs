//! What the tests of Lodger as a whole stand on.
//!
//! - [`cache`]: a cache in front of such a database, which can be made to fail;
//! - [`canary`]: what nothing that is logged or printed may show;
//! - [`database`]: a database of its own for each test, on each server that is there;
//! - [`plain_codec`]: a codec that takes any text;
//! - [`memcached`]: a store on memcached for each test, servers that a test ends, and what disturbs them;
//! - [`file_fixture`]: a folder of session files of its own for each test;
//! - [`redis`](mod@redis): names of its own on a Redis server for each test, and servers to kill;
//! - [`proxy`]: a wire that can be held, and cut at any byte;
//! - [`process`]: what processes that a test has started are sent;
//! - [`chaos`]: faults, and what became of each save around them, for `cargo xtask chaos`;
//! - [`races`]: many workers on few sessions in several processes, and histories of it;
//! - [`site`]: a manager over a store that is watched and can be made to fail, and visits to it;
//! - [`any_site`]: what can be done on a site whatever drives its sessions;
//! - [`cookie_site`]: a site whose sessions are in signed cookies;
//! - [`security_log`]: what was reported on the target `lodger.security`;
//! - [`vectors`]: what real releases of Django were seen to do;
//! - [`shared_site`]: a site that several processes serve over one store;
//! - [`rounds`](mod@rounds): how often a race is tried;
//! - [`report`]: what a run of the tests is told beside passed and failed.

pub mod any_site;
pub mod cache;
pub mod canary;
pub mod chaos;
pub mod cookie_site;
pub mod database;
pub mod file_fixture;
pub mod memcached;
pub mod plain_codec;
pub mod process;
pub mod proxy;
pub mod races;
pub mod redis;
pub mod report;
pub mod rounds;
pub mod security_log;
pub mod shared_site;
pub mod site;
pub mod vectors;
