//! A site that gives the cookie to whoever lost, too.

use axum::Router;
use axum::middleware::map_response;
use axum::response::Response;
use http::header::{HeaderValue, SET_COOKIE};

/// The same site with that defect.
pub(super) fn giving_losers_the_cookie(site: Router) -> Router {
    site.layer(map_response(async |mut response: Response| {
        if !response.status().is_success() {
            let cookie = HeaderValue::from_static("sessionid=theloserskey; Path=/");
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        response
    }))
}
