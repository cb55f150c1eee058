//! A database of its own for each test.

mod backend;

mod fixture;
mod own_database;
mod own_server;

pub use backend::Backend;
pub use fixture::{DbFixture, on, on_model, over_memory};
pub use own_database::OwnDatabase;
pub(crate) use own_database::connect;
pub use own_server::OwnDatabaseServer;

/// The port that the URL of a server names.
fn port_of(url: &str) -> u16 {
    let authority = url.split('/').nth(2).and_then(|host| host.rsplit(':').next());
    authority.and_then(|port| port.parse().ok()).expect("the URL of a server names a port")
}
