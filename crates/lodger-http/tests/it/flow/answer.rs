//! What the client gets.

use std::sync::Arc;

use http::header::{CACHE_CONTROL, VARY};
use lodger_core::{Expiry, Session, Span};

use super::visit::{
    KEY, UNKNOWN, answer, exchange, header, removes, set_cookie, shelf_with_a_session, visit,
};
use crate::engine::Shelf;

#[tokio::test]
async fn loading_without_looking_is_no_access() {
    let response = visit(&shelf_with_a_session(), Some(KEY), 200, async |_| {}).await;
    assert_eq!((set_cookie(&response), header(&response, VARY)), (None, None));
    assert_eq!(header(&response, CACHE_CONTROL), Some("public, max-age=60"));
}

/// Promise 13
#[tokio::test]
async fn the_first_value_makes_a_session_and_its_cookie_keeps_caches_out() {
    let shelf = Shelf::new(|_| {});
    let response = visit(&shelf, None, 200, async |session| session.insert("a", &1).unwrap()).await;
    let [key] = &shelf.keys()[..] else { panic!("one session") };
    assert_eq!(shelf.json(key).as_deref(), Some(r#"{"a":1}"#));
    assert_eq!(
        set_cookie(&response),
        Some(&*format!(
            "sessionid={key}; expires=Tue, 28 Nov 2023 22:13:20 GMT; HttpOnly; Max-Age=1209600; \
             Path=/; SameSite=Lax"
        ))
    );
    assert_eq!(header(&response, VARY), Some("Cookie"));
    assert_eq!(header(&response, CACHE_CONTROL), Some("private, max-age=60"));
    assert_eq!(response.body(), "the handler's");
}

#[tokio::test]
async fn the_cookie_lasts_as_the_session_does() {
    let shelf = shelf_with_a_session();
    let expiry = |expiry| {
        let shelf = Arc::clone(&shelf);
        async move {
            let response =
                visit(&shelf, Some(KEY), 200, async |s| s.set_expiry(expiry).unwrap()).await;
            set_cookie(&response).unwrap().to_owned()
        }
    };
    assert!(!expiry(Expiry::AtBrowserClose).await.contains("Max-Age"));
    let text = expiry(Expiry::Sliding(Span::from_secs(-60))).await;
    assert!(
        text.contains("expires=Tue, 14 Nov 2023 22:12:20 GMT; HttpOnly; Max-Age=-60"),
        "{text}"
    );
}

/// Promise 11
#[tokio::test]
async fn nothing_to_remember_leaves_no_trace() {
    let shelf = Shelf::new(|settings| settings.save_every_request = true);
    for cookie in [None, Some(UNKNOWN)] {
        let handlers: [fn(Session); 4] = [
            |session| session.clear().unwrap(),
            |session| session.cycle_key().unwrap(),
            |session| session.flush().unwrap(),
            |session| drop(session.keys()),
        ];
        for handler in handlers {
            let response = visit(&shelf, cookie, 200, async |session| handler(session)).await;
            assert_eq!(response.status(), 200);
            assert_eq!(header(&response, VARY), Some("Cookie"));
            // A cookie that names nothing is removed; none is ever set.
            assert_eq!(removes(&response), cookie.is_some());
            assert_eq!(set_cookie(&response).is_some(), cookie.is_some());
        }
        let response =
            visit(&shelf, cookie, 200, async |session| session.save().await.unwrap()).await;
        assert_eq!((response.status().as_u16(), removes(&response)), (200, cookie.is_some()));
        // Who never looked knows nothing of the cookie.
        let unseen =
            visit(&shelf, cookie, 200, async |session| session.mark_modified().unwrap()).await;
        let untouched = answer(&exchange(&shelf, cookie), 200).await;
        assert_eq!((set_cookie(&unseen), set_cookie(&untouched)), (None, None));
    }
    assert_eq!(shelf.keys(), [""; 0]);
}

/// Promise 1
#[tokio::test]
async fn an_unknown_key_is_not_adopted() {
    let shelf = Shelf::new(|_| {});
    let response =
        visit(&shelf, Some(UNKNOWN), 200, async |session| session.insert("a", &1).unwrap()).await;
    let [key] = &shelf.keys()[..] else { panic!("one session") };
    assert_ne!(key, UNKNOWN);
    assert!(set_cookie(&response).unwrap().starts_with(&format!("sessionid={key};")));
}

#[tokio::test]
async fn the_cookie_of_no_key_is_removed_even_untouched() {
    let shelf = Shelf::new(|_| {});
    let long = "k".repeat(5000);
    for value in ["", "abc", "\"\"", &long] {
        let response = answer(&exchange(&shelf, Some(value)), 500).await;
        assert!(removes(&response), "{value}");
        assert_eq!(header(&response, VARY), Some("Cookie"));
    }
    assert_eq!(shelf.asked(), (0, 0));
}

#[tokio::test]
async fn a_server_error_saves_nothing() {
    let shelf = shelf_with_a_session();
    for status in [500, 501, 503, 599] {
        let response =
            visit(&shelf, Some(KEY), status, async |session| session.insert("a", &2).unwrap())
                .await;
        assert_eq!(set_cookie(&response), None);
        assert_eq!(header(&response, VARY), Some("Cookie"));
    }
    assert_eq!(shelf.json(KEY).as_deref(), Some(r#"{"a":1}"#));
    visit(&shelf, Some(KEY), 499, async |session| session.insert("a", &2).unwrap()).await;
    assert_eq!(shelf.json(KEY).as_deref(), Some(r#"{"a":2}"#));
}

/// Django: SessionMiddlewareTests.test_session_delete_on_end
/// Promise 3
#[tokio::test]
async fn a_flush_holds_whatever_the_status_and_drops_what_follows_an_error() {
    for status in [200, 404, 500, 503] {
        let shelf = shelf_with_a_session();
        let response =
            visit(&shelf, Some(KEY), status, async |session| session.flush().unwrap()).await;
        assert!(removes(&response));
        assert_eq!(header(&response, VARY), Some("Cookie"));
        assert_eq!(shelf.keys(), [""; 0]);
    }
    let flush_and_go_on = async |session: Session| {
        session.flush().unwrap();
        session.insert("b", &2).unwrap();
    };
    let shelf = shelf_with_a_session();
    assert!(removes(&visit(&shelf, Some(KEY), 500, flush_and_go_on).await));
    assert_eq!(shelf.keys(), [""; 0]);

    let shelf = shelf_with_a_session();
    let response = visit(&shelf, Some(KEY), 200, flush_and_go_on).await;
    let [key] = &shelf.keys()[..] else { panic!("one session") };
    assert_ne!(key, KEY);
    assert!(set_cookie(&response).unwrap().starts_with(&format!("sessionid={key};")));
}

/// Django: SessionMiddlewareTests.test_flush_empty_without_session_cookie_doesnt_set_cookie
#[tokio::test]
async fn a_flush_without_a_cookie_sets_none() {
    let response =
        visit(&Shelf::new(|_| {}), None, 200, async |session| session.flush().unwrap()).await;
    assert_eq!((set_cookie(&response), header(&response, VARY)), (None, Some("Cookie")));
}

/// Django: SessionMiddlewareTests.test_empty_session_saved
#[tokio::test]
async fn a_session_whose_fields_went_is_saved_empty() {
    let shelf = shelf_with_a_session();
    let response =
        visit(&shelf, Some(KEY), 200, async |session| assert!(session.remove("a").unwrap())).await;
    assert!(set_cookie(&response).unwrap().starts_with(&format!("sessionid={KEY};")));
    assert_eq!(shelf.json(KEY).as_deref(), Some("{}"));
}

/// Django: SessionMiddlewareTests.test_save_every_request_with_non_empty_session_renews_session_cookie
#[tokio::test]
async fn save_every_request_renews_an_untouched_session() {
    let shelf = Shelf::new(|settings| settings.save_every_request = true);
    shelf.put(KEY, r#"{"a":1}"#);
    let response = answer(&exchange(&shelf, Some(KEY)), 200).await;
    assert!(set_cookie(&response).unwrap().starts_with(&format!("sessionid={KEY};")));
    assert_eq!(header(&response, VARY), Some("Cookie"));
}

/// Promise 6
#[tokio::test]
async fn a_cycled_session_gets_its_new_key() {
    let shelf = shelf_with_a_session();
    let response =
        visit(&shelf, Some(KEY), 200, async |session| session.cycle_key().unwrap()).await;
    let [key] = &shelf.keys()[..] else { panic!("one session") };
    assert_ne!(key, KEY);
    assert_eq!(shelf.json(key).as_deref(), Some(r#"{"a":1}"#));
    assert!(set_cookie(&response).unwrap().starts_with(&format!("sessionid={key};")));
}
