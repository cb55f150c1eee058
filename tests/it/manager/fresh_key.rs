//! Keys are unique.

use lodger_backends::memory::MemoryStore;
use lodger_core::{CommitError, SessionKey, SessionStore};
use lodger_testing::{SequenceRng, StuckRng};
use lodger_tests::site::{Site, dict};

on_every_store!(
    a_collision_draws_again_and_overwrites_nothing,
    a_cycle_onto_a_taken_key_draws_again,
    an_expired_record_holds_its_key_or_gives_it_up_whole,
);

const TAKEN: &str = "takentakentakentakentakentaken00";
const FRESH: &str = "freshfreshfreshfreshfreshfresh00";
const OTHER: &str = "otherotherotherotherotherother00";

fn key(text: &str) -> SessionKey {
    SessionKey::parse(text, 128).expect("the text has the shape of a key")
}

/// Stores something under the taken key, whatever the rng of the site.
async fn take<S: SessionStore>(site: &Site<S>) {
    let end = site.manager.settings().cookie_age;
    let expire_date = lodger_core::Clock::now(&site.clock) + end;
    site.manager.save(&key(TAKEN), &dict(r#"{"whose":"theirs"}"#), expire_date).await.unwrap();
    site.spy.reset();
}

/// Promise 7
async fn a_collision_draws_again_and_overwrites_nothing<S: SessionStore>(store: S) {
    let rng = SequenceRng::new([TAKEN, TAKEN, FRESH]);
    let site = Site::built(store, |builder| builder.with_rng(rng));
    take(&site).await;
    let visit = site.visit(None).await;
    visit.insert("whose", "ours").unwrap();
    assert_eq!(visit.end_with_key().await, Some(key(FRESH)));
    assert_eq!(site.spy.calls().create, 3);
    assert_eq!(site.data(&key(TAKEN)).await.unwrap(), r#"{"whose":"theirs"}"#);
    assert_eq!(site.data(&key(FRESH)).await.unwrap(), r#"{"whose":"ours"}"#);
}

/// Promise 7
async fn a_cycle_onto_a_taken_key_draws_again<S: SessionStore>(store: S) {
    let rng = SequenceRng::new([OTHER, TAKEN, FRESH]);
    let site = Site::built(store, |builder| builder.with_rng(rng));
    take(&site).await;
    let old = site.stored(r#"{"whose":"ours"}"#).await;
    assert_eq!(old, key(OTHER));
    let visit = site.visit(Some(&old)).await;
    visit.cycle_key().unwrap();
    assert_eq!(visit.end_with_key().await, Some(key(FRESH)));
    assert_eq!(site.spy.calls().cycle, 2);
    assert_eq!(site.data(&key(TAKEN)).await.unwrap(), r#"{"whose":"theirs"}"#);
    assert_eq!(site.data(&key(FRESH)).await.unwrap(), r#"{"whose":"ours"}"#);
    assert_eq!(site.data(&old).await, None);
}

/// Promise 7
async fn an_expired_record_holds_its_key_or_gives_it_up_whole<S: SessionStore>(store: S) {
    let rng = SequenceRng::new([TAKEN, FRESH]);
    let site = Site::built(store, |builder| builder.with_rng(rng));
    take(&site).await;
    site.clock.advance(lodger_core::Span::from_secs(1_209_600));
    let visit = site.visit(None).await;
    visit.insert("whose", "ours").unwrap();
    let given = visit.end_with_key().await.unwrap();
    assert_eq!(site.data(&given).await.unwrap(), r#"{"whose":"ours"}"#);
}

/// Promise 7
#[tokio::test]
async fn a_stuck_source_of_randomness_is_an_error_and_overwrites_nothing() {
    let site =
        Site::built(MemoryStore::default(), |builder| builder.with_rng(StuckRng::new(TAKEN)));
    take(&site).await;
    let visit = site.visit(None).await;
    visit.insert("whose", "ours").unwrap();
    assert!(matches!(visit.end().await, Err(CommitError::Rng(_))));
    assert_eq!(site.data(&key(TAKEN)).await.unwrap(), r#"{"whose":"theirs"}"#);

    let visit = site.visit(Some(&key(TAKEN))).await;
    visit.insert("mine", &true).unwrap();
    visit.cycle_key().unwrap();
    assert!(matches!(visit.end().await, Err(CommitError::Rng(_))));
    assert_eq!(site.data(&key(TAKEN)).await.unwrap(), r#"{"whose":"theirs"}"#);
}

/// Promise 7
#[tokio::test]
async fn without_randomness_nothing_is_stored() {
    let rng = SequenceRng::new([] as [&str; 0]);
    let site = Site::built(MemoryStore::default(), |builder| builder.with_rng(rng));
    let visit = site.visit(None).await;
    visit.insert("a", &1).unwrap();
    assert!(matches!(visit.end().await, Err(CommitError::Rng(_))));
    site.spy.assert_untouched();
}
