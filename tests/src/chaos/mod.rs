//! Faults, injected into real servers, files and wires, and the count of what became of each save.
//!
//! - [`ledger`]: what visitors were told, and whether what is stored agrees with it;
//! - [`visitor`]: whoever loads, saves, changes keys and logs out meanwhile;
//! - [`backend`], [`place`], [`server`]: where sessions are kept, and the processes that are ended;
//! - [`cached`], [`copies`], [`stranger`]: a cache in front of a database, what its copies are worth, and
//!   whoever else writes there;
//! - [`crowd`]: sessions that have expired, and some that are renewed just before they do;
//! - [`row`]: a line of the table, and what a promise forbids in it;
//! - [`plan`]: which fault meets which backend.
//!
//! One file for each family of faults: [`kill`], [`application`], [`cut`], [`wire`], [`memory_limit`],
//! [`database`], [`cluster`], [`giving_up`], [`panics`], [`key`], [`secret`], [`clock`], [`power`],
//! [`disk`], [`planted`], [`copy`], [`forged`], [`sweeping`].

pub mod apart;
pub mod backend;
pub mod cached;
pub mod copies;
pub mod crowd;
pub mod dice;
pub mod ledger;
pub mod life;
pub mod mounted;
pub mod place;
pub mod plan;
pub mod question;
pub mod row;
pub mod server;
pub mod stage;
pub mod strace;
pub mod stranger;
pub mod traffic;
pub mod visitor;

pub mod application;
pub mod clock;
pub mod cluster;
pub mod copy;
pub mod cut;
pub mod database;
pub mod disk;
pub mod forged;
pub mod giving_up;
pub mod key;
pub mod kill;
pub mod memory_limit;
pub mod panics;
pub mod planted;
pub mod power;
pub mod secret;
pub mod sweeping;
pub mod wire;
