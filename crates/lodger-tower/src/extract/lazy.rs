//! The handle.

use axum_core::extract::FromRequestParts;
use http::request::Parts;

use crate::{LazySession, SessionRejection};

impl<S: Sync, N: 'static> FromRequestParts<S> for LazySession<N> {
    type Rejection = SessionRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, SessionRejection> {
        Self::find(&parts.extensions)
    }
}
