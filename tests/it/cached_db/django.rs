//! Copies as Django's `cached_db` keeps them.

use lodger_backends::cached_db::CachedDbStore;
use lodger_codec::PickleCodec;
use lodger_core::{
    Cached, Clock, Context, Limits, SessionCache, SessionCodec, SessionKey, SessionRecord,
    SessionStore, StoredKey, Timestamp,
};
use lodger_tests::cache::{MoodyCache, over_cached_db};
use lodger_tests::site::{Site, dict};

type Shared = Site<CachedDbStore<MoodyCache>>;

fn shared(store: CachedDbStore<MoodyCache>) -> Shared {
    Site::new(store.with_django(PickleCodec::new(Limits::default())))
}

fn cache(site: &Shared) -> &MoodyCache {
    site.faults.store().cache()
}

/// The data of the copy under a key, as JSON, and its end.
async fn copy(site: &Shared, key: &SessionKey) -> Option<(String, Timestamp)> {
    let (stored_key, now) = (StoredKey::from(key), site.clock.now());
    let Cached::Record(record, _) = cache(site).get(&stored_key, now).await.unwrap() else {
        return None;
    };
    let context = Context { stored_key: &stored_key, now, loaded_stamp: None };
    let decoded = PickleCodec::new(Limits::default()).decode(&record.session_data, &context);
    Some((decoded.unwrap().dict.to_json(), record.expire_date))
}

/// Puts a copy there, without a lease, as Django does.
async fn django_copies(site: &Shared, key: &SessionKey, json: &str) {
    let (session_key, now) = (StoredKey::from(key), site.clock.now());
    let context = Context { stored_key: &session_key, now, loaded_stamp: None };
    let session_data = PickleCodec::new(Limits::default()).encode(&dict(json), &context).unwrap();
    let expire_date = now + site.manager.settings().cookie_age;
    let lifetime = std::time::Duration::from_secs(60);
    cache(site).invalidate(&session_key).await.unwrap();
    let lease = cache(site).add_lease(&session_key, lifetime).await.unwrap().unwrap();
    let record = SessionRecord { session_key, session_data, expire_date };
    assert!(cache(site).swap(&lease, record, lifetime).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_a_pickle_of_the_data_with_the_end_of_the_row() {
    over_cached_db(|store| async move {
        let site = shared(store);
        let key = site.stored(r#"{"a":[1,"ä",null]}"#).await;
        assert_eq!(copy(&site, &key).await, None);
        assert!(site.data(&key).await.is_some());
        let stored_key = StoredKey::from(&key);
        let row = site.faults.store().database().load(&stored_key, site.clock.now()).await;
        let expire_date = row.unwrap().unwrap().record.expire_date;
        let (data, end) = copy(&site, &key).await.unwrap();
        assert_eq!((dict(&data), end), (dict(r#"{"a":[1,"ä",null]}"#), expire_date));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_django_copied_is_read_and_a_change_goes_to_the_row() {
    over_cached_db(|store| async move {
        let site = shared(store);
        let key = site.stored(r#"{"a":1}"#).await;
        // Django's own change, of which the row knows too but for the test's sake.
        django_copies(&site, &key, r#"{"a":1,"django":true}"#).await;
        let visit = site.visit(Some(&key)).await;
        assert_eq!(visit.get::<bool>("django").unwrap(), Some(true));
        visit.increment("a", 1).unwrap();
        visit.end().await.unwrap();
        // The row decided, and the copy that does not say which row it was of is gone.
        let calls = site.spy.calls();
        assert_eq!((calls.load, calls.swap), (2, 1), "one load for the reader, one for the writer");
        assert_eq!(copy(&site, &key).await, None);
        assert_eq!(site.data(&key).await.as_deref(), Some(r#"{"a":2}"#));
    })
    .await;
}

/// Promise 3
#[tokio::test(flavor = "multi_thread")]
async fn a_logout_takes_djangos_copy_away() {
    over_cached_db(|store| async move {
        let site = shared(store);
        let key = site.stored(r#"{"a":1}"#).await;
        django_copies(&site, &key, r#"{"a":1}"#).await;
        let visit = site.visit(Some(&key)).await;
        visit.flush().unwrap();
        visit.end().await.unwrap();
        assert_eq!(copy(&site, &key).await, None);
        assert_eq!(site.data(&key).await, None);
    })
    .await;
}

/// What Django put there may be any pickle, and a truncated one.
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_is_no_plain_data_is_no_copy() {
    over_cached_db(|store| async move {
        let site = shared(store);
        let key = site.stored(r#"{"a":1}"#).await;
        let (session_key, now) = (StoredKey::from(&key), site.clock.now());
        let lifetime = std::time::Duration::from_secs(60);
        for pickle in [&b"\x80\x02}q\0X\x01"[..], b"\x80\x02cos\nsystem\n.", b"", b"\x80\x02N."] {
            let lease = cache(&site).add_lease(&session_key, lifetime).await.unwrap().unwrap();
            let record = SessionRecord {
                session_key: session_key.clone(),
                session_data: lodger_core::SessionData::from_bytes(pickle),
                expire_date: now + lodger_core::Span::from_secs(60),
            };
            assert!(cache(&site).swap(&lease, record, lifetime).await.unwrap());
            assert_eq!(site.data(&key).await.as_deref(), Some(r#"{"a":1}"#));
            cache(&site).invalidate(&session_key).await.unwrap();
        }
    })
    .await;
}

/// Django makes an empty copy of a row that it cannot read.
#[tokio::test(flavor = "multi_thread")]
async fn a_write_over_an_empty_copy_of_an_unreadable_row_goes_under_a_new_key() {
    over_cached_db(|store| async move {
        let site = shared(store);
        let (key, now) = (SessionKey::parse(&"k".repeat(32), 128).unwrap(), site.clock.now());
        let foreign = "eyJhIjoxfQ:1r31eq:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
        let record = SessionRecord {
            session_key: StoredKey::from(&key),
            session_data: lodger_core::SessionData::from_text(foreign),
            expire_date: now + site.manager.settings().cookie_age,
        };
        site.faults.store().create(record.clone(), dict("{}"), now).await.unwrap();
        django_copies(&site, &key, "{}").await;
        let visits = [site.visit(Some(&key)).await, site.visit(Some(&key)).await];
        for (visit, cycles) in visits.iter().zip([false, true]) {
            visit.insert("a", &2).unwrap();
            if cycles {
                visit.cycle_key().unwrap();
            }
            let fresh = visit.end_with_key().await.unwrap();
            assert_ne!(fresh, key);
            assert_eq!(site.data(&fresh).await.as_deref(), Some(r#"{"a":2}"#));
        }
        let row = site.faults.store().database().load(&record.session_key, now).await.unwrap();
        assert_eq!(row.unwrap().record.session_data, record.session_data);
        // What changes nothing writes nothing.
        let visit = site.visit(Some(&key)).await;
        visit.remove("a").unwrap();
        assert_eq!(visit.end().await.unwrap(), None);
    })
    .await;
}
