//! The one door to randomness.

use crate::RngError;

/// A source of unguessable bytes.
pub trait Rng: Send + Sync + 'static {
    /// Fills `bytes` with random bytes.
    ///
    /// # Errors
    ///
    /// When the source cannot give any; nothing is then stored and no key is made.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RngError>;
}

/// The operating system's cryptographically secure generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsRng;

impl Rng for OsRng {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RngError> {
        getrandom::fill(bytes).map_err(|error| RngError::new(error.to_string()))
    }
}
