//! What becomes of a commit, as the client hears of it. (A handle whose response is out answers
//! `Closed` to whoever kept it, which no client hears.)

use std::time::Duration;

use axum::Router;
use axum::routing::get;
use lodger_backends::memory::MemoryStore;
use lodger_core::store::BoxFuture;
use lodger_core::{OnInterrupted, Session, SessionKey, Settings};
use lodger_testing::{Fault, Method, SequenceRng};
use lodger_tests::site::{SECRET_KEY, Site, codec};

use super::rows::Rows;
use super::visitor::{app, ask};

/// A request that changes the visitor's session, and what comes of it.
struct Case {
    name: &'static str,
    settings: fn(&mut Settings),
    fault: Option<(Method, Fault)>,
    /// The visitor is new, or known by a session.
    new: bool,
    deed: fn(&Session),
    /// What another request of the visitor does meanwhile.
    elsewhere: Option<fn(&Session)>,
    status: u16,
    /// How many keys can be drawn, the visitor's own included.
    keys: usize,
    /// What is stored afterwards under the visitor's own key.
    left: Option<&'static str>,
    /// How many sessions there are afterwards.
    rows: u64,
}

/// Nothing goes wrong with it.
const CASE: Case = Case {
    name: "nothing goes wrong",
    settings: |_| {},
    fault: None,
    new: false,
    deed: set,
    elsewhere: None,
    status: 200,
    keys: 9,
    left: Some(r#"{"a":1}"#),
    rows: 1,
};

const CASES: [Case; 25] = [
    Case {
        name: "ended elsewhere",
        elsewhere: Some(logout),
        status: 400,
        left: None,
        rows: 0,
        ..CASE
    },
    Case { name: "key changed elsewhere", elsewhere: Some(cycle), status: 400, left: None, ..CASE },
    Case {
        name: "a change of key after a logout",
        deed: cycle,
        elsewhere: Some(logout),
        status: 400,
        left: None,
        rows: 0,
        ..CASE
    },
    Case {
        name: "ended elsewhere, and the handler's answer kept",
        settings: |settings| settings.on_interrupted = OnInterrupted::KeepResponse,
        elsewhere: Some(logout),
        left: None,
        rows: 0,
        ..CASE
    },
    Case {
        name: "a number that became a text",
        deed: |session| session.increment("a", 1).map(|_| ()).unwrap(),
        elsewhere: Some(|session| session.insert("a", "text").unwrap()),
        status: 409,
        left: Some(r#"{"a":"text"}"#),
        ..CASE
    },
    Case {
        name: "no time left",
        settings: |settings| settings.limits.commit = Duration::from_nanos(1),
        status: 503,
        ..CASE
    },
    Case {
        name: "no time left for a change of key",
        settings: |settings| settings.limits.commit = Duration::from_nanos(1),
        deed: cycle,
        status: 503,
        ..CASE
    },
    Case { name: "down at the load", fault: down(Method::Load), status: 503, ..CASE },
    Case { name: "down at the swap", fault: down(Method::Swap), status: 503, ..CASE },
    Case {
        name: "down at the creation",
        fault: down(Method::Create),
        new: true,
        status: 503,
        ..CASE
    },
    Case {
        name: "down at the cycle",
        fault: down(Method::Cycle),
        deed: cycle,
        status: 503,
        ..CASE
    },
    Case {
        name: "down at the logout",
        fault: down(Method::Delete),
        deed: logout,
        status: 503,
        ..CASE
    },
    Case {
        name: "down at the renewal",
        settings: |settings| settings.save_every_request = true,
        fault: down(Method::Touch),
        deed: |_| {},
        status: 503,
        ..CASE
    },
    Case { name: "a swap that is lost", fault: lost(Method::Swap), status: 500, ..CASE },
    Case {
        name: "a creation that is lost",
        fault: lost(Method::Create),
        new: true,
        status: 500,
        ..CASE
    },
    Case {
        name: "a cycle that is lost",
        fault: lost(Method::Cycle),
        deed: cycle,
        status: 500,
        ..CASE
    },
    Case {
        name: "a logout that is lost",
        fault: lost(Method::Delete),
        deed: logout,
        status: 500,
        ..CASE
    },
    Case {
        name: "a swap whose reply is lost",
        fault: Some((Method::Swap, Fault::ReplyLost)),
        status: 500,
        left: Some(r#"{"a":1,"x":1}"#),
        ..CASE
    },
    Case {
        name: "a logout whose reply is lost",
        fault: Some((Method::Delete, Fault::ReplyLost)),
        deed: logout,
        status: 500,
        left: None,
        rows: 0,
        ..CASE
    },
    Case {
        name: "a load without an answer",
        settings: |settings| settings.limits.store_call = Duration::from_millis(50),
        fault: Some((Method::Load, Fault::Hangs)),
        status: 503,
        ..CASE
    },
    Case {
        name: "a swap without an answer",
        settings: |settings| settings.limits.store_call = Duration::from_millis(50),
        fault: Some((Method::Swap, Fault::Hangs)),
        status: 500,
        ..CASE
    },
    Case { name: "too large", settings: small, deed: set_large, status: 500, ..CASE },
    Case {
        name: "too large, and new",
        settings: small,
        new: true,
        deed: set_large,
        status: 500,
        ..CASE
    },
    Case { name: "a new key without randomness", new: true, keys: 1, status: 500, ..CASE },
    Case { name: "another key without randomness", deed: cycle, keys: 1, status: 500, ..CASE },
];

fn set(session: &Session) {
    session.insert("x", &1).unwrap();
}

fn set_large(session: &Session) {
    session.insert("x", &(0..1000).collect::<Vec<i32>>()).unwrap();
}

fn cycle(session: &Session) {
    session.cycle_key().unwrap();
}

fn logout(session: &Session) {
    session.flush().unwrap();
}

fn small(settings: &mut Settings) {
    settings.limits.session_data = 500;
}

const fn down(method: Method) -> Option<(Method, Fault)> {
    Some((method, Fault::Unavailable))
}

const fn lost(method: Method) -> Option<(Method, Fault)> {
    Some((method, Fault::RequestLost))
}

/// Promise 9
/// Promise 13
#[tokio::test]
async fn every_outcome_has_its_status_and_no_failure_has_a_cookie_or_leaves_anything() {
    for case in &CASES {
        let name = case.name;
        let site = case.site();
        let key = site.stored(r#"{"a":1}"#).await;
        if let Some((method, fault)) = case.fault {
            site.faults.always(method, fault);
        }
        let page = get(case.page(&site, &key));
        let app = app(&site, Router::new().route("/", page));
        let answer = ask(&app, "/", Some(&key).filter(|_| !case.new)).await;
        site.faults.heal();
        let body = if case.status == 200 { "the handler's answer" } else { "" };
        assert_eq!((answer.status, answer.body.as_str()), (case.status, body), "{name}");
        assert_eq!(answer.set_cookie(), None, "{name}");
        assert!(answer.varies(), "{name}");
        assert_eq!(site.data(&key).await.as_deref(), case.left, "{name}");
        assert_eq!(site.faults.store().drain().await, case.rows, "{name}");
    }
}

impl Case {
    fn site(&self) -> Site<MemoryStore> {
        let mut settings = Settings::default();
        (self.settings)(&mut settings);
        let keys = SequenceRng::new((0..self.keys).map(|number| format!("key{number:029}")));
        let codec = codec(SECRET_KEY, settings.limits.clone());
        Site::with_codec(MemoryStore::default(), codec, |builder| {
            builder.with_settings(settings).with_rng(keys)
        })
    }

    /// The page that does the deed.
    fn page(
        &self,
        site: &Site<MemoryStore>,
        key: &SessionKey,
    ) -> impl Fn(lodger::axum::Session) -> BoxFuture<'static, &'static str> + Clone + use<> {
        let (site, key, deed, elsewhere) = (site.clone(), key.clone(), self.deed, self.elsewhere);
        move |session| {
            let (site, key) = (site.clone(), key.clone());
            Box::pin(async move {
                deed(&session);
                if let Some(elsewhere) = elsewhere {
                    let visit = site.visit(Some(&key)).await;
                    elsewhere(&visit);
                    visit.end().await.unwrap();
                }
                "the handler's answer"
            })
        }
    }
}
