//! What a check found.

use lodger_core::StoreError;
use thiserror::Error;

/// The contract is broken, and how.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("rule {rule} of the contract is broken: {finding}")]
pub struct Violation {
    rule: u8,
    finding: String,
}

/// The result of a check.
pub type Checked = Result<(), Violation>;

impl Violation {
    /// Of the sentence with this number in the doc comment of
    /// [`SessionStore`](lodger_core::SessionStore), or of
    /// [`SessionCache`](lodger_core::SessionCache).
    #[must_use]
    pub fn new(rule: u8, finding: impl Into<String>) -> Self {
        Self { rule, finding: finding.into() }
    }

    /// The number of the sentence.
    #[must_use]
    pub const fn rule(&self) -> u8 {
        self.rule
    }
}

/// Nothing in the suite makes a sound store fail.
impl From<StoreError> for Violation {
    fn from(error: StoreError) -> Self {
        Self::new(9, format!("an error where an outcome was expected: {error}"))
    }
}

/// Returns a [`Violation`] of a rule unless a condition holds.
macro_rules! ensure {
    ($rule:literal, $holds:expr, $($finding:tt)+) => {
        if !$holds {
            return Err($crate::contract::Violation::new($rule, format!($($finding)+)));
        }
    };
}

pub(crate) use ensure;
