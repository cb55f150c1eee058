//! How a number of operations is shared among the stores.

/// The stores, and how much of what is left over each one takes: those that never wait for a disk take
/// it all.
const BACKENDS: [(&str, u64); 11] = [
    ("memory", 4),
    ("sqlite", 0),
    ("postgres", 0),
    ("mariadb", 0),
    ("redis", 2),
    ("redis-cluster", 1),
    ("memcached", 2),
    ("file", 0),
    ("cached-memory-sqlite", 0),
    ("cached-redis-postgres", 0),
    ("cached-memcached-mariadb", 0),
];

/// The least that each store gets, if there is so much.
const LEAST: u64 = 50_000;

/// Each store with its number of operations, which make up the whole.
pub(super) fn among_all(operations: u64) -> Vec<(&'static str, u64)> {
    let stores = u64::try_from(BACKENDS.len()).expect("they are few");
    let least = LEAST.min(operations / stores);
    let left = operations - least * stores;
    let weights: u64 = BACKENDS.iter().map(|(_, weight)| weight).sum();
    let mut shares: Vec<(&str, u64)> =
        BACKENDS.iter().map(|(name, weight)| (*name, least + left * weight / weights)).collect();
    let given: u64 = shares.iter().map(|(_, share)| share).sum();
    shares[0].1 += operations - given;
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_gives_each_store_fifty_thousand_and_more_in_all() {
        let shares = among_all(1_000_000);
        assert!(shares.iter().all(|(_, share)| *share >= LEAST));
        assert_eq!(shares.iter().map(|(_, share)| share).sum::<u64>(), 1_000_000);
    }

    #[test]
    fn few_are_shared_evenly() {
        let shares = among_all(115);
        assert_eq!(shares.iter().map(|(_, share)| share).sum::<u64>(), 115);
        assert!(shares.iter().all(|(_, share)| *share >= 10));
    }
}
