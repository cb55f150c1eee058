//! Rows that cannot be decoded.

use lodger_core::{
    CommitError, OnConflict, SessionConflict, SessionData, SessionDict, SessionKey, SessionRecord,
    SessionStore, Settings, StoredKey, Timestamp,
};
use lodger_testing::SpyStore;
use lodger_tests::site::Site;

on_every_database!(
    a_read_leaves_an_undecodable_row_and_its_cookie_alone,
    a_write_goes_under_a_new_key_and_the_row_stays,
    django_overwrites_an_undecodable_row,
    a_row_that_becomes_undecodable_meanwhile_is_not_overwritten,
);

const KEY: &str = "undecodablekey0123456789abcdefgh";
const END: Timestamp = Timestamp::from_secs(1_800_000_000);
/// Signed by another secret.
const FOREIGN: &str = "eyJhIjoxfQ:1r31eq:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

fn key() -> SessionKey {
    SessionKey::parse(KEY, 128).expect("the text has the shape of a key")
}

async fn put<S: SessionStore>(site: &Site<S>, data: &str) {
    let record = SessionRecord {
        session_key: StoredKey::from(&key()),
        session_data: SessionData::from_text(data),
        expire_date: END,
    };
    let now = lodger_core::Clock::now(&site.clock);
    site.faults.create(record, SessionDict::new(), now).await.unwrap();
}

/// The row as it is stored.
async fn row<S: SessionStore>(site: &Site<S>) -> Option<(String, Timestamp)> {
    let now = lodger_core::Clock::now(&site.clock);
    let loaded = site.faults.load(&StoredKey::from(&key()), now).await.unwrap()?;
    let SessionRecord { session_data, expire_date, .. } = loaded.record;
    Some((session_data.as_text().unwrap().to_owned(), expire_date))
}

async fn a_read_leaves_an_undecodable_row_and_its_cookie_alone<S: SessionStore>(store: S) {
    let site = Site::new(store);
    for data in [FOREIGN, "garbage==", "", "{}", "a:b"] {
        put(&site, data).await;
        for renew in [false, true] {
            let visit = site.visit(Some(&key())).await;
            assert!(visit.fields().is_empty() && visit.get_json("a").is_none());
            assert_eq!(visit.session_key(), Some(key()), "the cookie stays");
            assert_eq!(visit.request.commit(renew).await.unwrap(), None);
        }
        assert_eq!(row(&site).await, Some((data.to_owned(), END)), "{data:?}");
        site.manager.revoke(&key()).await.unwrap();
    }
}

async fn a_write_goes_under_a_new_key_and_the_row_stays<S: SessionStore>(store: S) {
    let site = Site::new(store);
    put(&site, FOREIGN).await;
    let visit = site.visit(Some(&key())).await;
    visit.insert("a", &2).unwrap();
    let fresh = visit.end_with_key().await.unwrap();
    assert_ne!(fresh, key());
    assert_eq!(site.data(&fresh).await.unwrap(), r#"{"a":2}"#);
    assert_eq!(row(&site).await, Some((FOREIGN.to_owned(), END)));
    // A logout ends it all the same.
    let visit = site.visit(Some(&key())).await;
    visit.flush().unwrap();
    visit.end().await.unwrap();
    assert_eq!(row(&site).await, None);
}

async fn django_overwrites_an_undecodable_row<S: SessionStore>(store: S) {
    let site = Site::with_settings(store, Settings::django());
    put(&site, FOREIGN).await;
    let visit = site.visit(Some(&key())).await;
    assert!(visit.fields().is_empty());
    assert_eq!(visit.session_key(), Some(key()));
    assert_eq!(visit.end().await.unwrap(), None);
    assert_eq!(row(&site).await, Some((FOREIGN.to_owned(), END)), "a mere read writes nothing");

    let visit = site.visit(Some(&key())).await;
    visit.insert("a", &2).unwrap();
    assert_eq!(visit.end_with_key().await, Some(key()));
    assert_eq!(site.data(&key()).await.unwrap(), r#"{"a":2}"#);
}

async fn a_row_that_becomes_undecodable_meanwhile_is_not_overwritten<S: SessionStore>(store: S) {
    let store = SpyStore::new(store);
    for (mode, refused) in [
        (OnConflict::Merge, CommitError::Contended),
        (OnConflict::Strict, SessionConflict::Changed.into()),
        (OnConflict::LastWriteWins, CommitError::Contended),
    ] {
        let mut settings = Settings::default();
        settings.on_conflict = mode;
        is_not_overwritten(&Site::with_settings(store.clone(), settings), refused).await;
    }
}

async fn is_not_overwritten<S: SessionStore>(site: &Site<S>, refused: CommitError) {
    site.manager.save(&key(), &lodger_tests::site::dict(r#"{"a":1}"#), END).await.unwrap();
    let visit = site.visit(Some(&key())).await;
    site.manager.revoke(&key()).await.unwrap();
    put(site, FOREIGN).await;
    visit.insert("a", &2).unwrap();
    assert_eq!(visit.end().await, Err(refused));
    assert_eq!(row(site).await, Some((FOREIGN.to_owned(), END)));
    site.manager.revoke(&key()).await.unwrap();
}
