//! How long a cookie is read.

use lodger_core::{
    Clock, CommitError, CookieValue, Expiry, Opened, SessionKey, Settings, Span, Timestamp,
};
use lodger_tests::any_site::AnySite;
use lodger_tests::cookie_site::CookieSite;

const SIGNED: Timestamp = Timestamp::from_secs(1_700_000_000);

async fn is_live(site: &CookieSite, key: &SessionKey) -> bool {
    let opened = site.engine().load(CookieValue::from(key)).await.unwrap();
    matches!(opened, Opened::Live { .. })
}

/// Promise 8
#[tokio::test]
async fn a_cookie_that_is_exactly_as_old_as_allowed_is_read_at_a_whole_second_only() {
    let site = CookieSite::with_settings(Settings::django());
    let age = site.engine().settings().cookie_age;
    for fraction in [0, 1, 999_999] {
        site.clock.set(SIGNED + Span::from_micros(fraction));
        // The fraction of the second in which it is signed is lost.
        let key = site.stored(r#"{"a":1}"#).await;
        for (now, live) in [
            (SIGNED + age, true),
            (SIGNED + age + Span::from_micros(1), false),
            (SIGNED + age - Span::from_micros(1), true),
            // From the future.
            (SIGNED - Span::from_secs(86_400), true),
            (Timestamp::MIN, true),
            (Timestamp::MAX, false),
        ] {
            site.clock.set(now);
            assert_eq!(is_live(&site, &key).await, live, "{now:?}");
        }
    }
}

/// Promise 4
#[tokio::test]
async fn a_session_that_expires_during_its_request_is_gone() {
    let site = CookieSite::with_settings(Settings::django());
    let key = site.stored(r#"{"a":1}"#).await;
    let visit = site.visit(Some(&key)).await;
    visit.insert("b", &2).unwrap();
    site.clock.advance(site.engine().settings().cookie_age);
    assert!(matches!(visit.end().await, Err(CommitError::Gone(_))));
}

/// Ticket 19201 of Django.
#[tokio::test]
async fn a_sessions_own_expiry_is_looked_at_only_where_that_is_chosen() {
    let plain = CookieSite::with_settings(Settings::django());
    let strict = CookieSite::built(|builder| builder.with_own_expiry());
    for (site, looks) in [(plain, false), (strict, true)] {
        let signed = site.clock.now();
        let age = site.engine().settings().cookie_age;
        for (expiry, ends_after) in [
            (Expiry::Sliding(Span::from_secs(300)), Span::from_secs(300)),
            (Expiry::In(Span::from_secs(300)), Span::from_secs(300)),
            (Expiry::Sliding(Span::from_secs(-10)), Span::from_secs(-10)),
            (Expiry::AtBrowserClose, age),
            // It cannot make it longer.
            (Expiry::Sliding(Span::from_secs(86_400 * 365)), age),
        ] {
            site.clock.set(signed);
            let visit = site.visit(None).await;
            visit.insert("a", &1).unwrap();
            visit.set_expiry(expiry).unwrap();
            let key = visit.end_with_key().await.unwrap();
            for (now, live) in [
                (signed + ends_after - Span::from_secs(2), true),
                (signed + ends_after + Span::from_secs(1), !looks && ends_after != age),
            ] {
                site.clock.set(now);
                let now = now - signed;
                assert_eq!(is_live(&site, &key).await, live, "{expiry:?} after {now:?}: {looks}");
            }
        }
    }
}
