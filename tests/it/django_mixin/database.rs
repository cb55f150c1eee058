//! Sessions in a database.

use lodger_backends::db::DbStore;
use lodger_core::{Clock, Expiry, SessionData, SessionStore, Settings, Span};
use lodger_entity::{SessionModel, account_session, session};
use lodger_tests::site::{Site, dict};

on_every_database!(
    the_models_text_is_the_key_where_it_is_asked_for,
    a_row_can_be_decoded,
    the_managers_save_changes_and_deletes,
    clearing_removes_only_expired_rows,
);

mod account_model {
    on_model!(sqlite, Sqlite, std::convert::identity, a_further_column_is_filled);
    on_model!(postgres, Postgres, std::convert::identity, a_further_column_is_filled);
    on_model!(mariadb, Mariadb, std::convert::identity, a_further_column_is_filled);
}

fn django<S: SessionStore>(store: S) -> Site<S> {
    Site::with_settings(store, Settings::django())
}

async fn rows<M: SessionModel>(site: &Site<DbStore<M>>) -> Vec<M::Model> {
    M::find().all(site.faults.store().connection()).await.unwrap()
}

/// Django: DatabaseSessionTests.test_session_str
async fn the_models_text_is_the_key_where_it_is_asked_for(store: DbStore) {
    let site = django(store);
    let key = site.stored(r#"{"x":1}"#).await;
    let row: session::Model = rows(&site).await.remove(0);
    assert_eq!(row.expose_session_key(), key.expose());
    // Promise 12
    assert!(!format!("{row:?}").contains(key.expose()));
}

/// Django: DatabaseSessionTests.test_session_get_decoded
async fn a_row_can_be_decoded(store: DbStore) {
    let site = django(store);
    let key = site.stored(r#"{"x":1}"#).await;
    let row: session::Model = rows(&site).await.remove(0);
    let decoded = site.manager.decode(&key, &SessionData::from_text(row.session_data));
    assert_eq!(decoded, dict(r#"{"x":1}"#));
}

/// Django: DatabaseSessionTests.test_sessionmanager_save
async fn the_managers_save_changes_and_deletes(store: DbStore) {
    let site = django(store);
    let key = site.stored(r#"{"x":1}"#).await;
    let end = site.clock.now() + Span::from_secs(60);
    site.manager.save(&key, &dict(r#"{"y":2}"#), end).await.unwrap();
    let visit = site.visit(Some(&key)).await;
    assert_eq!(visit.fields(), dict(r#"{"y":2}"#));
    site.manager.save(&key, &dict("{}"), end).await.unwrap();
    assert!(rows(&site).await.is_empty());
}

/// Django: DatabaseSessionTests.test_clearsessions_command
/// Django: DatabaseSessionTests.test_aclear_expired
async fn clearing_removes_only_expired_rows(store: DbStore) {
    let site = django(store);
    for (field, seconds) in [("one", 3600), ("other", -3600)] {
        let visit = site.visit(None).await;
        visit.insert("foo", field).unwrap();
        visit.set_expiry(Expiry::Sliding(Span::from_secs(seconds))).unwrap();
        visit.end().await.unwrap();
    }
    assert_eq!(rows(&site).await.len(), 2);
    assert_eq!(site.manager.clear_expired().await.unwrap(), 1);
    assert_eq!(rows(&site).await.len(), 1);
}

/// Django: CustomDatabaseSessionTests.test_extra_session_field
async fn a_further_column_is_filled(store: DbStore<account_session::Entity>) {
    let site = django(store);
    let account = async || rows(&site).await.remove(0).account_id;
    let visit = site.visit(None).await;
    visit.insert("_auth_user_id", "42").unwrap();
    let key = visit.end_with_key().await.unwrap();
    assert_eq!(account().await, Some(42));

    let visit = site.visit(Some(&key)).await;
    visit.insert("_auth_user_id", "7").unwrap();
    visit.cycle_key().unwrap();
    let key = visit.end_with_key().await.unwrap();
    assert_eq!(account().await, Some(7));

    let visit = site.visit(Some(&key)).await;
    visit.remove("_auth_user_id").unwrap();
    visit.end().await.unwrap();
    assert_eq!(account().await, None);
}
