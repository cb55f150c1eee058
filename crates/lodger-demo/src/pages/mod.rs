//! What is shown: `layout` around each page, `page` for HTML and JSON from one source.

pub(crate) mod asset;
pub(crate) mod error_page;
pub(crate) mod home;
pub(crate) mod layout;
pub(crate) mod login;
pub(crate) mod page;
pub(crate) mod session_page;
mod span;
mod store_call;
