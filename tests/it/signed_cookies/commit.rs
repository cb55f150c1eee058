//! What comes of a visit without a revocation list: the results that a manager gives in the same cases.

use lodger_core::{
    Commit, CommitError, Committed, CookieExpiry, CookieValue, EditError, Expiry, Opened,
    Operation, Patch, Presented, Renewal, Retire, Session, SessionEngine, SessionKey, Settings,
    Span,
};
use lodger_tests::any_site::AnySite;
use lodger_tests::cookie_site::CookieSite;

use crate::flow::journal::Journal;

fn site() -> CookieSite {
    CookieSite::with_settings(Settings::default())
}

#[tokio::test]
async fn what_was_stored_is_there_at_the_next_visit() {
    let site = site();
    let key = site.stored(r#"{"a":1,"b":[1.50,"é"]}"#).await;
    let visit = site.visit(Some(&key)).await;
    assert_eq!(visit.fields().to_json(), r#"{"a":1,"b":[1.50,"\u00e9"]}"#);
    assert_eq!(visit.session_key().as_ref(), Some(&key), "the key is the cookie's text");
    visit.insert("a", &2).unwrap();
    let newer = visit.end_with_key().await.unwrap();
    assert_eq!(site.visit(Some(&newer)).await.get::<i64>("a").unwrap(), Some(2));
}

/// Promise 11
#[tokio::test]
async fn a_visitor_for_whom_nothing_is_stored_gets_no_cookie() {
    let acts: [fn(&Session); 5] = [
        |session| drop(session.get_json("a")),
        |session| session.clear().unwrap(),
        |session| session.mark_modified().unwrap(),
        |session| session.cycle_key().unwrap(),
        |session| session.flush().unwrap(),
    ];
    for act in acts {
        let visit = site().visit(None).await;
        act(&visit);
        assert_eq!(visit.end().await.unwrap(), None);
    }
    let visit = site().visit(None).await;
    visit.save().await.unwrap();
    assert_eq!(visit.session_key(), None);
}

#[tokio::test]
async fn an_untouched_session_is_left_alone_and_a_renewed_one_is_signed_anew() {
    let site = site();
    let key = site.stored(r#"{"a":1}"#).await;
    let request = site.request(Presented::Value(CookieValue::from(&key)));
    assert_eq!(request.commit(false).await.unwrap(), None);
    site.clock.advance(Span::from_secs(60));
    let request = site.request(Presented::Value(CookieValue::from(&key)));
    let renewed = request.commit(true).await.unwrap().unwrap();
    assert_ne!(renewed.value, CookieValue::from(&key));
    site.clock.advance(Span::from_secs(1_209_600 - 30));
    assert_eq!(site.data(&key).await, None);
    let renewed = renewed.value.session_key(4096).unwrap();
    assert_eq!(site.data(&renewed).await.unwrap(), r#"{"a":1}"#);
}

#[tokio::test]
async fn a_change_of_key_is_a_save_whose_text_is_new_with_the_next_second() {
    let site = site();
    let key = site.stored(r#"{"a":1}"#).await;
    for seconds in [0, 1] {
        site.clock.advance(Span::from_secs(seconds));
        let visit = site.visit(Some(&key)).await;
        visit.cycle_key().unwrap();
        let cycled = visit.end_with_key().await.unwrap();
        assert_eq!(cycled == key, seconds == 0, "the stamp is the age: it is not moved ahead");
        assert_eq!(site.data(&cycled).await.unwrap(), r#"{"a":1}"#);
    }
}

#[tokio::test]
async fn after_a_flush_there_is_nothing_or_a_new_session() {
    let site = site();
    let key = site.stored(r#"{"a":1}"#).await;
    let visit = site.visit(Some(&key)).await;
    visit.flush().unwrap();
    assert_eq!(visit.end().await.unwrap(), None);

    let visit = site.visit(Some(&key)).await;
    visit.flush().unwrap();
    visit.insert("b", &2).unwrap();
    let newer = visit.end_with_key().await.unwrap();
    assert_eq!(site.data(&newer).await.unwrap(), r#"{"b":2}"#);
}

#[tokio::test]
async fn the_engine_says_removed_saved_or_unchanged() {
    let site = site();
    let key = site.stored(r#"{"a":1}"#).await;
    let live = site.engine().load(CookieValue::from(&key)).await.unwrap();
    assert!(matches!(live, Opened::Live { version: None, stamp: Some(1_700_000_000), .. }));
    let commit = |change: fn(&mut Commit)| {
        let mut asked = Commit::default();
        change(&mut asked);
        site.engine().commit(live.clone(), asked)
    };
    assert!(matches!(commit(|_| {}).await, Ok(Committed::Unchanged)));
    assert!(matches!(
        commit(|asked| asked.renewal = Renewal::Always).await,
        Ok(Committed::Saved(_))
    ));
    let flush = |asked: &mut Commit| asked.retire = Retire::Flush;
    assert!(matches!(commit(flush).await, Ok(Committed::Removed)));
    let gone = site.engine().commit(Opened::Gone { key }, {
        let mut asked = Commit::default();
        asked.renewal = Renewal::Always;
        asked
    });
    assert!(matches!(gone.await, Err(CommitError::Gone(_))));
}

#[tokio::test]
async fn a_change_that_does_not_apply_is_a_conflict() {
    let site = site();
    let key = site.stored(r#"{"t":"text"}"#).await;
    let opened = site.engine().load(CookieValue::from(&key)).await.unwrap();
    let mut asked = Commit::default();
    asked.patch = Patch::from_iter([Operation::Increment("t".into(), 1)]);
    let refused = site.engine().commit(opened, asked).await;
    let name = "t".into();
    assert!(
        matches!(refused, Err(CommitError::Conflict(error)) if error == EditError::NotAnInteger { name }.into())
    );
}

/// The one computation, of core, as what the browser is told.
#[tokio::test]
async fn the_cookie_lives_as_long_as_the_session_says() {
    let site = site();
    let age = site.engine.settings().cookie_age;
    for (expiry, cookie) in [
        (Expiry::Default, CookieExpiry::MaxAge(age)),
        (Expiry::AtBrowserClose, CookieExpiry::AtBrowserClose),
        (Expiry::Sliding(Span::from_secs(300)), CookieExpiry::MaxAge(Span::from_secs(300))),
        (Expiry::In(Span::from_secs(300)), CookieExpiry::MaxAge(Span::from_secs(300))),
        (Expiry::Sliding(Span::from_secs(-60)), CookieExpiry::MaxAge(Span::from_secs(-60))),
    ] {
        let visit = site.visit(None).await;
        visit.insert("a", &1).unwrap();
        visit.set_expiry(expiry).unwrap();
        assert_eq!(visit.end().await.unwrap().unwrap().expiry, cookie, "{expiry:?}");
    }
}

#[tokio::test]
async fn without_a_list_deleting_deletes_nothing_and_the_handle_stores_nothing_more() {
    let site = site();
    let key = site.stored(r#"{"a":1}"#).await;
    let visit = site.visit(Some(&key)).await;
    assert!(!visit.delete().await.unwrap());
    visit.insert("b", &2).unwrap();
    assert!(matches!(visit.save().await, Err(CommitError::Gone(_))));
    assert!(site.data(&key).await.is_some());
    let garbage = SessionKey::parse("garbage12345", 128).unwrap();
    assert!(!site.engine().delete(garbage).await.unwrap());
}

/// Promise 12
#[tokio::test]
async fn nothing_of_a_session_is_in_the_debug_of_its_engine() {
    let site = site();
    site.stored(r#"{"canary":"canary"}"#).await;
    let shown = format!("{:?}", site.engine);
    assert!(shown.contains("unkept_promises") && !shown.contains("golden"), "{shown}");
}

/// What cannot be promised is told once, when the engine is built.
#[tokio::test]
async fn the_log_names_the_promises_that_cannot_be_kept() {
    let journal = Journal::begin();
    let site = site();
    site.stored(r#"{"a":1}"#).await;
    let lines = journal.take("signed cookies cannot keep all promises");
    assert_eq!(lines.len(), 1);
    assert!(lines[0].contains("INFO") && lines[0].contains("[3, 4, 5, 6, 7, 8]"), "{lines:?}");
}
