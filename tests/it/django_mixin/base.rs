//! What every session has, whatever its store.

use lodger_core::{SessionKey, Settings};
use lodger_tests::any_site::{AnySite, Premises};

on_every_store!(the_test_cookie_is_set_and_seen, emptiness_is_neither_key_nor_data);

on_signed_cookies!(Browser, the_test_cookie_is_set_and_seen, emptiness_is_neither_key_nor_data);

/// Django: SessionBaseTests.test_test_cookie
/// Django: SessionBaseTests.test_atest_cookie
async fn the_test_cookie_is_set_and_seen<P: Premises>(place: P) {
    let site = place.open(Settings::django());
    let visit = site.visit(None).await;
    assert!(!visit.test_cookie_worked());
    visit.set_test_cookie().unwrap();
    assert!(visit.test_cookie_worked());
    let key = visit.end_with_key().await.unwrap();
    let visit = site.visit(Some(&key)).await;
    assert!(visit.test_cookie_worked());
    assert!(visit.delete_test_cookie().unwrap());
    assert!(!visit.test_cookie_worked());
    assert!(!visit.delete_test_cookie().unwrap());
    let key = visit.end_with_key().await.unwrap();
    assert!(!site.visit(Some(&key)).await.test_cookie_worked());
}

/// Django: SessionBaseTests.test_is_empty
/// Django: SessionBaseTests.test_bool
async fn emptiness_is_neither_key_nor_data<P: Premises>(place: P) {
    let site = place.open(Settings::django());
    let visit = site.visit(None).await;
    assert!(visit.is_empty());
    visit.insert("a", &1).unwrap();
    assert!(!visit.is_empty());
    let key = visit.end_with_key().await.unwrap();
    let visit = site.visit(Some(&key)).await;
    assert!(!visit.is_empty());
    visit.remove("a").unwrap();
    assert!(!visit.is_empty(), "it has a key");
    visit.flush().unwrap();
    assert!(visit.is_empty());

    let unknown = SessionKey::parse("someunknownkey", 128).unwrap();
    let visit = site.visit(Some(&unknown)).await;
    assert!(!visit.is_empty() && !visit.accessed(), "before the first access the key counts");
    assert!(!visit.contains("a"));
    assert!(visit.is_empty());
}
