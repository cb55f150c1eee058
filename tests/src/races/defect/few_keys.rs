//! A source of randomness that soon repeats itself.

use std::sync::atomic::{AtomicU8, Ordering};

use lodger_core::{Rng, RngError};

/// Leads to thirty keys, again and again.
#[derive(Default)]
pub(super) struct FewKeys(AtomicU8);

impl Rng for FewKeys {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RngError> {
        bytes.fill(self.0.fetch_add(1, Ordering::Relaxed) % 30);
        Ok(())
    }
}
