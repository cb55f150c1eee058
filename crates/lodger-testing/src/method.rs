//! The methods of a store, by name.

/// A method of [`SessionStore`](lodger_core::SessionStore).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Method {
    /// `load`
    Load,
    /// `create`
    Create,
    /// `swap`
    Swap,
    /// `touch`
    Touch,
    /// `cycle`
    Cycle,
    /// `delete`
    Delete,
    /// `clear_expired`
    ClearExpired,
}
