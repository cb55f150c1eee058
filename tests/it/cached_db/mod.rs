//! A cache in front of the database.

mod copies;
mod django;
mod failing;
mod revoked;
mod round_trip;
