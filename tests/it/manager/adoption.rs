//! A session exists only under a key that was made here.

use lodger_core::{SessionKey, SessionStore, Span};
use lodger_tests::site::Site;

on_every_store!(
    an_unknown_key_is_not_adopted,
    the_key_of_an_expired_session_is_not_adopted,
    the_key_of_a_deleted_session_is_not_adopted,
);

/// Writes in every way under a key that is not live, and proves that none makes it live.
async fn is_not_adopted<S: SessionStore>(site: &Site<S>, key: &SessionKey) {
    for way in 0..4 {
        let visit = site.visit(Some(key)).await;
        assert!(visit.fields().is_empty());
        assert_eq!(visit.session_key(), None, "after the first access there is no key");
        visit.insert("planted", &way).unwrap();
        match way {
            0 => {}
            1 => visit.save().await.unwrap(),
            2 => visit.cycle_key().unwrap(),
            _ => {
                visit.flush().unwrap();
                visit.insert("planted", &way).unwrap();
            }
        }
        let fresh = visit.end_with_key().await.expect("something was stored");
        assert_ne!(fresh, *key);
        assert_eq!(site.data(key).await, None);
        assert_eq!(site.data(&fresh).await.unwrap(), format!(r#"{{"planted":{way}}}"#));
    }
}

/// Promise 1
async fn an_unknown_key_is_not_adopted<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let planted = SessionKey::parse("attackerchosenkey0123456789abcde", 128).unwrap();
    is_not_adopted(&site, &planted).await;
}

/// Promise 1
async fn the_key_of_an_expired_session_is_not_adopted<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    site.clock.advance(Span::from_secs(1_209_600));
    is_not_adopted(&site, &key).await;
}

/// Promise 1
async fn the_key_of_a_deleted_session_is_not_adopted<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    assert!(site.manager.revoke(&key).await.unwrap());
    is_not_adopted(&site, &key).await;
}
