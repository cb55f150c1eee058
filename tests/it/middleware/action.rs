//! What the recorded views did.

use std::sync::Arc;

use lodger::axum::LazySession;
use lodger_core::{Expiry, SessionEngine, SessionKey, Span, Timestamp};

/// What a view leaves behind before the response phase.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) flags: String,
    pub(super) refused: bool,
}

/// Does what the recorded view did; `None`: there is no such thing here.
pub(super) async fn perform(
    action: &str,
    lazy: &LazySession,
    engine: &Arc<dyn SessionEngine>,
    key: Option<&SessionKey>,
) -> Option<Seen> {
    let mut refused = false;
    if action == "none" {
        return Some(Seen { flags: flags(false, false, lazy.is_empty()), refused });
    }
    let session = lazy.load().await.unwrap();
    match action {
        "read" => drop(session.get_json("a")),
        "contains" => drop(session.contains("a")),
        "keys" => drop(session.keys()),
        "set" => session.insert("x", &1).unwrap(),
        "set_same" => session.insert("a", &1).unwrap(),
        "del_last" => refused = !session.remove("a").unwrap(),
        "pop_last" => drop(session.pop::<JsonValue>("a").unwrap()),
        "pop_missing" => drop(session.pop::<JsonValue>("zzz").unwrap()),
        "setdefault_existing" => drop(session.set_default("a", 5).unwrap()),
        "update_empty" => session.update([] as [(&str, i64); 0]).unwrap(),
        "clear" => session.clear().unwrap(),
        "flush" => session.flush().unwrap(),
        "flush_set" => {
            session.flush().unwrap();
            session.insert("after", &1).unwrap();
        }
        "cycle_key" => session.cycle_key().unwrap(),
        "create" => return None,
        "modified_flag" => session.mark_modified().unwrap(),
        "test_cookie" => session.set_test_cookie().unwrap(),
        "save" => refused = session.save().await.is_err(),
        "delete" => drop(session.delete().await.unwrap()),
        "is_empty" => drop(session.is_empty()),
        "session_key" => drop(session.session_key()),
        "get_expiry_age" => drop(session.expiry_age()),
        "touch_expire_close" => drop(session.expire_at_browser_close()),
        "concurrent_delete" => {
            session.insert("x", &1).unwrap();
            if let Some(key) = key {
                Arc::clone(engine).delete(key.clone()).await.unwrap();
            }
        }
        "expiry_none" => session.set_expiry(Expiry::Default).unwrap(),
        expiry => {
            // In this order, which a cookie shows.
            if expiry != "expiry_only_300" {
                session.insert("x", &1).unwrap();
            }
            session.set_expiry(asked(expiry)).unwrap();
        }
    }
    let flags = flags(session.accessed(), session.modified(), session.is_empty());
    Some(Seen { flags, refused })
}

type JsonValue = serde_json::Value;

fn asked(expiry: &str) -> Expiry {
    match expiry {
        "expiry_0" => Expiry::AtBrowserClose,
        "expiry_300" | "expiry_only_300" => Expiry::Sliding(Span::from_secs(300)),
        "expiry_neg" => Expiry::Sliding(Span::from_secs(-60)),
        "expiry_float" => Expiry::Sliding(Span::from_micros(90_700_000)),
        "expiry_timedelta" => Expiry::In(Span::from_secs(3600)),
        // 2023-11-15T22:13:20+00:00
        "expiry_iso" => Expiry::At(Timestamp::from_secs(1_700_086_400)),
        other => panic!("there is no action {other}"),
    }
}

fn flags(accessed: bool, modified: bool, empty: bool) -> String {
    [accessed, modified, empty].map(|flag| if flag { '1' } else { '0' }).iter().collect()
}
