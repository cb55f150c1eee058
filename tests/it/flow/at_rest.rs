//! What lies in the store of a site whose keys are hashed.

use lodger_core::{KeyStorage, SessionKey, Settings, StoredKey};
use lodger_tests::site::Site;

use super::page::pages;
use super::rows::Rows;
use super::visitor::{app, ask};

on_the_rows_of_every_store!(
    no_key_that_a_visitor_has_lies_in_the_store,
    a_key_that_is_stored_as_it_is_is_seen_there,
);

fn site<S: Rows>(store: S, storage: KeyStorage) -> Site<S> {
    let mut settings = Settings::default();
    settings.key_storage = storage;
    Site::with_settings(store, settings)
}

/// What a visitor does, with all the keys that it gets; the last one is live.
async fn visit<S: Rows>(site: &Site<S>) -> Vec<SessionKey> {
    let app = app(site, pages());
    let mut keys = vec![ask(&app, "/set", None).await.key().unwrap()];
    for path in ["/count", "/login", "/read", "/save", "/cycle", "/set_other"] {
        let answer = ask(&app, path, keys.last()).await;
        assert_eq!(answer.status, 200);
        keys.extend(answer.key());
    }
    keys.dedup();
    assert_eq!(keys.len(), 3, "of the first visit, the login and the change of key");
    keys
}

/// Promise 12
async fn no_key_that_a_visitor_has_lies_in_the_store<S: Rows>(store: S) {
    let site = site(store, KeyStorage::Hashed);
    let mut keys = visit(&site).await;
    // Of one that has ended, too.
    let app = app(&site, pages());
    let ended = ask(&app, "/set", None).await.key().unwrap();
    assert!(ask(&app, "/logout", Some(&ended)).await.removes_the_cookie());
    keys.insert(0, ended);

    let store = site.faults.store();
    for key in &keys {
        assert_eq!(store.raw(key.expose()).await, None);
    }
    let live = StoredKey::hashed(keys.last().unwrap());
    assert!(store.raw(live.expose()).await.is_some());
    if let Some(everything) = store.everything().await {
        assert!(everything.contains(live.expose()), "it was gone through");
        for key in &keys {
            assert!(!everything.contains(key.expose()));
        }
    }
    assert_eq!(store.drain().await, 1);
}

/// What the test above would see if keys were stored as they are.
async fn a_key_that_is_stored_as_it_is_is_seen_there<S: Rows>(store: S) {
    let site = site(store, KeyStorage::Plain);
    let keys = visit(&site).await;
    let (store, live) = (site.faults.store(), keys.last().unwrap().expose());
    assert!(store.raw(live).await.is_some());
    assert!(store.everything().await.is_none_or(|everything| everything.contains(live)));
    assert_eq!(store.drain().await, 1);
}
