//! What the scripts do.

use std::time::Duration;

use lodger_backends::memory::MemoryStore;
use lodger_core::{
    Created, SessionData, SessionDict, SessionRecord, SessionStore, StoreError, StoredKey,
    Timestamp,
};
use lodger_testing::{FailingStore, Fault, Method};
use tokio::time::{Instant, timeout};

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);
const LATER: Timestamp = Timestamp::from_secs(1_700_000_060);

async fn create(store: &FailingStore<MemoryStore>, key: &StoredKey) -> Result<Created, StoreError> {
    let record = SessionRecord {
        session_key: key.clone(),
        session_data: SessionData::from_text("data"),
        expire_date: LATER,
    };
    store.create(record, SessionDict::new(), NOW).await
}

/// Whether the record is there after a creation with this fault, and what the creation gave; `None`
/// if it did not answer.
async fn created_with(fault: Fault) -> (bool, Option<Result<Created, StoreError>>) {
    let store = FailingStore::new(MemoryStore::default());
    let key = StoredKey::from("key".to_owned());
    store.script(Method::Create, [fault]);
    let answer = timeout(Duration::from_millis(200), create(&store, &key)).await.ok();
    (store.load(&key, NOW).await.expect("no script for loads").is_some(), answer)
}

#[tokio::test]
async fn each_fault_does_what_it_says() {
    for (fault, applied) in [
        (Fault::None, true),
        (Fault::Unavailable, false),
        (Fault::RequestLost, false),
        (Fault::ReplyLost, true),
        (Fault::Hangs, false),
        (Fault::HangsAfter, true),
    ] {
        let (stored, answer) = created_with(fault).await;
        assert_eq!(stored, applied, "{fault:?}");
        match fault {
            Fault::None => assert!(matches!(answer, Some(Ok(_))), "{answer:?}"),
            Fault::Unavailable => {
                assert!(matches!(answer, Some(Err(StoreError::Unavailable { .. }))), "{answer:?}");
            }
            Fault::Hangs | Fault::HangsAfter => assert!(answer.is_none(), "{answer:?}"),
            _ => assert!(matches!(answer, Some(Err(StoreError::Unknown { .. }))), "{answer:?}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn slow_answers_late_and_late_acts_late() {
    let store = FailingStore::new(MemoryStore::default());
    let wait = Duration::from_secs(1);
    for (name, fault, applied) in
        [("slow", Fault::Slow(wait), true), ("late", Fault::Late(wait), false)]
    {
        let key = StoredKey::from(name.to_owned());
        store.script(Method::Create, [fault]);
        let begun = Instant::now();
        let call = async {
            create(&store, &key).await.unwrap();
            assert_eq!(begun.elapsed(), wait);
        };
        let look = async {
            tokio::time::sleep(wait / 2).await;
            assert_eq!(store.load(&key, NOW).await.unwrap().is_some(), applied, "{fault:?}");
        };
        tokio::join!(call, look);
        assert!(store.load(&key, NOW).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn scripts_go_in_order_and_each_method_has_its_own() {
    let store = FailingStore::new(MemoryStore::default());
    let key = StoredKey::from("key".to_owned());
    store.script(Method::Delete, [Fault::Unavailable]);
    store.script(Method::Delete, [Fault::None]);
    store.always(Method::Delete, Fault::Unavailable);
    assert!(store.load(&key, NOW).await.is_ok());
    let deleted = [0; 4].map(|_| store.delete(&key));
    let mut oks = Vec::new();
    for delete in deleted {
        oks.push(delete.await.is_ok());
    }
    assert_eq!(oks, [false, true, false, false]);
    store.clone().heal();
    assert!(store.delete(&key).await.is_ok());
}
