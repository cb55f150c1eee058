//! No update is lost.

use lodger_core::{CommitError, EditError, SessionStore};
use lodger_testing::SpyStore;
use lodger_tests::site::Site;

on_every_store!(
    different_fields_both_survive,
    concurrent_increments_add_up,
    increments_of_several_processes_add_up,
    plain_sets_of_one_field_have_one_order,
    appended_items_all_stay,
    a_pop_removes_only_what_it_returned,
    a_set_default_keeps_what_was_stored_meanwhile,
    a_modification_runs_again_on_newer_data,
    clear_and_remove_act_on_what_is_there,
    a_conflict_stores_nothing_of_its_own_request,
);

/// Promise 5
async fn different_fields_both_survive<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"start":0}"#).await;
    let (first, second) = (site.visit(Some(&key)).await, site.visit(Some(&key)).await);
    first.insert("first", &1).unwrap();
    second.insert("second", &2).unwrap();
    first.end().await.unwrap();
    second.end().await.unwrap();
    assert_eq!(site.data(&key).await.unwrap(), r#"{"start":0,"first":1,"second":2}"#);
    assert_eq!(second.get::<i64>("first").unwrap(), Some(1), "the handle shows what was stored");
}

/// Promise 5
async fn concurrent_increments_add_up<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"n":0}"#).await;
    let mut tasks = Vec::new();
    for _ in 0..1000 {
        let (site, key) = (site.clone(), key.clone());
        tasks.push(tokio::spawn(async move {
            let visit = site.visit(Some(&key)).await;
            visit.increment("n", 1).unwrap();
            visit.end().await.unwrap();
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(site.data(&key).await.unwrap(), r#"{"n":1000}"#);
}

/// Promise 5
async fn increments_of_several_processes_add_up<S: SessionStore>(store: S) {
    let store = SpyStore::new(store);
    // Managers that know nothing of each other, as in several processes.
    let sites: Vec<_> = (0..4).map(|_| Site::new(store.clone())).collect();
    let key = sites[0].stored(r#"{"n":0}"#).await;
    let mut tasks = Vec::new();
    for number in 0..40 {
        let (site, key) = (sites[number % 4].clone(), key.clone());
        tasks.push(tokio::spawn(async move {
            let visit = site.visit(Some(&key)).await;
            visit.increment("n", 1).unwrap();
            visit.end().await.unwrap();
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(sites[0].data(&key).await.unwrap(), r#"{"n":40}"#);
}

/// Promise 5
async fn plain_sets_of_one_field_have_one_order<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":0}"#).await;
    let (first, second) = (site.visit(Some(&key)).await, site.visit(Some(&key)).await);
    first.insert("a", &1).unwrap();
    second.insert("a", &2).unwrap();
    second.end().await.unwrap();
    first.end().await.unwrap();
    assert_eq!(site.data(&key).await.unwrap(), r#"{"a":1}"#, "the later commit comes last");
}

/// Promise 5
async fn appended_items_all_stay<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"start":0}"#).await;
    let mut tasks = Vec::new();
    for number in 0..20 {
        let visit = site.visit(Some(&key)).await;
        tasks.push(tokio::spawn(async move {
            visit.append("items", &number).unwrap();
            visit.end().await.unwrap();
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let stored = site.field(&key, "items").await.unwrap();
    let mut items: Vec<i64> = serde_json::from_str(&stored).unwrap();
    items.sort_unstable();
    assert_eq!(items, (0..20).collect::<Vec<_>>());
}

/// Promise 5
async fn a_pop_removes_only_what_it_returned<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"message":"old","kept":1}"#).await;
    let (reader, writer) = (site.visit(Some(&key)).await, site.visit(Some(&key)).await);
    assert_eq!(reader.pop::<String>("message").unwrap().as_deref(), Some("old"));
    writer.insert("message", "new").unwrap();
    writer.end().await.unwrap();
    reader.end().await.unwrap();
    assert_eq!(site.data(&key).await.unwrap(), r#"{"message":"new","kept":1}"#);
    let reader = site.visit(Some(&key)).await;
    assert_eq!(reader.pop::<String>("message").unwrap().as_deref(), Some("new"));
    reader.end().await.unwrap();
    assert_eq!(site.data(&key).await.unwrap(), r#"{"kept":1}"#);
}

/// Promise 5
async fn a_set_default_keeps_what_was_stored_meanwhile<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":0}"#).await;
    let (late, early) = (site.visit(Some(&key)).await, site.visit(Some(&key)).await);
    assert_eq!(late.set_default("b", 2).unwrap(), 2);
    assert_eq!(early.set_default("b", 1).unwrap(), 1);
    early.end().await.unwrap();
    late.end().await.unwrap();
    assert_eq!(site.data(&key).await.unwrap(), r#"{"a":0,"b":1}"#);
}

/// Promise 5
async fn a_modification_runs_again_on_newer_data<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"price":100}"#).await;
    let double = |held: Option<i64>| held.unwrap_or(0) * 2;
    let (first, second) = (site.visit(Some(&key)).await, site.visit(Some(&key)).await);
    assert_eq!(first.modify("price", double).unwrap(), 200);
    assert_eq!(second.modify("price", |held: Option<i64>| held.unwrap_or(0) + 5).unwrap(), 105);
    first.end().await.unwrap();
    second.end().await.unwrap();
    assert_eq!(site.data(&key).await.unwrap(), r#"{"price":205}"#);
}

/// Promise 5
async fn clear_and_remove_act_on_what_is_there<S: SessionStore>(store: S) {
    let site = Site::new(store);
    for clears in [true, false] {
        let key = site.stored(r#"{"a":1}"#).await;
        let (late, early) = (site.visit(Some(&key)).await, site.visit(Some(&key)).await);
        if clears {
            late.clear().unwrap();
        } else {
            assert!(late.remove("a").unwrap());
        }
        late.insert("late", &1).unwrap();
        early.insert("a", &2).unwrap();
        early.insert("early", &1).unwrap();
        early.end().await.unwrap();
        late.end().await.unwrap();
        let left = if clears { r#"{"late":1}"# } else { r#"{"early":1,"late":1}"# };
        assert_eq!(site.data(&key).await.unwrap(), left);
    }
}

/// Promise 5
async fn a_conflict_stores_nothing_of_its_own_request<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"n":1}"#).await;
    let (late, early) = (site.visit(Some(&key)).await, site.visit(Some(&key)).await);
    late.insert("beside", &1).unwrap();
    late.increment("n", 1).unwrap();
    early.insert("n", "text").unwrap();
    early.end().await.unwrap();
    let refused = late.end().await;
    let not_an_integer = CommitError::Conflict(EditError::NotAnInteger { name: "n".into() }.into());
    assert_eq!(refused, Err(not_an_integer));
    assert_eq!(site.data(&key).await.unwrap(), r#"{"n":"text"}"#);

    // A handler that saves itself may go on after the conflict.
    let (late, early) = (site.visit(Some(&key)).await, site.visit(Some(&key)).await);
    early.insert("list", &[1]).unwrap();
    early.end().await.unwrap();
    late.increment("list", 1).unwrap();
    assert!(matches!(late.save().await, Err(CommitError::Conflict(_))));
    assert!(!late.contains("list"), "what cannot be applied is dropped");
    late.insert("beside", &1).unwrap();
    late.end().await.unwrap();
    assert_eq!(site.data(&key).await.unwrap(), r#"{"n":"text","list":[1],"beside":1}"#);
}
