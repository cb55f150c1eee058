//! The rejection as a response.

use axum_core::body::Body;
use axum_core::response::{IntoResponse, Response};

use crate::SessionRejection;

impl IntoResponse for SessionRejection {
    fn into_response(self) -> Response {
        let failure = lodger_http::Failure::Load(self.cause().clone());
        failure.report();
        let mut response = Response::new(Body::empty());
        *response.status_mut() = failure.status();
        lodger_http::vary::add_cookie(response.headers_mut());
        response
    }
}
