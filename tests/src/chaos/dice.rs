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
        // Mixed, since states a step apart give the same numbers a step apart.
        Self(mixed(self.0 ^ mixed(!purpose)))
    }

    /// A number below this bound, which is not 0. (SplitMix64.)
    pub const fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mixed(self.0) % bound
    }
}

const fn mixed(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forks_throw_other_numbers_at_any_distance() {
        let dice = Dice::new(1);
        let numbers = |mut dice: Dice| (0..100).map(|_| dice.below(u64::MAX)).collect::<Vec<_>>();
        let mut all: Vec<u64> = (0..8).flat_map(|purpose| numbers(dice.fork(purpose))).collect();
        all.extend(numbers(dice));
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 900);
    }
}
