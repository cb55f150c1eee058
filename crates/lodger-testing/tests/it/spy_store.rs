//! What the spy sees.

use lodger_backends::memory::MemoryStore;
use lodger_core::{
    Created, SessionData, SessionDict, SessionRecord, SessionStore, StoreError, StoredKey,
    Timestamp, Write,
};
use lodger_testing::SpyStore;

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);
const LATER: Timestamp = Timestamp::from_secs(1_700_000_060);

#[tokio::test]
async fn each_method_is_counted_once_a_call() -> Result<(), StoreError> {
    let spy = SpyStore::new(MemoryStore::default());
    let store = spy.clone();
    spy.assert_untouched();
    let [old, new] = ["old", "new"].map(|name| StoredKey::from(name.to_owned()));
    let session_data = SessionData::from_text("data");
    let write = || Write {
        session_data: session_data.clone(),
        expire_date: LATER,
        fields: SessionDict::new(),
    };
    let record = SessionRecord {
        session_key: old.clone(),
        session_data: session_data.clone(),
        expire_date: LATER,
    };
    let created = store.create(record, SessionDict::new(), NOW).await?;
    let Created::Created(Some(stale)) = created else { panic!("memory gives versions") };
    let version = store.load(&old, NOW).await?.unwrap().version.unwrap();
    store.swap(&old, &version, write(), NOW).await?;
    for _ in 0..2 {
        store.touch(&old, &stale, LATER, NOW).await?;
    }
    store.cycle(&old, &stale, &new, write(), NOW).await?;
    for _ in 0..3 {
        store.delete(&old).await?;
    }
    store.clear_expired(NOW, 10, None).await?;
    let calls = spy.calls();
    assert_eq!((calls.load, calls.create, calls.swap, calls.touch), (1, 1, 1, 2));
    assert_eq!((calls.cycle, calls.delete, calls.clear_expired), (1, 3, 1));
    assert_eq!((calls.total(), calls.writes()), (10, 9));
    store.reset();
    spy.assert_untouched();
    Ok(())
}

#[tokio::test]
async fn a_call_behind_the_spy_is_not_counted() {
    let spy = SpyStore::new(MemoryStore::default());
    spy.store().delete(&StoredKey::from("key".to_owned())).await.unwrap();
    spy.assert_untouched();
}

#[tokio::test]
#[should_panic(expected = "left untouched")]
async fn a_single_load_is_noticed() {
    let spy = SpyStore::new(MemoryStore::default());
    spy.load(&StoredKey::from("key".to_owned()), NOW).await.unwrap();
    spy.assert_untouched();
}
