//! What can be done on a site whatever drives its sessions.

use std::sync::Arc;

use lodger_core::{
    CookieValue, LazySession, LoadError, Opened, Presented, SessionEngine, SessionKey,
    SessionStore, Settings,
};
use lodger_testing::FakeClock;

use crate::site::{Site, Visit, dict};

/// Where a site can be: over a store, or in the browser.
pub trait Premises: Send + 'static {
    /// The site there.
    type Site: AnySite;

    /// Opens it with these settings.
    fn open(self, settings: Settings) -> Self::Site;
}

impl<S: SessionStore> Premises for S {
    type Site = Site<S>;

    fn open(self, settings: Settings) -> Site<S> {
        Site::with_settings(self, settings)
    }
}

/// A site whose sessions an engine drives, with or without a store.
pub trait AnySite: Send + Sync {
    /// The engine.
    fn engine(&self) -> Arc<dyn SessionEngine>;

    /// Tells the engine the time.
    fn clock(&self) -> &FakeClock;

    /// A request that presents this, before anything is loaded.
    fn request(&self, presented: Presented) -> LazySession {
        LazySession::new(self.engine(), presented)
    }

    /// A request that presents a key, or none, and has loaded its session.
    fn try_visit(
        &self,
        key: Option<&SessionKey>,
    ) -> impl Future<Output = Result<Visit, LoadError>> + Send {
        async move {
            let presented =
                key.map_or(Presented::Absent, |key| Presented::Value(CookieValue::from(key)));
            let request = self.request(presented);
            Ok(Visit { session: request.load().await?, request })
        }
    }

    /// As [`try_visit`](Self::try_visit), where nothing fails.
    ///
    /// # Panics
    ///
    /// When something fails.
    fn visit(&self, key: Option<&SessionKey>) -> impl Future<Output = Visit> + Send {
        async move { self.try_visit(key).await.expect("the session can be loaded") }
    }

    /// Stores a new session with these data, given as a JSON object, and gives its key.
    ///
    /// # Panics
    ///
    /// When it cannot be stored.
    fn stored(&self, json: &str) -> impl Future<Output = SessionKey> + Send {
        let dict = dict(json);
        async move {
            let visit = self.visit(None).await;
            for (name, value) in dict.iter() {
                visit.insert_json(name, value.clone()).expect("the visit has not ended");
            }
            visit.end_with_key().await.expect("there is something to store")
        }
    }

    /// What is live under a key, as JSON, the reserved field included.
    ///
    /// # Panics
    ///
    /// When something fails.
    fn data(&self, key: &SessionKey) -> impl Future<Output = Option<String>> + Send {
        let load = self.engine().load(CookieValue::from(key));
        async move {
            match load.await.expect("the session can be loaded") {
                Opened::Live { dict, .. } => Some(dict.to_json()),
                _ => None,
            }
        }
    }
}
