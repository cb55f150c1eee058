//! What forms do; each leads back to a page.

pub(crate) mod basket;
pub(crate) mod login;
pub(crate) mod session;
