//! The administrator's verbs.

use lodger_core::{Clock, SessionKey, SessionStore, Span, Timestamp};
use lodger_tests::site::{Site, dict};

on_every_store!(
    save_makes_a_session_and_changes_it,
    save_of_an_empty_dict_deletes,
    save_takes_a_date_in_the_past,
    save_replaces_an_expired_record,
    encode_and_decode_are_each_others_inverse,
);

fn key() -> SessionKey {
    SessionKey::parse("administeredkey0123456789abcdefg", 128).expect("the shape of a key")
}

fn later<S: SessionStore>(site: &Site<S>, seconds: i64) -> Timestamp {
    site.clock.now() + Span::from_secs(seconds)
}

async fn save_makes_a_session_and_changes_it<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let end = later(&site, 60);
    let record = site.manager.save(&key(), &dict(r#"{"a":1}"#), end).await.unwrap().unwrap();
    assert_eq!((record.session_key.expose(), record.expire_date), (key().expose(), end));
    assert_eq!(site.manager.decode(&key(), &record.session_data), dict(r#"{"a":1}"#));
    assert_eq!(site.data(&key()).await.unwrap(), r#"{"a":1}"#);
    site.manager.save(&key(), &dict(r#"{"b":2}"#), later(&site, 120)).await.unwrap();
    assert_eq!(site.data(&key()).await.unwrap(), r#"{"b":2}"#);
    site.clock.advance(Span::from_secs(60));
    assert!(site.data(&key()).await.is_some(), "the new end counts");
    site.clock.advance(Span::from_secs(60));
    assert_eq!(site.data(&key()).await, None);
}

async fn save_of_an_empty_dict_deletes<S: SessionStore>(store: S) {
    let site = Site::new(store);
    site.manager.save(&key(), &dict(r#"{"a":1}"#), later(&site, 60)).await.unwrap();
    for _ in 0..2 {
        let deleted = site.manager.save(&key(), &dict("{}"), later(&site, 60)).await.unwrap();
        assert!(deleted.is_none());
        assert_eq!(site.data(&key()).await, None);
    }
    assert!(!site.manager.revoke(&key()).await.unwrap());
}

async fn save_takes_a_date_in_the_past<S: SessionStore>(store: S) {
    let site = Site::new(store);
    for seconds in [-1, 0] {
        let end = later(&site, seconds);
        assert!(site.manager.save(&key(), &dict(r#"{"a":1}"#), end).await.unwrap().is_some());
        assert_eq!(site.data(&key()).await, None);
    }
}

async fn save_replaces_an_expired_record<S: SessionStore>(store: S) {
    let site = Site::new(store);
    site.manager.save(&key(), &dict(r#"{"old":1}"#), later(&site, 60)).await.unwrap();
    site.clock.advance(Span::from_secs(61));
    site.manager.save(&key(), &dict(r#"{"new":1}"#), later(&site, 60)).await.unwrap();
    assert_eq!(site.data(&key()).await.unwrap(), r#"{"new":1}"#);
}

mod clearing {
    use super::*;

    on_every_store_that_clears!(
        clear_expired_removes_only_what_has_ended,
        clear_expired_goes_through_many_batches,
    );
}

async fn clear_expired_removes_only_what_has_ended<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let long = site.stored(r#"{"a":1}"#).await;
    let short = site.visit(None).await;
    short.insert("a", &1).unwrap();
    short.set_expiry(lodger_core::Expiry::Sliding(Span::from_secs(10))).unwrap();
    let short = short.end_with_key().await.unwrap();
    assert_eq!(site.manager.clear_expired().await.unwrap(), 0);
    site.clock.advance(Span::from_secs(11));
    assert_eq!(site.manager.clear_expired().await.unwrap(), 1);
    assert_eq!(site.manager.clear_expired().await.unwrap(), 0);
    assert!(!site.manager.revoke(&short).await.unwrap(), "the record is there no more");
    assert!(site.data(&long).await.is_some());
}

async fn clear_expired_goes_through_many_batches<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let live = site.stored(r#"{"a":1}"#).await;
    let end = later(&site, 10);
    for number in 0..2100 {
        let (record, fields) = ended(number, end);
        site.faults.create(record, fields, site.clock.now()).await.unwrap();
    }
    site.clock.advance(Span::from_secs(11));
    assert_eq!(site.manager.clear_expired().await.unwrap(), 2100);
    assert!(site.spy.calls().clear_expired >= 3, "a batch is bounded");
    assert!(site.data(&live).await.is_some());
}

fn ended(number: u32, end: Timestamp) -> (lodger_core::SessionRecord, lodger_core::SessionDict) {
    let record = lodger_core::SessionRecord {
        session_key: format!("endedsession{number:020}").into(),
        session_data: lodger_core::SessionData::from_text("data"),
        expire_date: end,
    };
    (record, lodger_core::SessionDict::new())
}

/// Django: SessionTestsMixin.test_decode
async fn encode_and_decode_are_each_others_inverse<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let data = dict(r#"{"a test key":"a test value","n":[1,2.50,null,{"x":"é"}]}"#);
    let encoded = site.manager.encode(&key(), &data).unwrap();
    assert_eq!(site.manager.decode(&key(), &encoded), data);
    site.spy.assert_untouched();
}
