//! When a session is edited.

use thiserror::Error;

use crate::FieldError;

/// An edit was refused; the session is as it was before.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EditError {
    /// The session was committed for the last time: its response has been sent.
    #[error("the session was already committed with its response")]
    Closed,
    /// The field belongs to Lodger.
    #[error("the session field {name:?} is reserved")]
    Reserved {
        /// The field's name.
        name: Box<str>,
    },
    /// The value given or held is not as needed.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// `increment` of what is no integer of 64 bits.
    #[error("the session field {name:?} is no integer of 64 bits")]
    NotAnInteger {
        /// The field's name.
        name: Box<str>,
    },
    /// `increment` beyond 64 bits.
    #[error("the session field {name:?} would exceed 64 bits")]
    Overflow {
        /// The field's name.
        name: Box<str>,
    },
    /// `append` to what is no list.
    #[error("the session field {name:?} is no list")]
    NotAList {
        /// The field's name.
        name: Box<str>,
    },
    /// A closure given to `modify` panicked when it was run again on newer data.
    #[error("the change of the session field {name:?} panicked")]
    Panicked {
        /// The field's name.
        name: Box<str>,
    },
}
