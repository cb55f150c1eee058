//! The loaded session.

use axum_core::extract::FromRequestParts;
use http::request::Parts;

use crate::{LazySession, Session, SessionRejection};

impl<S: Sync, N: 'static> FromRequestParts<S> for Session<N> {
    type Rejection = SessionRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, SessionRejection> {
        let session = LazySession::find(&parts.extensions)?;
        session.load().await
    }
}
