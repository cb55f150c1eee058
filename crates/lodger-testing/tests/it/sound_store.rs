//! Sound stores pass.

use lodger_backends::memory::MemoryStore;
use lodger_core::{SessionStore, Span, StoredKey, Timestamp};
use lodger_testing::contract::{Fixture, Subject, check};
use lodger_testing::{FailingStore, SpyStore, store_contract};

use crate::flawed_store::FlawedStore;
use crate::mistake::Mistake;

store_contract!(plain, async { Subject::new(FlawedStore::new(Mistake::None)) });
store_contract!(memory, async { Subject::new(MemoryStore::default()) });
store_contract!(watched, async { Subject::new(SpyStore::new(MemoryStore::default())) });
store_contract!(unfailing, async { Subject::new(FailingStore::new(MemoryStore::default())) });

#[tokio::test]
async fn a_store_of_whole_seconds_passes_when_it_says_so() {
    let subject = || Subject::new(FlawedStore::new(Mistake::RoundsEnds));
    let coarse = || subject().with_precision(Span::from_secs(1));
    assert!(check::an_expire_date_is_kept_to_the_microsecond(subject()).await.is_err());
    check::an_expire_date_is_kept_to_the_microsecond(coarse()).await.unwrap();
    check::a_record_ends_at_its_expire_date(coarse()).await.unwrap();
    check::clear_expired_removes_only_what_ended_before_now(coarse()).await.unwrap();
}

#[tokio::test]
async fn a_fixture_that_cannot_be_had_has_no_subject() {
    let none: Option<Subject<MemoryStore>> = None;
    assert!(none.subject().is_none());
    none.close().await;
    let some = Some(Subject::new(MemoryStore::default()));
    let subject = some.subject().unwrap();
    let key = StoredKey::from("unknown".to_owned());
    assert!(subject.store().load(&key, Timestamp::from_secs(0)).await.unwrap().is_none());
}
