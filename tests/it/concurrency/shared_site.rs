//! A site that two processes serve.

use std::panic::resume_unwind;
use std::time::Duration;

use lodger_core::{AnyStore, SessionDict, SessionKey, SessionStore};
use lodger_manager::SessionManager;
use lodger_tests::shared_site::{OwnStore, Place, patient, site};
use lodger_tests::site::{SECRET_KEY, codec};
use tokio::time::timeout;

use super::door::Door;
use super::web_process::WebProcess;

/// How long a test may take.
const PATIENCE: Duration = Duration::from_secs(900);

/// A site with two doors, and a manager of the test's own, which sees what is stored.
pub(super) struct SharedSite {
    pub(super) doors: [Door; 2],
    manager: SessionManager<AnyStore>,
}

impl SharedSite {
    /// The site of two managers that share nothing but the store, where no second process can reach
    /// that.
    pub(super) fn of_one_process(store: impl SessionStore) -> Self {
        let store = AnyStore::new(store);
        let door = || Door::Here(site(store.clone(), &patient()).unwrap());
        Self { doors: [door(), door()], manager: manager(store.clone()) }
    }

    /// The door for a request of this number.
    pub(super) fn door(&self, number: usize) -> Door {
        self.doors[number % self.doors.len()].clone()
    }

    /// Begins a session of which nobody else knows.
    pub(super) async fn begin(&self, origin: &str) -> SessionKey {
        let answer = self.doors[0].ask(&format!("/begin?field={origin}"), None).await;
        answer.key().expect("there is something to store")
    }

    /// What is stored and live under a key.
    pub(super) async fn data(&self, key: &SessionKey) -> Option<SessionDict> {
        self.manager.find(key).await.expect("the store does not fail")
    }
}

fn manager(store: AnyStore) -> SessionManager<AnyStore> {
    let settings = patient();
    let codec = codec(SECRET_KEY, settings.limits.clone());
    SessionManager::builder(store, codec).with_settings(settings).build().unwrap()
}

/// Runs a test over a site of this process and another one, and removes all of it however the test
/// ends.
pub(super) async fn on<F, R>(place: Place, test: F)
where
    F: FnOnce(SharedSite) -> R + Send + 'static,
    R: Future<Output = ()> + Send + 'static,
{
    let Some(own) = OwnStore::create(place).await else { return };
    let address = own.address().clone();
    let ended = tokio::spawn(timeout(PATIENCE, async move {
        let store = address.open(&patient()).await.expect("the test's own store can be opened");
        let process = WebProcess::start(&address).await;
        let here = Door::Here(site(store.clone(), &patient()).unwrap());
        let doors = [here, Door::There(process.address())];
        test(SharedSite { doors, manager: manager(store) }).await;
    }));
    let ended = ended.await;
    own.close().await;
    match ended {
        Ok(in_time) => in_time.expect("the test comes to its end in time"),
        Err(failure) => resume_unwind(failure.into_panic()),
    }
}
