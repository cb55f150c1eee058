//! A site that several processes serve, each with a manager of its own, over one store.

mod address;
mod own_store;
mod pages;

pub use address::{CacheAddress, StoreAddress};
pub use own_store::{Front, OwnStore, Place};
pub use pages::{Report, patient, serve, site};
