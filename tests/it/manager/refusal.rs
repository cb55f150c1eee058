//! What is refused, each with its error.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use lodger_backends::memory::MemoryStore;
use lodger_core::{
    CommitError, Created, Cursor, Cycled, EditError, EncodeError, JsonText, Loaded, OnConflict,
    SessionConflict, SessionDict, SessionRecord, SessionStore, Settings, StoreError, StoredKey,
    Swapped, Swept, Timestamp, Touched, Version, Write,
};
use lodger_tests::site::{Site, dict};

/// A store in which somebody else is always faster.
struct RestlessStore {
    store: MemoryStore,
    writes: AtomicU64,
}

impl RestlessStore {
    async fn be_faster(&self, key: &StoredKey, now: Timestamp) -> Result<(), StoreError> {
        let number = self.writes.fetch_add(1, Ordering::SeqCst);
        let Some(Loaded { record, version: Some(version), decoded }) =
            self.store.load(key, now).await?
        else {
            return Ok(());
        };
        let mut fields = decoded.map(|decoded| decoded.dict).unwrap_or_default();
        fields.insert("others", &number).expect("a number has a JSON form");
        let SessionRecord { session_data, expire_date, .. } = record;
        let write = Write { session_data, expire_date, fields };
        self.store.swap(key, &version, write, now).await.map(|_| ())
    }
}

impl SessionStore for RestlessStore {
    async fn load(&self, key: &StoredKey, now: Timestamp) -> Result<Option<Loaded>, StoreError> {
        self.store.load(key, now).await
    }

    async fn create(
        &self,
        record: SessionRecord,
        fields: SessionDict,
        now: Timestamp,
    ) -> Result<Created, StoreError> {
        self.store.create(record, fields, now).await
    }

    async fn swap(
        &self,
        key: &StoredKey,
        version: &Version,
        write: Write,
        now: Timestamp,
    ) -> Result<Swapped, StoreError> {
        self.be_faster(key, now).await?;
        self.store.swap(key, version, write, now).await
    }

    async fn touch(
        &self,
        key: &StoredKey,
        version: &Version,
        expire_date: Timestamp,
        now: Timestamp,
    ) -> Result<Touched, StoreError> {
        self.be_faster(key, now).await?;
        self.store.touch(key, version, expire_date, now).await
    }

    async fn cycle(
        &self,
        old: &StoredKey,
        version: &Version,
        new: &StoredKey,
        write: Write,
        now: Timestamp,
    ) -> Result<Cycled, StoreError> {
        self.be_faster(old, now).await?;
        self.store.cycle(old, version, new, write, now).await
    }

    async fn delete(&self, key: &StoredKey) -> Result<bool, StoreError> {
        self.store.delete(key).await
    }

    async fn clear_expired(
        &self,
        now: Timestamp,
        limit: u64,
        cursor: Option<Cursor>,
    ) -> Result<Swept, StoreError> {
        self.store.clear_expired(now, limit, cursor).await
    }
}

fn restless(on_conflict: OnConflict) -> Site<RestlessStore> {
    let mut settings = Settings::default();
    settings.limits.commit = Duration::from_millis(300);
    settings.on_conflict = on_conflict;
    let store = RestlessStore { store: MemoryStore::default(), writes: AtomicU64::new(0) };
    Site::with_settings(store, settings)
}

