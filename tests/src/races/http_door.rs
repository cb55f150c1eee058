//! Through a request to an axum router with the session layer, with cookies as headers.

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::routing::post;
use axum::{Extension, Router};
use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, Request, StatusCode};
use lodger::axum::{Session, SessionError, SessionLayer};
use lodger_core::{SessionEngine, SessionKey};
use lodger_testing::history::{ErrorKind, monotonic_micros};
use tower::ServiceExt;

use super::ask::{Answer, Ask, Deed, Look};

/// What the handler of a request leaves behind.
type Left = Arc<Mutex<Handled>>;

#[derive(Default)]
struct Handled {
    look: Option<Look>,
    /// When it began to do what was asked for.
    began_at: Option<u64>,
}

/// A site with one page, over an engine.
pub(super) fn site(engine: Arc<dyn SessionEngine>) -> Router {
    Router::new().route("/", post(page)).layer(SessionLayer::new(engine))
}

async fn page(
    Extension(ask): Extension<Arc<Ask>>,
    Extension(invoked_at): Extension<u64>,
    Extension(left): Extension<Left>,
    session: Session,
) -> Result<StatusCode, SessionError> {
    let look = ask.look(&session, invoked_at);
    let goes_on = ask.goes_on(&look);
    if goes_on {
        ask.pause().await;
    }
    {
        let mut left = left.lock().unwrap_or_else(PoisonError::into_inner);
        left.look = Some(look);
        left.began_at = goes_on.then(monotonic_micros);
    }
    if goes_on {
        ask.perform(&session).await?;
    }
    Ok(StatusCode::OK)
}

/// Asks a site.
pub(super) async fn ask(site: &Router, ask: Ask) -> Answer {
    let ask = Arc::new(ask);
    let (left, invoked_at) = (Left::default(), monotonic_micros());
    let response = site.clone().oneshot(request(&ask, &left, invoked_at)).await;
    let completed_at = monotonic_micros();
    let (head, _) = match response {
        Ok(response) => response.into_parts(),
        Err(never) => match never {},
    };
    let set_cookie = Some(head.headers.contains_key(SET_COOKIE));
    let handled = std::mem::take(&mut *left.lock().unwrap_or_else(PoisonError::into_inner));
    let Some(look) = handled.look else {
        // The extractor answered: it could not load.
        let seen = Err(ErrorKind::Unavailable);
        let look = Look { invoked_at, completed_at, seen, version: None };
        return Answer { look: Some(look), deed: None, set_cookie };
    };
    let deed = handled.began_at.map(|invoked_at| Deed {
        invoked_at,
        completed_at,
        result: result(head.status),
        new_key: given_key(&head.headers).filter(|key| ask.key.as_ref() != Some(key)),
    });
    Answer { look: Some(look), deed, set_cookie }
}

fn request(ask: &Arc<Ask>, left: &Left, invoked_at: u64) -> Request<Body> {
    let mut request = Request::post("/");
    if let Some(key) = &ask.key {
        request = request.header(COOKIE, format!("sessionid={}", key.expose()));
    }
    let request = request
        .extension(Arc::clone(ask))
        .extension(Arc::clone(left))
        .extension(invoked_at)
        .body(Body::empty());
    request.expect("a key of ours can stand in a header")
}

/// What a status means; that of a store which is down is also that of one where too much goes on.
fn result(status: StatusCode) -> Result<(), ErrorKind> {
    match status {
        status if status.is_success() => Ok(()),
        StatusCode::BAD_REQUEST => Err(ErrorKind::Gone),
        StatusCode::CONFLICT => Err(ErrorKind::Conflict),
        StatusCode::SERVICE_UNAVAILABLE => Err(ErrorKind::Unavailable),
        _ => Err(ErrorKind::Unknown),
    }
}

/// The key that a response gives; none if it takes the cookie away.
fn given_key(headers: &HeaderMap) -> Option<SessionKey> {
    let cookie = headers.get(SET_COOKIE)?.to_str().ok()?;
    let value = cookie.strip_prefix("sessionid=")?.split(';').next()?;
    SessionKey::parse(value, 128).ok()
}
