//! What the client gets for reading a session that has an idle limit.

use std::sync::Arc;

use http::header::{CACHE_CONTROL, VARY};
use lodger_core::{CommitError, Session, Span, StoreError, Timestamp};

use super::visit::{KEY, header, set_cookie, visit};
use crate::engine::Shelf;

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

/// With an idle limit of ten minutes, and a session that has so many seconds left.
fn shelf(left: i64) -> Arc<Shelf> {
    let shelf = Shelf::new(|settings| settings.idle_age = Some(Span::from_secs(600)));
    shelf.put(KEY, r#"{"a":1}"#);
    *shelf.ends.lock().unwrap() = Some(NOW + Span::from_secs(left));
    shelf
}

fn read(session: &Session) {
    assert!(session.contains("a"));
}

/// Promise 8
#[tokio::test]
async fn reading_a_session_that_is_due_renews_it_and_its_cookie() {
    let shelf = shelf(540);
    let response = visit(&shelf, Some(KEY), 200, async |session| read(&session)).await;
    let cookie = set_cookie(&response).unwrap();
    assert!(cookie.starts_with(&format!("sessionid={KEY};")), "{cookie}");
    assert!(cookie.contains("; Max-Age=600;"), "{cookie}");
    assert_eq!(header(&response, VARY), Some("Cookie"));
    assert_eq!(header(&response, CACHE_CONTROL), Some("private, max-age=60"));
    assert_eq!(shelf.asked(), (1, 1));
}

/// Promise 8
#[tokio::test]
async fn what_is_not_due_not_looked_at_or_a_server_error_is_left_alone() {
    for (left, status, looks) in [(541, 200, true), (60, 500, true), (60, 200, false)] {
        let shelf = shelf(left);
        let look = async |session: Session| {
            if looks {
                read(&session);
            }
        };
        let response = visit(&shelf, Some(KEY), status, look).await;
        assert_eq!(set_cookie(&response), None, "{left} {status} {looks}");
        assert_eq!(header(&response, VARY), looks.then_some("Cookie"));
        assert_eq!(shelf.asked(), (1, 0), "{left} {status} {looks}");
    }
}

/// Promise 4
#[tokio::test]
async fn a_touch_that_loses_is_silent() {
    let shelf = shelf(60);
    let response = visit(&shelf, Some(KEY), 200, async |session| {
        read(&session);
        shelf.take(KEY).unwrap();
    });
    let response = response.await;
    assert_eq!(response.status(), 200);
    assert_eq!(set_cookie(&response), None);
    assert_eq!(header(&response, VARY), Some("Cookie"));
    assert_eq!(response.body(), "the handler's");
    assert!(shelf.keys().is_empty());
}

/// Nobody asked for it, and the next request is as due.
#[tokio::test]
async fn a_store_that_fails_a_touch_costs_the_reader_nothing() {
    for error in [StoreError::unavailable("down"), StoreError::unknown("cut")] {
        let shelf = shelf(60);
        shelf.fail_commits(CommitError::from(error));
        let response = visit(&shelf, Some(KEY), 200, async |session| read(&session)).await;
        assert_eq!((response.status().as_u16(), set_cookie(&response)), (200, None));
        assert_eq!(shelf.asked(), (1, 1));
    }
}
