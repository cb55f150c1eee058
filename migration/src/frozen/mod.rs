//! What a migration file says, and how it is carried out.
//!
//! The files hold literal SQL and nothing else, so that a later change to an entity or to the
//! writer of definitions cannot change what a migration did. A migration of your own, for a model of
//! your own, can be made of the same parts.

mod statements;

mod change;
mod connection;
mod creation;
mod notice;
mod patience;
mod presence;
mod refusal;

pub use change::Change;
pub(crate) use connection::reborrow;
pub use creation::Creation;
pub(crate) use creation::DJANGO_SESSION;
pub(crate) use patience::Patience;
pub(crate) use presence::{has_table, is_elsewhere};
pub use statements::Statements;
