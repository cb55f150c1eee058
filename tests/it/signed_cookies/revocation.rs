//! What a revocation list gives back.

use futures_util::future::join_all;
use lodger_core::{
    Clock, CommitError, CookieValue, LazySession, Presented, SessionKey, SessionStore, Settings,
    Span,
};
use lodger_testing::SequenceRng;
use lodger_tests::any_site::AnySite;
use lodger_tests::cookie_site::{CookieSite, ListedSite};
use lodger_tests::report::count;

on_every_store!(
    a_session_that_was_ended_is_never_read_again,
    no_request_in_flight_survives_a_logout,
    of_concurrent_changes_of_key_one_wins,
);

/// An identity.
const ID: &str = "0123456789abcdefghijklmnopqrstuv";

fn presented<S: SessionStore>(site: &ListedSite<S>, key: &SessionKey) -> LazySession {
    site.request(Presented::Value(CookieValue::from(key)))
}

/// Promise 3
async fn a_session_that_was_ended_is_never_read_again<S: SessionStore>(store: S) {
    let site = ListedSite::new(store);
    let copied = site.stored(r#"{"a":1}"#).await;
    site.clock().advance(Span::from_secs(1));
    let visit = site.visit(Some(&copied)).await;
    visit.insert("b", &2).unwrap();
    let newer = visit.end_with_key().await.unwrap();
    assert_ne!(newer, copied);

    let visit = site.visit(Some(&newer)).await;
    visit.flush().unwrap();
    visit.insert("c", &3).unwrap();
    let next = visit.end_with_key().await.unwrap();
    for dead in [&copied, &newer] {
        assert_eq!(site.data(dead).await, None, "every text of the session is dead");
    }
    assert!(site.data(&next).await.is_some(), "what followed the logout is another session");

    // Until the last moment at which a cookie of it would be read.
    let age = Settings::default().cookie_age;
    for part in [2, 1] {
        site.clock().advance(Span::from_micros(age.as_micros() / 2 - part));
        assert_eq!(site.data(&newer).await, None);
    }
}

/// 50 requests that loaded the session before the logout, and commit after it or while it runs.
///
/// Promise 3
async fn no_request_in_flight_survives_a_logout<S: SessionStore>(store: S) {
    let site = ListedSite::new(store);
    for waits in [true, false] {
        let key = site.stored(r#"{"n":0}"#).await;
        let requests: Vec<LazySession> = (0..50).map(|_| presented(&site, &key)).collect();
        for request in &requests {
            request.load().await.unwrap().increment("n", 1).unwrap();
        }
        let logout = presented(&site, &key);
        logout.load().await.unwrap().flush().unwrap();
        if waits {
            assert_eq!(logout.commit(false).await.unwrap(), None);
        }
        let committed = join_all(requests.iter().map(|request| async move {
            tokio::task::yield_now().await;
            request.commit(false).await
        }));
        let (committed, ended) = tokio::join!(committed, logout.commit(false));
        assert_eq!(ended.unwrap(), None);
        let (mut gone, mut late) = (0, 0);
        for result in committed {
            match result {
                Err(CommitError::Gone(_)) => gone += 1,
                Ok(Some(cookie)) => {
                    // It was asked for before the logout was acknowledged.
                    assert!(!waits);
                    let key = cookie.value.session_key(4096).unwrap();
                    assert_eq!(site.data(&key).await, None);
                    late += 1;
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(gone + late, 50);
        assert_eq!(site.data(&key).await, None);
        count("signed cookies: requests in flight that a logout ended", gone + late);
    }
}

/// Promise 6
async fn of_concurrent_changes_of_key_one_wins<S: SessionStore>(store: S) {
    let site = ListedSite::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let requests: Vec<LazySession> = (0..8).map(|_| presented(&site, &key)).collect();
    for request in &requests {
        request.load().await.unwrap().cycle_key().unwrap();
    }
    let results = join_all(requests.iter().map(|request| request.commit(false))).await;
    let mut live = Vec::new();
    for result in results {
        match result {
            Ok(cookie) => live.push(cookie.unwrap().value.session_key(4096).unwrap()),
            Err(error) => assert!(matches!(error, CommitError::Gone(_)), "{error:?}"),
        }
    }
    assert_eq!(live.len(), 1);
    assert_eq!(site.data(&key).await, None, "the old key is dead");
    let data = site.visit(Some(&live[0])).await.fields();
    assert_eq!(data.to_json(), r#"{"a":1}"#);
}

/// Promise 3
#[tokio::test]
async fn deleting_ends_a_session_at_once() {
    let site = ListedSite::in_memory();
    let key = site.stored(r#"{"a":1}"#).await;
    let visit = site.visit(Some(&key)).await;
    assert!(visit.delete().await.unwrap());
    assert_eq!(site.data(&key).await, None);
    assert!(!site.engine().delete(key.clone()).await.unwrap(), "it was ended already");
    visit.insert("b", &1).unwrap();
    assert!(matches!(visit.save().await, Err(CommitError::Gone(_))));

    let key = site.stored(r#"{"a":1}"#).await;
    let visit = site.visit(Some(&key)).await;
    visit.flush_now().await.unwrap();
    assert_eq!(site.data(&key).await, None);
}

/// Promise 11
#[tokio::test]
async fn a_client_without_a_session_of_ours_leaves_no_trace_on_the_list() {
    let site = ListedSite::in_memory();
    let expired = site.stored(r#"{"a":1}"#).await;
    site.clock().advance(Span::from_secs(3 * 1_209_600));
    site.spy.reset();
    let forged = SessionKey::parse("garbage12345", 128).unwrap();
    for key in [None, Some(&forged), Some(&expired)] {
        let visit = site.visit(key).await;
        visit.flush().unwrap();
        assert_eq!(visit.end().await.unwrap(), None);
    }
    site.spy.assert_untouched();
}

/// Untouched 0, read 1, read and change 2, new 0, change of key 2, logout 2.
#[tokio::test]
async fn the_list_is_asked_no_more_than_a_store_would_be() {
    let site = ListedSite::in_memory();
    let key = site.stored(r#"{"a":1}"#).await;
    site.spy.assert_untouched();
    presented(&site, &key).commit(false).await.unwrap();
    site.spy.assert_untouched();
    for (act, calls) in [("read", 1), ("change", 2), ("cycle", 2), ("logout", 2)] {
        let key = site.stored(r#"{"a":1}"#).await;
        site.spy.reset();
        let visit = site.visit(Some(&key)).await;
        match act {
            "read" => drop(visit.get_json("a")),
            "change" => visit.insert("b", &2).unwrap(),
            "cycle" => visit.cycle_key().unwrap(),
            _ => visit.flush().unwrap(),
        }
        visit.end().await.unwrap();
        assert_eq!(site.spy.calls().total(), calls, "{act}");
    }
}

/// Promise 7
#[tokio::test]
async fn the_identity_is_hidden_and_survives_what_a_handler_does() {
    let site = ListedSite::in_memory();
    let (one, other) = (site.stored(r#"{"a":1}"#).await, site.stored(r#"{"a":1}"#).await);
    assert_ne!(one, other, "equal data in the same second, and yet two sessions");
    let visit = site.visit(Some(&one)).await;
    assert_eq!((visit.keys(), visit.get_json("_lodger")), (vec!["a".to_owned()], None));
    assert!(visit.insert("_lodger", &1).is_err() && visit.remove("_lodger").is_err());
    visit.clear().unwrap();
    let cleared = visit.end_with_key().await.unwrap();
    let identity = |data: String| lodger_tests::site::dict(&data).get_json("_lodger").cloned();
    let before = identity(site.data(&one).await.unwrap()).unwrap();
    assert_eq!(identity(site.data(&cleared).await.unwrap()).as_ref(), Some(&before));

    let visit = site.visit(Some(&cleared)).await;
    visit.cycle_key().unwrap();
    let cycled = visit.end_with_key().await.unwrap();
    assert_ne!(identity(site.data(&cycled).await.unwrap()), Some(before));
    assert_eq!(site.data(&cleared).await, None);
    assert_eq!(site.data(&one).await, None);
    assert!(site.data(&other).await.is_some(), "another session is another");
}

/// A cookie from before there was a list, or from a Django that cleared the session.
#[tokio::test]
async fn a_session_without_an_identity_gets_one_with_its_first_save() {
    let site = ListedSite::in_memory();
    let key = CookieSite::with_settings(Settings::default()).stored(r#"{"a":1}"#).await;
    let visit = site.visit(Some(&key)).await;
    visit.insert("b", &2).unwrap();
    let saved = visit.end_with_key().await.unwrap();
    assert!(site.data(&saved).await.unwrap().contains("_lodger"));

    // Until then its text can be ended, alone.
    let visit = site.visit(Some(&key)).await;
    visit.flush().unwrap();
    visit.end().await.unwrap();
    assert_eq!(site.data(&key).await, None);
    assert!(site.data(&saved).await.is_some());
}

#[tokio::test]
async fn a_record_is_kept_until_no_cookie_of_its_session_is_read_and_then_cleared() {
    let site = ListedSite::in_memory();
    let key = site.stored(r#"{"a":1}"#).await;
    site.engine().delete(key).await.unwrap();
    let end = site.clock().now() + Settings::default().cookie_age;
    assert_eq!(site.spy.clear_expired(end, 10, None).await.unwrap().deleted, 0);
    let later = end + Span::from_secs(86_400);
    assert_eq!(site.spy.clear_expired(later, 10, None).await.unwrap().deleted, 1);
}

/// A cookie that a server signed whose clock is ahead is read for longer.
///
/// Promise 3
#[tokio::test]
async fn a_session_from_the_future_stays_ended_as_long_as_it_would_be_read() {
    let site = ListedSite::in_memory();
    let now = site.clock().now();
    site.clock().advance(Span::from_secs(86_400));
    let key = site.stored(r#"{"a":1}"#).await;
    site.clock().set(now);
    assert!(site.engine().delete(key.clone()).await.unwrap());
    site.clock().set(now + Settings::default().cookie_age + Span::from_secs(86_399));
    assert_eq!(site.data(&key).await, None);
}

/// Promise 3
#[tokio::test]
async fn a_session_is_ended_whatever_expired_is_in_the_way() {
    let site = ListedSite::in_memory();
    let rng = SequenceRng::new([ID, ID]);
    let list = site.spy.clone();
    let site = CookieSite::built(|builder| builder.with_revocations(list).with_rng(rng));
    for _ in 0..2 {
        let key = site.stored(r#"{"a":1}"#).await;
        assert!(site.engine().delete(key.clone()).await.unwrap());
        assert_eq!(site.data(&key).await, None);
        // The record has expired, and nobody has cleared it.
        site.clock.advance(Span::from_secs(2 * 1_209_600));
    }
}
