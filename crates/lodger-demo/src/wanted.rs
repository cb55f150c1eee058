//! What form an answer is to have.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Html,
    Json,
}

impl Wanted {
    /// JSON for those who accept it and name no HTML. No browser does for a page.
    pub(crate) fn by(headers: &HeaderMap) -> Self {
        let accepts = |wanted: &str| {
            headers
                .get_all(header::ACCEPT)
                .iter()
                .filter_map(|value| value.to_str().ok())
                .flat_map(|value| value.split(','))
                .filter_map(|range| range.split(';').next())
                .any(|range| range.trim().eq_ignore_ascii_case(wanted))
        };
        if accepts("application/json") && !accepts("text/html") { Self::Json } else { Self::Html }
    }
}

impl<S: Sync> FromRequestParts<S> for Wanted {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self::by(&parts.headers))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn wanted(accept: &'static str) -> Wanted {
        Wanted::by(&HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]))
    }

    #[test]
    fn programs_get_json_and_browsers_html() {
        assert_eq!(wanted("application/json"), Wanted::Json);
        assert_eq!(wanted("text/plain;q=0.5, Application/JSON;q=0.9"), Wanted::Json);
        assert_eq!(wanted("text/html,application/xhtml+xml,*/*;q=0.8"), Wanted::Html);
        assert_eq!(wanted("text/html, application/json"), Wanted::Html);
        assert_eq!(wanted("*/*"), Wanted::Html);
        assert_eq!(Wanted::by(&HeaderMap::new()), Wanted::Html);
    }
}
