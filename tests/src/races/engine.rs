//! What drives the sessions of a race.

use std::sync::Arc;

use anyhow::Result;
use lodger_backends::cached_db::CachedDbStore;
use lodger_codec::DjangoCodec;
use lodger_core::{AnyStore, Limits, SessionCache, SessionEngine, SessionStore};
use lodger_entity::session;
use lodger_manager::SessionManager;

use crate::database::OwnDatabase;
use crate::site::{SECRET_KEY, codec};

/// An engine over a store, as an application makes it.
pub(super) fn engine(store: impl SessionStore) -> Result<Arc<dyn SessionEngine>> {
    Ok(Arc::new(SessionManager::builder(store, session_codec()).build()?))
}

pub(super) fn session_codec() -> DjangoCodec {
    codec(SECRET_KEY, Limits::default())
}

/// A cache in front of a database.
pub(super) fn cached_db(cache: impl SessionCache, database: &OwnDatabase) -> AnyStore {
    let database = database.store::<session::Entity>();
    AnyStore::new(CachedDbStore::new(cache, database, session_codec()))
}
