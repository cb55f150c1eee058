//! Taking the times.

use std::hash::{BuildHasher, RandomState};
use std::time::Instant;

use crate::comparison::Comparison;
use crate::welch::Times;

/// How many inputs are made before they are looked at.
const BATCH: usize = 1000;

/// Looks at so many inputs, each of a class drawn at random.
pub(crate) fn measure(comparison: &Comparison, samples: usize) -> Times {
    let (random, mut drawn) = (RandomState::new(), 0_u64);
    let mut times = Times::default();
    while times.len() < samples {
        let inputs: Vec<_> = (0..BATCH)
            .map(|_| {
                drawn += 1;
                let class = random.hash_one(drawn) & 1 == 1;
                (class, (comparison.inputs)(class))
            })
            .collect();
        for (class, input) in &inputs {
            let start = Instant::now();
            for _ in 0..comparison.times {
                (comparison.look)(input);
            }
            times.add(*class, u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX));
        }
    }
    times
}
