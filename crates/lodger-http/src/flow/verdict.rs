//! What is done to a response.

use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderValue, Response, StatusCode};

use crate::{cache_control, vary};

/// What is done to the handler's response.
#[derive(Debug)]
#[must_use = "the response needs it"]
pub struct Verdict {
    pub(super) refusal: Option<StatusCode>,
    pub(super) set_cookie: Option<HeaderValue>,
    pub(super) vary: bool,
}

/// The cookies of sessions that are stored, which a refusal further out has to let through: they
/// may carry the only key to a session whose old key is dead.
#[derive(Clone, Default)]
struct Stored(Vec<HeaderValue>);

impl Verdict {
    /// The status of an answer of our own, which takes the place of the handler's; `None`: the
    /// handler's response goes out.
    #[must_use]
    pub const fn refusal(&self) -> Option<StatusCode> {
        self.refusal
    }

    /// The `Set-Cookie` header that is added. A secret; a refusal has none.
    #[must_use]
    pub const fn set_cookie(&self) -> Option<&HeaderValue> {
        self.set_cookie.as_ref()
    }

    /// Whether the response is to vary on `Cookie`.
    #[must_use]
    pub const fn vary(&self) -> bool {
        self.vary
    }

    /// Edits a response's headers, the handler's or our own's: adds `Set-Cookie`, merges `Cookie`
    /// into `Vary`, and keeps shared caches from a response with the cookie.
    pub fn edit(&self, headers: &mut HeaderMap) {
        if let Some(cookie) = &self.set_cookie {
            headers.append(SET_COOKIE, cookie.clone());
            cache_control::forbid_sharing(headers);
        }
        if self.vary {
            vary::add_cookie(headers);
        }
    }

    /// Makes the response that goes out.
    ///
    /// A refusal has an empty body and of the handler's response only the cookies of other sessions
    /// that are already stored.
    pub fn apply<B: Default>(self, mut response: Response<B>) -> Response<B> {
        if let Some(status) = self.refusal {
            response = refused(status, response);
        }
        self.edit(response.headers_mut());
        if let Some(cookie) = self.set_cookie {
            let stored = response.extensions_mut().get_or_insert_default::<Stored>();
            stored.0.push(cookie);
        }
        response
    }
}

fn refused<B: Default>(status: StatusCode, mut replaced: Response<B>) -> Response<B> {
    let mut response = Response::new(B::default());
    *response.status_mut() = status;
    if let Some(stored) = replaced.extensions_mut().remove::<Stored>() {
        for cookie in &stored.0 {
            response.headers_mut().append(SET_COOKIE, cookie.clone());
        }
        cache_control::forbid_sharing(response.headers_mut());
        vary::add_cookie(response.headers_mut());
        response.extensions_mut().insert(stored);
    }
    response
}
