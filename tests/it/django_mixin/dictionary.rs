//! The session as a dictionary, and its flags.

use lodger_core::Settings;
use lodger_tests::any_site::{AnySite, Premises};
use lodger_tests::site::Visit;

on_every_store_and_model!(
    a_new_session_is_neither_modified_nor_accessed,
    get_on_an_absent_field_gives_nothing,
    a_stored_field_flags_modified_and_is_popped,
    pop_removes_and_flags,
    pop_of_an_absent_field_flags_access_only,
    set_default_stores_once,
    update_stores_and_flags,
    has_key_flags_access_only,
    values_flag_access_only,
    keys_flag_access_only,
    items_flag_access_only,
    clear_empties_and_flags,
);

on_signed_cookies!(
    Browser,
    a_new_session_is_neither_modified_nor_accessed,
    get_on_an_absent_field_gives_nothing,
    a_stored_field_flags_modified_and_is_popped,
    pop_removes_and_flags,
    pop_of_an_absent_field_flags_access_only,
    set_default_stores_once,
    update_stores_and_flags,
    has_key_flags_access_only,
    values_flag_access_only,
    keys_flag_access_only,
    items_flag_access_only,
    clear_empties_and_flags,
);

/// A visitor without a session.
async fn fresh<P: Premises>(place: P) -> Visit {
    place.open(Settings::django()).visit(None).await
}

/// A visitor with `{"x": 1}`, whose flags are as new.
async fn with_x<P: Premises>(place: P) -> Visit {
    let site = place.open(Settings::django());
    let key = site.stored(r#"{"x":1}"#).await;
    site.visit(Some(&key)).await
}

#[track_caller]
fn flags(visit: &Visit, accessed: bool, modified: bool) {
    assert_eq!((visit.accessed(), visit.modified()), (accessed, modified));
}

/// Django: SessionTestsMixin.test_new_session
async fn a_new_session_is_neither_modified_nor_accessed<P: Premises>(place: P) {
    flags(&fresh(place).await, false, false);
}

/// Django: SessionTestsMixin.test_get_empty
async fn get_on_an_absent_field_gives_nothing<P: Premises>(place: P) {
    assert_eq!(fresh(place).await.get::<String>("cat").unwrap(), None);
}

/// Django: SessionTestsMixin.test_store
async fn a_stored_field_flags_modified_and_is_popped<P: Premises>(place: P) {
    let visit = fresh(place).await;
    visit.insert("cat", "dog").unwrap();
    assert!(visit.modified());
    assert_eq!(visit.pop::<String>("cat").unwrap().as_deref(), Some("dog"));
}

/// Django: SessionTestsMixin.test_pop
async fn pop_removes_and_flags<P: Premises>(place: P) {
    let visit = with_x(place).await;
    flags(&visit, false, false);
    assert_eq!(visit.pop::<i64>("x").unwrap(), Some(1));
    flags(&visit, true, true);
    assert_eq!(visit.get::<i64>("x").unwrap(), None);
}

/// Django: SessionTestsMixin.test_pop_default
/// Django: SessionTestsMixin.test_pop_default_named_argument
/// Django: SessionTestsMixin.test_pop_no_default_keyerror_raised
async fn pop_of_an_absent_field_flags_access_only<P: Premises>(place: P) {
    let visit = fresh(place).await;
    assert_eq!(visit.pop::<String>("some key").unwrap(), None);
    flags(&visit, true, false);
}

/// Django: SessionTestsMixin.test_setdefault
async fn set_default_stores_once<P: Premises>(place: P) {
    let visit = fresh(place).await;
    assert_eq!(visit.set_default("foo", "bar".to_owned()).unwrap(), "bar");
    assert_eq!(visit.set_default("foo", "baz".to_owned()).unwrap(), "bar");
    flags(&visit, true, true);
}

/// Django: SessionTestsMixin.test_update
async fn update_stores_and_flags<P: Premises>(place: P) {
    let visit = fresh(place).await;
    visit.update([("update key", 1)]).unwrap();
    flags(&visit, true, true);
    assert_eq!(visit.get::<i64>("update key").unwrap(), Some(1));
}

/// Django: SessionTestsMixin.test_has_key
async fn has_key_flags_access_only<P: Premises>(place: P) {
    let visit = with_x(place).await;
    assert!(visit.contains("x"));
    flags(&visit, true, false);
    assert!(!visit.contains("some key"));
}

/// Django: SessionTestsMixin.test_values
async fn values_flag_access_only<P: Premises>(place: P) {
    let visit = with_x(place).await;
    let values: Vec<String> =
        visit.fields().iter().map(|(_, value)| value.as_str().to_owned()).collect();
    assert_eq!(values, ["1"]);
    flags(&visit, true, false);
}

/// Django: SessionTestsMixin.test_keys
async fn keys_flag_access_only<P: Premises>(place: P) {
    let visit = with_x(place).await;
    assert_eq!(visit.keys(), ["x"]);
    flags(&visit, true, false);
}

/// Django: SessionTestsMixin.test_items
async fn items_flag_access_only<P: Premises>(place: P) {
    let visit = with_x(place).await;
    assert_eq!(visit.fields().to_json(), r#"{"x":1}"#);
    flags(&visit, true, false);
}

/// Django: SessionTestsMixin.test_clear
async fn clear_empties_and_flags<P: Premises>(place: P) {
    let visit = with_x(place).await;
    visit.clear().unwrap();
    flags(&visit, true, true);
    assert!(visit.fields().is_empty());
}
