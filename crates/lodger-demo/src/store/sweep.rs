//! Removing what has expired.

use anyhow::{Result, bail};
use lodger::core::{AnyStore, Clock, SessionStore, SystemClock};
use lodger::memory::MemoryStore;
use lodger::{DjangoCodec, KeyRing, Settings};

use super::{cache, database, file};
use crate::store_url::StoreUrl;

/// How many expired sessions go at once.
const BATCH: u64 = 1000;

/// Removes the expired sessions; how many there were. A server that ends them itself leaves none.
///
/// Only files have to be read for that, so only they take the keys.
pub(crate) async fn clear_expired(
    url: &StoreUrl,
    keys: impl FnOnce() -> Result<KeyRing>,
    settings: &Settings,
) -> Result<u64> {
    let store = match url {
        StoreUrl::Memory => AnyStore::new(MemoryStore::default()),
        StoreUrl::Cache(url) => cache::open(url)?,
        // The cache in front ends its entries itself.
        StoreUrl::Database(url) | StoreUrl::CachedDb { database: url, .. } => {
            AnyStore::new(database::open(url, settings.date_storage.clone()).await?)
        }
        StoreUrl::File(folder) => {
            let codec = DjangoCodec::new(keys()?, settings.limits.clone());
            file::open(folder, codec, settings)?
        }
        StoreUrl::Cookie => {
            bail!("with cookie: the browsers keep the sessions, and there is nothing to clear")
        }
    };
    let now = SystemClock.now();
    let mut removed = 0;
    let mut cursor = None;
    loop {
        let swept = store.clear_expired(now, BATCH, cursor).await?;
        removed += swept.deleted;
        if swept.next.is_none() {
            return Ok(removed);
        }
        cursor = swept.next;
    }
}
