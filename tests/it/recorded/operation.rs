//! The operations of the recorded flags, as a handle does them.

use lodger_core::{Clock, DateStorage, Expiry, SessionKey, Span, StoredExpiry, Timestamp};
use lodger_tests::any_site::AnySite;
use lodger_tests::site::Visit;
use serde_json::{Value, json};

use super::engine::RecordedEngine;

/// The key under which nothing is stored.
pub(crate) const UNKNOWN: &str = "unknownkey0123456789abcdefghijkl";

/// The keys that the recording made, one after the other.
pub(crate) fn made(number: usize) -> String {
    format!("key{number:05}abcdefghijklmnopqrstuvwx")
}

/// What is to be compared, in the words of the record.
pub(crate) type Outcome = Value;

/// Does a recorded operation at a start and gives what came of it; `None` if there is no such
/// operation here.
pub(crate) async fn run<E: RecordedEngine>(
    engine: &E,
    site: &E::Site,
    start: &str,
    operation: &str,
    is_async: bool,
) -> Option<Outcome> {
    let key = match start {
        "fresh" => None,
        "existing" => Some(site.stored(r#"{"a":1}"#).await),
        _ => Some(SessionKey::parse(UNKNOWN, 128).expect("the shape of a key")),
    };
    let visit = site.visit(key.as_ref()).await;
    let done = perform(site, &visit, key.as_ref(), operation, is_async).await?;
    let mut outcome = json!({
        "acc": visit.accessed(),
        "mod": visit.modified(),
        "empty": visit.is_empty(),
        "key": match visit.session_key() {
            None => "none",
            held if held == key => "same",
            Some(_) => "new",
        },
    });
    match done {
        Done::Nothing => {}
        Done::Gave(value) => outcome["ret"] = value,
        Done::WasAbsent => outcome["exc"] = "KeyError".into(),
    }
    if operation == "flush" {
        // It acts with the commit here.
        visit.end().await.unwrap();
    }
    if engine.tells_rows() {
        outcome["rows"] = rows(site).await;
    }
    Some(outcome)
}

/// What an operation gave.
enum Done {
    Nothing,
    Gave(Value),
    /// The field was not there, which is an exception there.
    WasAbsent,
}

impl Done {
    fn removed(was_there: bool) -> Self {
        if was_there { Self::Nothing } else { Self::WasAbsent }
    }
}

async fn perform(
    site: &impl AnySite,
    visit: &Visit,
    key: Option<&SessionKey>,
    operation: &str,
    is_async: bool,
) -> Option<Done> {
    let gave = |value: Value| Done::Gave(value);
    let keys = || visit.keys();
    Some(match operation {
        "get" => match visit.get::<Value>("a").unwrap() {
            None => Done::Nothing,
            Some(value) => gave(value),
        },
        "getitem_missing" => {
            visit.get::<Value>("missing").unwrap().map_or(Done::WasAbsent, Done::Gave)
        }
        "contains" | "has_key" => gave(visit.contains("a").into()),
        "set" => {
            visit.insert("b", &2).unwrap();
            Done::Nothing
        }
        "del" => Done::removed(visit.remove("a").unwrap()),
        "del_missing" => Done::removed(visit.remove("missing").unwrap()),
        "pop" => visit.pop::<Value>("a").unwrap().map_or(Done::WasAbsent, Done::Gave),
        "pop_missing" => visit.pop::<Value>("missing").unwrap().map_or(Done::WasAbsent, Done::Gave),
        "pop_default_missing" => {
            gave(visit.pop::<Value>("missing").unwrap().unwrap_or_else(|| 9.into()))
        }
        "setdefault_existing" => gave(visit.set_default("a", json!(5)).unwrap()),
        "setdefault_new" => gave(visit.set_default("z", json!(5)).unwrap()),
        "update" => {
            visit.update([("u", 1)]).unwrap();
            Done::Nothing
        }
        "update_empty" => {
            visit.update([] as [(&str, i64); 0]).unwrap();
            Done::Nothing
        }
        "keys" => gave(keys().into()),
        "values" if is_async => {
            gave(visit.fields().iter().map(|(_, value)| value.as_str()).collect())
        }
        "items" if is_async => {
            let pair = |(name, value): (&str, &lodger_core::JsonText)| {
                format!("('{name}', {})", value.as_str())
            };
            gave(visit.fields().iter().map(pair).collect())
        }
        "values" | "items" => gave(visit.fields().len().into()),
        "clear" => {
            visit.clear().unwrap();
            Done::Nothing
        }
        "flush" => {
            visit.flush().unwrap();
            Done::Nothing
        }
        "cycle_key" => {
            visit.cycle_key().unwrap();
            Done::Nothing
        }
        "save" => {
            visit.save().await.unwrap();
            Done::Nothing
        }
        "delete" => {
            visit.delete().await.unwrap();
            Done::Nothing
        }
        "delete_other" => {
            let other = SessionKey::parse("otherkey", 128).unwrap();
            site.engine().delete(other).await.unwrap();
            Done::Nothing
        }
        "set_test_cookie" => {
            visit.set_test_cookie().unwrap();
            Done::Nothing
        }
        "test_cookie_worked" => gave(visit.test_cookie_worked().into()),
        "delete_test_cookie_missing" => Done::removed(visit.delete_test_cookie().unwrap()),
        "adelete_test_cookie_after_modified_reset" => {
            visit.set_test_cookie().unwrap();
            visit.delete_test_cookie().unwrap();
            Done::Nothing
        }
        "test_cookie_cycle" => {
            visit.set_test_cookie().unwrap();
            let worked = visit.test_cookie_worked();
            visit.delete_test_cookie().unwrap();
            gave(format!("(None, {}, None)", if worked { "True" } else { "False" }).into())
        }
        "set_expiry_300" => {
            visit.set_expiry(Expiry::Sliding(Span::from_secs(300))).unwrap();
            Done::Nothing
        }
        "set_expiry_0" => {
            visit.set_expiry(Expiry::AtBrowserClose).unwrap();
            Done::Nothing
        }
        "set_expiry_none" => {
            visit.set_expiry(Expiry::Default).unwrap();
            Done::Nothing
        }
        "get_expiry_age" => gave(visit.expiry_age().whole_seconds().into()),
        "get_expiry_age_kw" => {
            // An expiry that is given has no need of the session.
            let seven = StoredExpiry::Sliding(Span::from_secs(7));
            let age = seven.age(site.clock().now(), site.engine().settings().cookie_age);
            gave(age.whole_seconds().into())
        }
        "get_expiry_date" => gave(date(visit.expiry_date(), is_async)),
        "browser_close" => gave(visit.expire_at_browser_close().into()),
        "is_empty" => gave(visit.is_empty().into()),
        "bool" => gave((!visit.is_empty()).into()),
        "session_key" => {
            let _ = visit.session_key();
            Done::Nothing
        }
        "exists_self" => match key {
            None => Done::Nothing,
            Some(key) => gave(site.data(key).await.is_some().into()),
        },
        "load" => {
            let session = visit.request.load().await.unwrap();
            // Loading is no access; what was loaded is looked at through another visit.
            let _ = session;
            let other = site.visit(key).await;
            gave(serde_json::from_str(&other.fields().to_json()).unwrap())
        }
        _ => return None,
    })
}

/// A date as Python prints it: `isoformat()`, or with a blank as `str()`.
fn date(at: Timestamp, is_async: bool) -> Value {
    let text = Expiry::At(at).to_json(at, &DateStorage::Utc).expect("a date has a text");
    let text: String = text.decode().expect("it is a text");
    if is_async { text.replacen('T', " ", 1) } else { text }.into()
}

/// All that is stored, in the order of the keys.
async fn rows(site: &impl AnySite) -> Value {
    let mut rows = Vec::new();
    for text in [made(1), made(2), made(3), UNKNOWN.to_owned()] {
        let key = SessionKey::parse(&text, 128).expect("the shape of a key");
        if let Some(data) = site.data(&key).await {
            rows.push(json!([text, data]));
        }
    }
    rows.into()
}
