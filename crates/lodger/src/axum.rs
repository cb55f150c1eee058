//! Sessions for axum: the layer, and the extractors that handlers name.

pub use lodger_tower::{LazySession, Session, SessionError, SessionLayer, SessionRejection, Site};
