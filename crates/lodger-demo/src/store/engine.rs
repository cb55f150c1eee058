//! What drives the sessions.

use std::sync::Arc;

use anyhow::Result;
use lodger::core::{AnyStore, SessionCodec, SessionEngine};
use lodger::memory::MemoryStore;
use lodger::{DjangoCodec, KeyRing, SessionManager, Settings};

use super::{cache, cached_db, database, file, signed_cookies};
use crate::cache_url::Format;
use crate::journal::Journal;
use crate::observed_store::ObservedStore;
use crate::store_url::StoreUrl;

/// Opens the store that a URL names, and has it watched. Signed cookies have none: nothing is noted.
pub(crate) async fn engine(
    url: &StoreUrl,
    keys: KeyRing,
    settings: Settings,
    journal: Arc<Journal>,
) -> Result<Arc<dyn SessionEngine>> {
    let over = Over { settings, journal };
    let limits = over.settings.limits.clone();
    match url {
        StoreUrl::Memory => {
            over.store(AnyStore::new(MemoryStore::default()), DjangoCodec::new(keys, limits))
        }
        StoreUrl::Database(url) => {
            let store = database::open(url, over.settings.date_storage.clone()).await?;
            over.store(AnyStore::new(store), DjangoCodec::new(keys, limits))
        }
        StoreUrl::Cache(url) => match url.format {
            Format::Lodger => over.store(cache::open(url)?, DjangoCodec::new(keys, limits)),
            Format::Django => over.store(cache::open(url)?, cache::django_codec(limits)),
        },
        StoreUrl::CachedDb { front, database: url } => {
            let database = database::open(url, over.settings.date_storage.clone()).await?;
            let codec = DjangoCodec::new(keys, limits);
            let store = cached_db::open(front, database, codec.clone(), &over.settings)?;
            over.store(store, codec)
        }
        StoreUrl::File(folder) => {
            let codec = DjangoCodec::new(keys, limits);
            let store = file::open(folder, codec.clone(), &over.settings)?;
            over.store(store, codec)
        }
        StoreUrl::Cookie => signed_cookies::open(keys, over.settings),
    }
}

/// What is the same over each store.
struct Over {
    settings: Settings,
    journal: Arc<Journal>,
}

impl Over {
    fn store(self, store: AnyStore, codec: impl SessionCodec) -> Result<Arc<dyn SessionEngine>> {
        let manager = SessionManager::builder(ObservedStore::new(store, self.journal), codec)
            .with_settings(self.settings)
            .build()?;
        Ok(Arc::new(manager))
    }
}