/// Promise 5
#[tokio::test]
async fn strictly_a_session_that_others_keep_changing_conflicts_at_once() {
    let site = restless(OnConflict::Strict);
    let key = site.stored(r#"{"a":1}"#).await;
    for cycles in [false, true] {
        let visit = site.visit(Some(&key)).await;
        visit.insert("a", &2).unwrap();
        if cycles {
            visit.cycle_key().unwrap();
        }
        assert_eq!(visit.save().await, Err(SessionConflict::Changed.into()));
    }
    assert_eq!(site.visit(Some(&key)).await.save().await, Ok(()), "others have renewed it");
    assert_eq!(site.field(&key, "a").await.unwrap(), "1");
}

/// Promise 9
#[tokio::test(start_paused = true)]
async fn a_session_that_others_keep_changing_is_contended_at_the_deadline() {
    for mode in [OnConflict::Merge, OnConflict::LastWriteWins] {
        is_contended(&restless(mode)).await;
    }
}

async fn is_contended(site: &Site<RestlessStore>) {
    let key = site.stored(r#"{"a":1}"#).await;
    for way in 0..3 {
        let visit = site.visit(Some(&key)).await;
        match way {
            0 => visit.insert("a", &2).unwrap(),
            1 => visit.cycle_key().unwrap(),
            _ => {}
        }
        let begun = tokio::time::Instant::now();
        // The last way is a mere renewal, asked for by the handler itself.
        let result = if way == 2 { visit.save().await } else { visit.end().await.map(|_| ()) };
        assert_eq!(result, Err(CommitError::Contended));
        let elapsed = begun.elapsed();
        let bounds = Duration::from_millis(300)..Duration::from_millis(600);
        assert!(bounds.contains(&elapsed), "{elapsed:?}");
        assert_eq!(site.field(&key, "a").await.unwrap(), "1");
    }
}

/// Promise 10
#[tokio::test]
async fn data_that_are_too_large_are_refused_and_what_was_stored_stays() {
    for mode in [OnConflict::Merge, OnConflict::Strict, OnConflict::LastWriteWins] {
        what_is_too_large_is_refused(mode).await;
    }
}

async fn what_is_too_large_is_refused(mode: OnConflict) {
    let mut settings = Settings::default();
    settings.limits.session_data = 1000;
    settings.on_conflict = mode;
    let site = Site::with_settings(MemoryStore::default(), settings);
    let noise: Vec<u64> = (1..400u64).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
    let key = site.stored(r#"{"a":1}"#).await;
    for visit in [site.visit(Some(&key)).await, site.visit(None).await] {
        visit.insert("noise", &noise).unwrap();
        let refused = visit.end().await;
        let limit = EncodeError::TooLarge { size: 0, limit: 1000 };
        match (refused, limit) {
            (
                Err(CommitError::Encode(EncodeError::TooLarge { size, limit })),
                EncodeError::TooLarge { limit: expected, .. },
            ) => assert!(size > limit && limit == expected),
            (refused, _) => panic!("{refused:?}"),
        }
    }
    assert_eq!(site.data(&key).await.unwrap(), r#"{"a":1}"#);
    assert_eq!(site.spy.calls().writes(), 0);
}

/// Promise 10
#[tokio::test]
async fn a_value_nested_too_deeply_is_refused_when_it_is_inserted() {
    let mut settings = Settings::default();
    settings.limits.json_depth = 5;
    let site = Site::with_settings(MemoryStore::default(), settings);
    let visit = site.visit(None).await;
    let nested = |depth: usize| {
        JsonText::parse(&format!("{}{}", "[".repeat(depth), "]".repeat(depth)), 100).unwrap()
    };
    assert!(visit.insert_json("a", nested(4)).is_ok());
    assert!(matches!(visit.insert_json("a", nested(5)), Err(EditError::Field(_))));
    assert!(visit.append("l", &[[[[1]]]]).is_err());
    let key = visit.end_with_key().await.unwrap();
    assert_eq!(site.data(&key).await.unwrap(), r#"{"a":[[[[]]]]}"#);
}

#[tokio::test]
async fn the_reserved_field_cannot_be_seen_or_changed_and_survives() {
    let site = Site::new(MemoryStore::default());
    let key = lodger_core::SessionKey::parse("reservedfieldkey0123456789abcdef", 128).unwrap();
    let end = Timestamp::from_secs(1_800_000_000);
    site.manager.save(&key, &dict(r#"{"_lodger":{"since":1},"a":1}"#), end).await.unwrap();
    let visit = site.visit(Some(&key)).await;
    let reserved = || EditError::Reserved { name: "_lodger".into() };
    for refused in [
        visit.insert("_lodger", &1),
        visit.remove("_lodger").map(|_| ()),
        visit.pop::<i64>("_lodger").map(|_| ()),
        visit.set_default("_lodger", 1).map(|_| ()),
        visit.update([("b", 1), ("_lodger", 1)]),
        visit.increment("_lodger", 1).map(|_| ()),
        visit.append("_lodger", &1),
        visit.modify("_lodger", |_: Option<i64>| 1).map(|_| ()),
        visit.insert_json("_lodger", JsonText::of(&1).unwrap()),
    ] {
        assert_eq!(refused, Err(reserved()));
    }
    assert!(!visit.contains("_lodger") && visit.get_json("_lodger").is_none());
    assert_eq!((visit.keys(), visit.fields().len()), (vec!["a".to_owned()], 1));
    visit.clear().unwrap();
    visit.insert("b", &2).unwrap();
    visit.end().await.unwrap();
    assert_eq!(site.data(&key).await.unwrap(), r#"{"_lodger":{"since":1},"b":2}"#);
}
