//! Who stores nothing leaves no trace.

use lodger_core::{SessionKey, SessionStore};
use lodger_tests::site::{Site, Visit};

on_every_store!(a_visitor_without_session_writes_nothing, an_unknown_key_writes_nothing);

/// What a handler may do without storing a value.
const DEEDS: [&str; 14] = [
    "nothing",
    "read",
    "clear",
    "cycle",
    "save",
    "mark",
    "update",
    "flush",
    "flush now",
    "remove",
    "pop",
    "insert and remove",
    "delete",
    "expiry",
];

async fn perform(visit: &Visit, deed: &str) {
    match deed {
        "nothing" => {}
        "read" => assert!(visit.get_json("a").is_none() && visit.keys().is_empty()),
        "clear" => visit.clear().unwrap(),
        "cycle" => visit.cycle_key().unwrap(),
        "save" => visit.save().await.unwrap(),
        "mark" => visit.mark_modified().unwrap(),
        "update" => visit.update([] as [(&str, i64); 0]).unwrap(),
        "flush" => visit.flush().unwrap(),
        "flush now" => visit.flush_now().await.unwrap(),
        "remove" => assert!(!visit.remove("a").unwrap()),
        "pop" => assert_eq!(visit.pop::<i64>("a").unwrap(), None),
        "insert and remove" => {
            visit.insert("a", &1).unwrap();
            visit.remove("a").unwrap();
        }
        "delete" => assert!(!visit.delete().await.unwrap()),
        "expiry" => visit.set_expiry(lodger_core::Expiry::Default).unwrap(),
        _ => unreachable!("{deed} is in the list"),
    }
}

/// Does each deed on a session of its own, with and without renewal, and proves that nothing is
/// stored and no cookie set.
async fn leaves_no_trace<S: SessionStore>(site: &Site<S>, key: Option<&SessionKey>) {
    for renew in [false, true] {
        for deed in DEEDS {
            site.spy.reset();
            let visit = site.visit(key).await;
            perform(&visit, deed).await;
            let cookie = visit.request.commit(renew).await.unwrap();
            assert_eq!(cookie, None, "{deed} set a cookie");
            let calls = site.spy.calls();
            // An unknown key may be deleted, to be sure; that writes nothing.
            assert_eq!(calls.writes(), calls.delete, "{deed} wrote");
            if let Some(key) = key {
                assert_eq!(site.data(key).await, None, "{deed} made the key live");
            }
        }
    }
}

/// Promise 11
async fn a_visitor_without_session_writes_nothing<S: SessionStore>(store: S) {
    let site = Site::new(store);
    leaves_no_trace(&site, None).await;
    // Without a key there is nothing to look for either.
    site.spy.reset();
    let visit = site.visit(None).await;
    visit.flush().unwrap();
    visit.end().await.unwrap();
    site.spy.assert_untouched();
}

/// Promise 11
async fn an_unknown_key_writes_nothing<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let unknown = SessionKey::parse("unknownkey0123456789abcdefghijkl", 128).unwrap();
    leaves_no_trace(&site, Some(&unknown)).await;
}
