//! Visitors for whom nothing was ever stored, and keys that nobody made.

use lodger_core::{OsRng, SessionKey, Settings};
use lodger_tests::rounds::rounds;
use lodger_tests::site::Site;

use super::page::pages;
use super::rows::Rows;
use super::visitor::{app, ask};

on_the_rows_of_every_store!(
    anonymous_requests_write_nothing,
    anonymous_requests_write_nothing_when_every_request_is_saved,
    a_key_that_nobody_made_never_becomes_live,
);

/// What a visitor may do without anything being stored.
const DEEDS: [&str; 11] = [
    "/untouched",
    "/loaded",
    "/read",
    "/clear",
    "/cycle",
    "/save",
    "/mark",
    "/remove",
    "/delete",
    "/logout",
    "/blind_logout",
];

/// Promise 11
async fn anonymous_requests_write_nothing<S: Rows>(store: S) {
    write_nothing(&Site::new(store)).await;
}

/// Promise 11
async fn anonymous_requests_write_nothing_when_every_request_is_saved<S: Rows>(store: S) {
    let mut settings = Settings::default();
    settings.save_every_request = true;
    write_nothing(&Site::with_settings(store, settings)).await;
}

async fn write_nothing<S: Rows>(site: &Site<S>) {
    let app = app(site, pages());
    // A thousand, unless there is time for more.
    for number in 0..50 * rounds() {
        let path = DEEDS[number % DEEDS.len()];
        // By turns nobody, a random key, and the same unknown key again.
        let key = match number % 3 {
            0 => None,
            1 => Some(SessionKey::generate(&OsRng).unwrap()),
            _ => Some(SessionKey::parse("nobodymadethiskey", 128).unwrap()),
        };
        site.spy.reset();
        let answer = ask(&app, path, key.as_ref()).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.key(), None, "{path} set a cookie");
        let calls = site.spy.calls();
        // Ending a session deletes what is under the key that came: an expired row may be.
        let ends = matches!(path, "/logout" | "/blind_logout" | "/delete") && key.is_some();
        assert_eq!(calls.writes(), u64::from(ends), "{path} {key:?}: {calls:?}");
        assert_eq!(calls.writes(), calls.delete, "{path} {key:?}: {calls:?}");
    }
    assert_eq!(site.faults.store().drain().await, 0);
}

/// Promise 1
async fn a_key_that_nobody_made_never_becomes_live<S: Rows>(store: S) {
    let site = Site::new(store);
    let app = app(&site, pages());
    for text in ["unknownkey0123456789abcdefghijkl", "12345678", "a key of quite another shape!!"] {
        let planted = SessionKey::parse(text, 128).unwrap();
        for path in
            DEEDS.into_iter().chain(["/set", "/count", "/login", "/logout_and_set", "/logout_now"])
        {
            let answer = ask(&app, path, Some(&planted)).await;
            assert_eq!(answer.status, 200, "{path}");
            assert_ne!(answer.key(), Some(planted.clone()), "{path}");
            assert_eq!(site.data(&planted).await, None, "{path} made the key live");
        }
    }
    // Four deeds stored a value, each under a key that we made.
    assert_eq!(site.faults.store().drain().await, 3 * 4);
}
