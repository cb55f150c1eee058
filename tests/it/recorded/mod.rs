//! What Django was recorded doing, done by Lodger.
//!
//! Every record of these files is either run or stands in a table of intended differences, with the
//! reason; a difference that is none any more fails its test.

#[macro_use]
mod engine;

mod flags;
mod own_record;

mod difference;
mod operation;

mod caches;

mod rows;

mod files;

mod expire_text;
mod manager;
mod peer;
