//! Two kinds of session side by side.

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use http::HeaderValue;
use lodger::axum::{LazySession, Session, SessionError, SessionLayer};
use lodger_core::{Limits, SessionStore, Settings};
use lodger_manager::SessionManager;
use lodger_testing::{FailingStore, Fault, Method};
use lodger_tests::site::{SECRET_KEY, Site, Watched, codec};

use super::visitor::{Answer, send};

on_every_store!(
    two_kinds_have_cookies_and_data_of_their_own,
    one_kind_that_cannot_be_loaded_leaves_the_other_alone,
    one_kind_that_cannot_be_stored_leaves_the_other_stored_with_its_cookie,
    logging_out_of_one_kind_keeps_the_other,
);

/// The name of the second kind.
struct Staff;

/// A site with a second kind of session, whose store can fail by itself.
struct Both<S> {
    app: Router,
    site: Site<S>,
    staff: Arc<SessionManager<FailingStore<Watched<S>>>>,
    faults: FailingStore<Watched<S>>,
}

impl<S: SessionStore> Both<S> {
    fn new(store: S) -> Self {
        let site = Site::new(store);
        let faults = FailingStore::new(site.spy.clone());
        let mut settings = Settings::default();
        settings.cookie_name = "staffid".into();
        let staff = SessionManager::builder(faults.clone(), codec(SECRET_KEY, Limits::default()))
            .with_clock(site.clock.clone())
            .with_settings(settings);
        let staff = Arc::new(staff.build().unwrap());
        let app = Router::new()
            .route("/", get(set_both))
            .route("/site", get(async |session: Session| session.keys().join(",")))
            .route("/read", get(read_both))
            .route("/logout", get(async |staff: Session<Staff>| staff.flush().unwrap()))
            .layer(SessionLayer::<Staff>::named(staff.clone()))
            .layer(SessionLayer::new(site.manager.clone()));
        Self { app, site, staff, faults }
    }

    async fn ask(&self, path: &str, cookies: Option<&HeaderValue>) -> Answer {
        send(&self.app, path, cookies.cloned()).await
    }
}

async fn set_both(site: Session, staff: Session<Staff>) {
    site.insert("visitor", &1).unwrap();
    staff.insert("clerk", &1).unwrap();
}

async fn read_both(site: LazySession, staff: LazySession<Staff>) -> Result<String, SessionError> {
    let staff = staff.load().await?.keys().join(",");
    Ok(format!("{}|{staff}", site.load().await?.keys().join(",")))
}

/// The values of the cookies that were set, by name, as the browser sends them back.
fn sent_back(answer: &Answer) -> HeaderValue {
    let pairs: Vec<&str> =
        answer.set_cookies().iter().map(|cookie| cookie.split(';').next().unwrap()).collect();
    HeaderValue::try_from(pairs.join("; ")).unwrap()
}

fn names(answer: &Answer) -> Vec<&str> {
    let mut names: Vec<&str> =
        answer.set_cookies().iter().map(|cookie| cookie.split('=').next().unwrap()).collect();
    names.sort_unstable();
    names
}

async fn two_kinds_have_cookies_and_data_of_their_own<S: SessionStore>(store: S) {
    let both = Both::new(store);
    let answer = both.ask("/", None).await;
    assert_eq!(names(&answer), ["sessionid", "staffid"]);
    let cookies = sent_back(&answer);
    assert_eq!(both.ask("/read", Some(&cookies)).await.body, "visitor|clerk");
    // The key of one is no key of the other, unless they share a table.
    let swapped = cookies.to_str().unwrap().replace("sessionid", "other");
    let swapped = HeaderValue::try_from(swapped).unwrap();
    assert_eq!(both.ask("/read", Some(&swapped)).await.body, "|clerk");
}

/// Promise 9
async fn one_kind_that_cannot_be_loaded_leaves_the_other_alone<S: SessionStore>(store: S) {
    let both = Both::new(store);
    let cookies = sent_back(&both.ask("/", None).await);
    both.faults.always(Method::Load, Fault::Unavailable);
    let answer = both.ask("/read", Some(&cookies)).await;
    assert_eq!((answer.status, names(&answer)), (503, vec![]));
    let answer = both.ask("/site", Some(&cookies)).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "visitor"));
    both.faults.heal();
    assert_eq!(both.ask("/read", Some(&cookies)).await.body, "visitor|clerk");
}

/// Promise 2
async fn one_kind_that_cannot_be_stored_leaves_the_other_stored_with_its_cookie<S: SessionStore>(
    store: S,
) {
    let both = Both::new(store);
    // The inner one fails before the outer one decides: its refusal is a server error, which drops
    // the other's change too.
    both.faults.always(Method::Create, Fault::Unavailable);
    let answer = both.ask("/", None).await;
    assert_eq!((answer.status, names(&answer)), (503, vec![]));
    assert_eq!(both.site.spy.calls().create, 0);
    both.faults.heal();
    // The outer one fails when the inner one is stored: that cookie has to reach the browser.
    both.site.faults.script(Method::Create, [Fault::None, Fault::Unavailable]);
    let answer = both.ask("/", None).await;
    assert_eq!((answer.status, names(&answer)), (503, vec!["staffid"]));
    let cookies = sent_back(&answer);
    assert_eq!(both.ask("/read", Some(&cookies)).await.body, "|clerk");
}

/// Promise 3
async fn logging_out_of_one_kind_keeps_the_other<S: SessionStore>(store: S) {
    let both = Both::new(store);
    let cookies = sent_back(&both.ask("/", None).await);
    let answer = both.ask("/logout", Some(&cookies)).await;
    assert_eq!(names(&answer), ["staffid"]);
    assert_eq!(both.ask("/read", Some(&cookies)).await.body, "visitor|");
    assert_eq!(both.staff.clear_expired().await.unwrap(), 0);
}
