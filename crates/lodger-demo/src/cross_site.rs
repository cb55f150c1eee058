//! Forms that another site sends.

use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::refusal::Refusal;

/// Refuses what a browser says another site has it send (CSRF).
///
/// The session cookie is `SameSite=Lax`: a form on another site reaches us without it, so it can
/// change nothing in a visitor's session, and the forms here need no hidden token. It could still
/// have us begin a *new* session, whose cookie would replace the visitor's own: log them in under
/// another name, say. So such a form is refused altogether. Programs that are no browser send none
/// of these headers, and have no visitor whose cookie they could abuse.
pub(crate) async fn refuse(request: Request, next: Next) -> Response {
    if request.method().is_safe() || !from_elsewhere(request.headers()) {
        return next.run(request).await;
    }
    Refusal::new(StatusCode::FORBIDDEN, "This form was sent from another site.").into_response()
}

fn from_elsewhere(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    // Older browsers. The scheme is left out: a proxy in front may speak another one.
    let Some(origin) = text(header::ORIGIN.as_str()) else { return false };
    let from = origin.split_once("://").map(|(_, from)| from).filter(|from| !from.is_empty());
    // Without a name of ours to compare with, nothing says that it is ours.
    from.is_none() || from != text(header::HOST.as_str())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn judged(headers: &[(&'static str, &'static str)]) -> bool {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)));
        from_elsewhere(&headers.collect())
    }

    #[test]
    fn the_site_itself_and_programs_may_send_forms() {
        assert!(!judged(&[("host", "a.example")]));
        assert!(!judged(&[("sec-fetch-site", "same-origin"), ("origin", "https://a.example")]));
        assert!(!judged(&[("sec-fetch-site", "none")]));
        assert!(!judged(&[("host", "a.example:8000"), ("origin", "http://a.example:8000")]));
    }

    #[test]
    fn other_sites_may_not() {
        assert!(judged(&[("sec-fetch-site", "cross-site")]));
        assert!(judged(&[("sec-fetch-site", "same-site")]));
        assert!(judged(&[("host", "a.example"), ("origin", "https://b.example")]));
        assert!(judged(&[("host", "a.example"), ("origin", "null")]));
        assert!(judged(&[("host", "a.example"), ("origin", "http://a.example:81")]));
    }

    #[test]
    fn an_origin_that_cannot_be_compared_is_another_site() {
        assert!(judged(&[("origin", "https://a.example")]));
        assert!(judged(&[("origin", "null")]));
        assert!(judged(&[("origin", "")]));
        assert!(judged(&[("host", ""), ("origin", "https://")]));
    }
}
