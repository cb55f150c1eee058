//! Saving, deleting, ending and changing the key.

use lodger_core::{CommitError, SessionKey, SessionStore, Settings};
use lodger_tests::any_site::{AnySite, Premises};

on_every_store_and_model!(
    save_makes_the_key_exist,
    delete_removes_the_record,
    flush_removes_the_record_and_the_key,
    cycle_changes_the_key_and_keeps_the_data,
    cycle_of_a_session_that_was_not_read_keeps_the_data,
    data_survive_a_save,
    a_load_creates_no_record,
    a_session_that_was_saved_is_saved_again_under_its_key,
    a_save_does_not_resurrect_a_session_logged_out_in_another_context,
);

// What else the mixin asks of a store has no meaning where there is none, or is in `signed_cookies`.
on_signed_cookies!(
    Browser,
    save_makes_the_key_exist,
    cycle_of_a_session_that_was_not_read_keeps_the_data,
    data_survive_a_save,
);

fn django<P: Premises>(place: P) -> P::Site {
    place.open(Settings::django())
}

/// Django: SessionTestsMixin.test_save
async fn save_makes_the_key_exist<P: Premises>(place: P) {
    let site = django(place);
    let visit = site.visit(None).await;
    visit.insert("a", &1).unwrap();
    visit.save().await.unwrap();
    assert!(site.data(&visit.session_key().unwrap()).await.is_some());
}

/// Django: SessionTestsMixin.test_delete
async fn delete_removes_the_record<S: SessionStore>(store: S) {
    let site = django(store);
    let visit = site.visit(None).await;
    visit.insert("a", &1).unwrap();
    visit.save().await.unwrap();
    let key = visit.session_key().unwrap();
    assert!(visit.delete().await.unwrap());
    assert_eq!(site.data(&key).await, None);
    assert_eq!(visit.session_key(), Some(key), "the handle keeps its key, as in Django");
}

/// Django: SessionTestsMixin.test_flush
async fn flush_removes_the_record_and_the_key<S: SessionStore>(store: S) {
    let site = django(store);
    let key = site.stored(r#"{"foo":"bar"}"#).await;
    let visit = site.visit(Some(&key)).await;
    visit.flush().unwrap();
    assert_eq!(visit.session_key(), None);
    assert!(visit.accessed() && visit.modified());
    visit.end().await.unwrap();
    assert_eq!(site.data(&key).await, None);
}

/// Django: SessionTestsMixin.test_cycle
async fn cycle_changes_the_key_and_keeps_the_data<S: SessionStore>(store: S) {
    let site = django(store);
    let old = site.stored(r#"{"a":"c","b":"d"}"#).await;
    let visit = site.visit(Some(&old)).await;
    assert_eq!(visit.get::<String>("a").unwrap().as_deref(), Some("c"));
    visit.cycle_key().unwrap();
    let new = visit.end_with_key().await.unwrap();
    assert_ne!(new, old);
    assert_eq!(site.data(&new).await.unwrap(), r#"{"a":"c","b":"d"}"#);
}

/// Django: SessionTestsMixin.test_cycle_with_no_session_cache
async fn cycle_of_a_session_that_was_not_read_keeps_the_data<P: Premises>(place: P) {
    let site = django(place);
    let old = site.stored(r#"{"a":"c","b":"d"}"#).await;
    let visit = site.visit(Some(&old)).await;
    visit.cycle_key().unwrap();
    let new = visit.end_with_key().await.unwrap();
    assert_eq!(site.data(&new).await.unwrap(), r#"{"a":"c","b":"d"}"#);
}

/// Django: SessionTestsMixin.test_save_doesnt_clear_data
async fn data_survive_a_save<P: Premises>(place: P) {
    let visit = django(place).visit(None).await;
    visit.insert("a", "b").unwrap();
    visit.save().await.unwrap();
    assert_eq!(visit.get::<String>("a").unwrap().as_deref(), Some("b"));
}

/// Django: SessionTestsMixin.test_session_load_does_not_create_record
async fn a_load_creates_no_record<S: SessionStore>(store: S) {
    let site = django(store);
    let unknown = SessionKey::parse("someunknownkey", 128).unwrap();
    let visit = site.visit(Some(&unknown)).await;
    assert!(visit.fields().is_empty());
    assert_eq!(visit.session_key(), None, "the key that was provided is not kept");
    visit.end().await.unwrap();
    assert_eq!(site.data(&unknown).await, None);
    assert_eq!(site.spy.calls().writes(), 0);
}

/// Django: CacheSessionTests.test_create_and_save
async fn a_session_that_was_saved_is_saved_again_under_its_key<S: SessionStore>(store: S) {
    let site = django(store);
    let visit = site.visit(None).await;
    visit.insert("a", &1).unwrap();
    visit.save().await.unwrap();
    let key = visit.session_key().unwrap();
    visit.insert("b", &2).unwrap();
    visit.save().await.unwrap();
    assert_eq!(visit.session_key(), Some(key.clone()));
    assert_eq!(site.data(&key).await.unwrap(), r#"{"a":1,"b":2}"#);
}

/// Django: SessionTestsMixin.test_session_save_does_not_resurrect_session_logged_out_in_other_context
async fn a_save_does_not_resurrect_a_session_logged_out_in_another_context<S: SessionStore>(
    store: S,
) {
    let site = django(store);
    let key = site.stored(r#"{"hello":"world"}"#).await;
    let (first, second) = (site.visit(Some(&key)).await, site.visit(Some(&key)).await);
    second.delete().await.unwrap();
    first.insert("test_data", "value1").unwrap();
    assert!(matches!(first.save().await, Err(CommitError::Gone(_))));
    assert_eq!(site.data(&key).await, None);
}
