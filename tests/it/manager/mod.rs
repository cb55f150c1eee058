//! The manager, promise by promise.

mod round_trip;

mod adoption;
mod anonymous;
mod cycling;
mod failure;
mod gone;
mod last_write;
mod merging;
mod strict;

mod hashed_keys;
mod moving_keys;

mod administration;
mod dropping;
mod fresh_key;
mod grouping;
mod refusal;
mod undecodable;
