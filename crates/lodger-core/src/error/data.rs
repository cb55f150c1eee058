//! When a field is read or written.

use thiserror::Error;

/// A text or value cannot be used as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum JsonError {
    /// The text is no JSON by Python's grammar.
    #[error("no JSON: unexpected byte or end at offset {offset}")]
    Syntax {
        /// Where, in bytes from the start.
        offset: usize,
    },
    /// The text is valid JSON, but no object.
    #[error("the JSON value is not an object")]
    NotAnObject,
    /// The text is nested deeper than allowed.
    #[error("the JSON value is nested too deeply")]
    TooDeep,
    /// The value has no JSON form.
    #[error("the value cannot be written as JSON")]
    Unserializable,
    /// The value is not of the type asked for.
    #[error("the JSON value is not of type {expected}")]
    WrongType {
        /// The Rust type asked for.
        expected: &'static str,
    },
}

/// A field cannot be read or written as asked.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("session field {name:?}: {problem}")]
pub struct FieldError {
    name: Box<str>,
    #[source]
    problem: JsonError,
}

impl FieldError {
    /// What is wrong with the field of this name.
    #[must_use]
    pub fn new(name: &str, problem: JsonError) -> Self {
        Self { name: name.into(), problem }
    }

    /// The field's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What is wrong with it.
    #[must_use]
    pub fn problem(&self) -> &JsonError {
        &self.problem
    }
}
