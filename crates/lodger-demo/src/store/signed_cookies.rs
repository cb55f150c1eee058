//! Sessions that the browsers keep.

use std::sync::Arc;

use anyhow::Result;
use lodger::core::SessionEngine;
use lodger::signed_cookies::SignedCookies;
use lodger::{KeyRing, Settings};

/// An engine of its own, without a store.
pub(super) fn open(keys: KeyRing, settings: Settings) -> Result<Arc<dyn SessionEngine>> {
    let engine = SignedCookies::builder(keys).with_settings(settings).build()?;
    for unkept in engine.unkept_promises() {
        tracing::info!("promise {} cannot be kept: {}", unkept.number, unkept.why);
    }
    Ok(Arc::new(engine))
}
