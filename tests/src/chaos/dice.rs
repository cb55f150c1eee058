//! Numbers in no order that a seed brings back.

/// A generator; equal seeds give equal numbers.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// From a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Another one, for this purpose.
    #[must_use]
    pub const fn fork(&self, purpose: u64) -> Self {
        Self(self.0 ^ purpose.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    /// A number below this bound, which is not 0. (SplitMix64.)
    pub const fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound
    }
}
