//! Rows that others wrote, or broke.

use lodger_core::{Clock, SessionKey, Settings, Span};
use lodger_tests::site::Site;

use super::journal::Journal;
use super::page::pages;
use super::rows::Rows;
use super::visitor::{app, ask};

on_one_thread!(
    an_undecodable_row_is_an_empty_session_and_stays_as_it_is,
    as_in_django_an_undecodable_row_is_an_empty_session,
    by_default_a_write_goes_under_a_new_key_and_the_row_stays,
    as_in_django_a_write_overwrites_the_row,
);

/// Text that no signature of ours covers: one warning.
const UNSIGNED: [&str; 8] = [
    "",
    "garbage==",
    "{}",
    "a:b:c",
    // `{"a":1}`, signed with another secret, in the format of today and in that before 3.1.
    "eyJhIjoxfQ:1r31eq:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "YTZjMTllNWUyZTk3NGM0ZTdlMDM3ZTQ1ZDdjYzhkMTE4YjBmYWQ5YTp7ImEiOjF9",
    // From another framework.
    r#"{"id":"x","data":{"a":1}}"#,
    "gAWVCgAAAAAAAAB9lIwBYZRLAXMu",
];

fn key() -> SessionKey {
    SessionKey::parse("plantedkey0123456789abcdefghijkl", 128).unwrap()
}

/// Texts that cannot be decoded: those above, and what becomes of a good one that is damaged.
async fn texts<S: Rows>(site: &Site<S>) -> Vec<String> {
    let good = site.stored(r#"{"a":1}"#).await;
    let good = site.faults.store().raw(good.expose()).await.unwrap();
    site.faults.store().drain().await;
    let tampered = good.replacen("eyJhIjoxfQ", "eyJhIjoyfQ", 1);
    assert_ne!(tampered, good);
    let damaged =
        [tampered, good[..good.len() - 1].to_owned(), good[1..].to_owned(), good.to_uppercase()];
    UNSIGNED.into_iter().map(str::to_owned).chain(damaged).collect()
}

async fn plant<S: Rows>(site: &Site<S>, text: &str) {
    let end = site.clock.now() + Span::from_secs(3600);
    site.faults.store().plant(key().expose(), text, end).await;
}

/// Reads each as an empty session, with one warning, and leaves row and cookie alone.
async fn reads_all_as_empty<S: Rows>(site: &Site<S>) {
    let app = app(site, pages());
    let texts = texts(site).await;
    let journal = Journal::begin();
    for text in &texts {
        plant(site, text).await;
        journal.take("");
        let answer = ask(&app, "/read", Some(&key())).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, ""), "{text:?}");
        assert_eq!(answer.set_cookie(), None, "the cookie stays: {text:?}");
        let warnings = journal.take("lodger.security");
        assert_eq!(warnings.len(), 1, "{text:?}: {warnings:?}");
        assert!(warnings[0].contains("WARN"), "{warnings:?}");
        let kept = site.faults.store().raw(key().expose()).await;
        assert_eq!(kept.as_ref(), Some(text));
        site.faults.store().drain().await;
    }
}

/// Promise 15
async fn an_undecodable_row_is_an_empty_session_and_stays_as_it_is<S: Rows>(store: S) {
    reads_all_as_empty(&Site::new(store)).await;
}

/// Promise 15
async fn as_in_django_an_undecodable_row_is_an_empty_session<S: Rows>(store: S) {
    reads_all_as_empty(&Site::with_settings(store, Settings::django())).await;
}

/// Promise 16
async fn by_default_a_write_goes_under_a_new_key_and_the_row_stays<S: Rows>(store: S) {
    let site = Site::new(store);
    let app = app(&site, pages());
    for text in texts(&site).await {
        plant(&site, &text).await;
        for deed in ["/set", "/login"] {
            let answer = ask(&app, deed, Some(&key())).await;
            let new = answer.key().expect("there is something to store");
            assert_ne!(new, key());
            assert!(site.field(&new, if deed == "/set" { "x" } else { "user" }).await.is_some());
            let kept = site.faults.store().raw(key().expose()).await;
            assert_eq!(kept, Some(text.clone()), "{deed}");
        }
        assert_eq!(site.faults.store().drain().await, 3);
    }
}

async fn as_in_django_a_write_overwrites_the_row<S: Rows>(store: S) {
    let site = Site::with_settings(store, Settings::django());
    let app = app(&site, pages());
    for text in texts(&site).await {
        plant(&site, &text).await;
        let journal = Journal::begin();
        let answer = ask(&app, "/set", Some(&key())).await;
        assert_eq!((answer.status, answer.key()), (200, Some(key())));
        assert_eq!(journal.take("lodger.security").len(), 1, "{text:?}");
        assert_eq!(site.data(&key()).await.as_deref(), Some(r#"{"x":1}"#));
        assert_eq!(site.faults.store().drain().await, 1);
    }
}
