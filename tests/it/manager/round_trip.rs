//! What a request costs at the store.

use lodger_core::{CookieValue, Presented, SessionStore};
use lodger_testing::Calls;
use lodger_tests::site::Site;

on_every_store!(
    an_untouched_session_costs_nothing,
    reading_costs_one_load,
    reading_and_changing_costs_a_load_and_a_swap,
    a_new_session_costs_one_creation,
    ending_a_session_costs_a_load_and_a_delete,
    a_new_key_costs_a_load_and_a_cycle,
    a_renewal_costs_a_load_and_a_touch,
    a_save_of_the_handlers_own_is_not_repeated,
);

/// How often load, create, swap, touch, cycle and delete were called.
fn costs(calls: Calls) -> [u64; 6] {
    assert_eq!(calls.clear_expired, 0);
    [calls.load, calls.create, calls.swap, calls.touch, calls.cycle, calls.delete]
}

/// Promise 11
async fn an_untouched_session_costs_nothing<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    for presented in [Presented::Absent, Presented::Value(CookieValue::from(&key))] {
        let request = site.request(presented);
        assert!(!request.facts().accessed);
        assert_eq!(request.commit(false).await.unwrap(), None);
    }
    site.spy.assert_untouched();
}

async fn reading_costs_one_load<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let visit = site.visit(Some(&key)).await;
    for _ in 0..3 {
        assert_eq!(visit.get::<i64>("a").unwrap(), Some(1));
        assert_eq!(visit.keys(), ["a"]);
        visit.request.load().await.unwrap();
    }
    assert_eq!(visit.end().await.unwrap(), None);
    assert_eq!(costs(site.spy.calls()), [1, 0, 0, 0, 0, 0]);
}

async fn reading_and_changing_costs_a_load_and_a_swap<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let visit = site.visit(Some(&key)).await;
    let held: i64 = visit.get("a").unwrap().unwrap();
    visit.insert("a", &(held + 1)).unwrap();
    visit.insert("b", "new").unwrap();
    visit.remove("a").unwrap();
    assert_eq!(visit.end_with_key().await, Some(key.clone()));
    assert_eq!(costs(site.spy.calls()), [1, 0, 1, 0, 0, 0]);
    assert_eq!(site.data(&key).await.unwrap(), r#"{"b":"new"}"#);
}

async fn a_new_session_costs_one_creation<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let visit = site.visit(None).await;
    visit.insert("a", &1).unwrap();
    let key = visit.end_with_key().await.unwrap();
    assert_eq!(costs(site.spy.calls()), [0, 1, 0, 0, 0, 0]);
    assert_eq!(site.data(&key).await.unwrap(), r#"{"a":1}"#);
}

async fn ending_a_session_costs_a_load_and_a_delete<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let visit = site.visit(Some(&key)).await;
    visit.flush().unwrap();
    assert_eq!(visit.end().await.unwrap(), None);
    assert_eq!(costs(site.spy.calls()), [1, 0, 0, 0, 0, 1]);
    assert_eq!(site.data(&key).await, None);
}

async fn a_new_key_costs_a_load_and_a_cycle<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let visit = site.visit(Some(&key)).await;
    visit.cycle_key().unwrap();
    visit.insert("b", &2).unwrap();
    let new = visit.end_with_key().await.unwrap();
    assert_eq!(costs(site.spy.calls()), [1, 0, 0, 0, 1, 0]);
    assert_eq!(site.data(&new).await.unwrap(), r#"{"a":1,"b":2}"#);
    assert_eq!(site.data(&key).await, None);
}

async fn a_renewal_costs_a_load_and_a_touch<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let visit = site.visit(Some(&key)).await;
    assert!(visit.request.commit(true).await.unwrap().is_some());
    assert_eq!(costs(site.spy.calls()), [1, 0, 0, 1, 0, 0]);
}

async fn a_save_of_the_handlers_own_is_not_repeated<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let visit = site.visit(Some(&key)).await;
    visit.insert("a", &2).unwrap();
    visit.save().await.unwrap();
    assert_eq!(site.data(&key).await.unwrap(), r#"{"a":2}"#);
    site.spy.reset();
    // The visitor gets the cookie of the save all the same.
    assert_eq!(visit.end_with_key().await, Some(key));
    site.spy.assert_untouched();
}
