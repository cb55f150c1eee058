//! The manager, promise by promise.

mod round_trip;

mod adoption;
mod anonymous;
mod cycling;
mod failure;
mod gone;
mod merging;

mod administration;
mod dropping;
mod fresh_key;
mod grouping;
mod refusal;
mod undecodable;
