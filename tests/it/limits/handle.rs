//! What a handler sees of the limits.

use lodger_backends::memory::MemoryStore;
use lodger_core::{Clock, EditError, Expiry, JsonText, SecurityLevel, Settings, Span};
use lodger_tests::site::{Site, Visit};

use super::site::{ABSOLUTE, IDLE, limits};

async fn begun(settings: Settings) -> (Site<MemoryStore>, Visit) {
    let site = Site::with_settings(MemoryStore::default(), settings);
    let key = site.stored(r#"{"a":1}"#).await;
    let visit = site.visit(Some(&key)).await;
    (site, visit)
}

/// Promise 8
#[tokio::test]
async fn the_reserved_field_is_neither_seen_nor_changed_by_any_verb() {
    let (site, visit) = begun(limits(None, ABSOLUTE)).await;
    let field = "_lodger";
    assert_eq!(visit.keys(), ["a"]);
    assert_eq!(visit.fields().to_json(), r#"{"a":1}"#);
    assert!(!visit.contains(field) && visit.get_json(field).is_none());
    assert_eq!(visit.get::<bool>(field), Ok(None));
    assert!(!format!("{:?}", *visit).contains(field));
    let json = || JsonText::parse("1", 10).unwrap();
    let refusals: [(&str, Result<(), EditError>); 9] = [
        ("insert", visit.insert(field, &1)),
        ("insert_json", visit.insert_json(field, json())),
        ("remove", visit.remove(field).map(drop)),
        ("pop", visit.pop::<i64>(field).map(drop)),
        ("set_default", visit.set_default(field, 1).map(drop)),
        ("update", visit.update([("b", 1), (field, 1)])),
        ("increment", visit.increment(field, 1).map(drop)),
        ("append", visit.append(field, &1)),
        ("modify", visit.modify(field, |_: Option<i64>| 1).map(drop)),
    ];
    for (verb, refusal) in refusals {
        assert_eq!(refusal, Err(EditError::Reserved { name: field.into() }), "{verb}");
    }
    assert!(!visit.modified());
    assert_eq!(visit.fields().to_json(), r#"{"a":1}"#);
    let key = visit.session_key().unwrap();
    assert!(site.data(&key).await.unwrap().contains(r#""_lodger":{"began":1700000000"#));
}

/// Promise 8
#[tokio::test]
async fn a_handler_is_told_the_real_end() {
    let (site, visit) = begun(limits(IDLE, ABSOLUTE)).await;
    let begun = site.clock.now();
    let end = |after| begun + Span::from_secs(after);
    assert_eq!((visit.expiry_age(), visit.expiry_date()), (Span::from_secs(IDLE), end(IDLE)));
    visit.set_expiry(Expiry::Sliding(Span::from_secs(60))).unwrap();
    assert_eq!((visit.expiry_age(), visit.expiry_date()), (Span::from_secs(60), end(60)));
    visit.set_expiry(Expiry::Sliding(Span::from_secs(86_400))).unwrap();
    assert_eq!(visit.expiry_date(), end(IDLE));
    site.clock.advance(Span::from_secs(ABSOLUTE - 100));
    // It began at a whole second.
    let whole = begun.as_secs() + ABSOLUTE;
    assert_eq!(visit.expiry_date(), lodger_core::Timestamp::from_secs(whole));
    assert_eq!(visit.expiry_age(), visit.expiry_date() - site.clock.now());
    visit.flush().unwrap();
    assert_eq!(visit.expiry_age(), Span::from_secs(IDLE), "a new session begins");
}

/// Promise 8
#[tokio::test]
async fn a_clock_that_was_ahead_makes_no_session_live_longer() {
    let (site, visit) = begun(limits(None, ABSOLUTE)).await;
    let key = visit.session_key().unwrap();
    site.clock.advance(Span::from_secs(-86_400));
    let visit = site.visit(Some(&key)).await;
    assert_eq!(visit.expiry_age(), Span::from_secs(ABSOLUTE));
    visit.insert("b", &2).unwrap();
    visit.end().await.unwrap();
    site.clock.advance(Span::from_secs(ABSOLUTE));
    assert_eq!(site.data(&key).await, None);
}

/// Promise 8
#[tokio::test]
async fn a_hardened_session_ends_by_its_level() {
    for (level, idle, absolute) in [
        (SecurityLevel::Aal1, None, 30 * 24 * 60),
        (SecurityLevel::Aal2, Some(60), 24 * 60),
        (SecurityLevel::Aal3, Some(15), 12 * 60),
        (SecurityLevel::LowRisk, Some(30), 8 * 60),
        (SecurityLevel::HighValue, Some(5), 4 * 60),
    ] {
        let (site, visit) = begun(Settings::hardened(level)).await;
        let key = visit.session_key().unwrap();
        let step = idle.unwrap_or(24 * 60) - 1;
        let mut minutes = 0;
        while site.data(&key).await.is_some() {
            let visit = site.visit(Some(&key)).await;
            assert!(visit.contains("a"));
            if visit.request.facts().due {
                assert!(visit.request.touch().await.unwrap().is_some());
            }
            site.clock.advance(Span::from_secs(60 * step));
            minutes += step;
        }
        assert!((absolute..absolute + step).contains(&minutes), "{level:?} after {minutes}");
        if let Some(idle) = idle {
            let key = site.stored(r#"{"a":1}"#).await;
            site.clock.advance(Span::from_secs(60 * idle - 1));
            assert!(site.data(&key).await.is_some(), "{level:?}");
            site.clock.advance(Span::from_secs(1));
            assert_eq!(site.data(&key).await, None, "{level:?}");
        }
    }
}
