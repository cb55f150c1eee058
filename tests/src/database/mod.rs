//! A database of its own for each test.

mod backend;

mod fixture;
mod own_database;

pub use backend::Backend;
pub use fixture::{DbFixture, on, on_model, over_memory};
pub use own_database::OwnDatabase;
pub(crate) use own_database::connect;
