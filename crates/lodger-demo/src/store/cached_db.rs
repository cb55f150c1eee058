//! A cache in front of the database.

use anyhow::Result;
use lodger::core::AnyStore;
use lodger::db::DbStore;
use lodger::{DjangoCodec, Settings};

use super::unmerged::unmerged;
use crate::store_url::FrontUrl;

/// The database, already open, behind the cache that a URL names.
pub(super) fn open(
    front: &FrontUrl,
    database: DbStore,
    codec: DjangoCodec,
    settings: &Settings,
) -> Result<AnyStore> {
    let _ = (database, codec, settings);
    match front {
        FrontUrl::Memory => Err(unmerged("a database behind a cache in memory")),
        FrontUrl::Cache(url) => {
            let (_address, _layout) = (url.as_str(), url.front_layout());
            Err(unmerged("a database behind a cache"))
        }
    }
}
