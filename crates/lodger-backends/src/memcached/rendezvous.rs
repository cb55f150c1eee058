//! Which of several servers keeps a key.
//!
//! Each server has a score for each name, a hash of both; the highest wins. A server that comes or
//! goes moves its own names only. The hash is the 32 bit MurmurHash3 of Austin Appleby.

/// The index of the server that keeps a name.
///
/// # Django
///
/// As pymemcache chooses, so that both find the same value.
pub(super) fn choose(servers: &[String], name: &str) -> usize {
    let score = |server: &String| murmur3(&format!("{server}-{name}"));
    let best = servers.iter().enumerate().max_by_key(|(_, server)| (score(server), *server));
    best.map_or(0, |(index, _)| index)
}

/// MurmurHash3, 32 bits, of the low byte of each character, which is pymemcache's reading of a text.
fn murmur3(text: &str) -> u32 {
    let bytes: Vec<u8> = text.chars().map(|character| character as u8).collect();
    let mut hash = 0_u32;
    let mut blocks = bytes.chunks_exact(4);
    for block in &mut blocks {
        let block = block.iter().rev().fold(0, |word, byte| word << 8 | u32::from(*byte));
        hash = (hash ^ scramble(block)).rotate_left(13).wrapping_mul(5).wrapping_add(0xE654_6B64);
    }
    let rest = blocks.remainder().iter().rev().fold(0, |word, byte| word << 8 | u32::from(*byte));
    hash ^= scramble(rest);
    hash ^= bytes.len() as u32;
    hash = (hash ^ hash >> 16).wrapping_mul(0x85EB_CA6B);
    hash = (hash ^ hash >> 13).wrapping_mul(0xC2B2_AE35);
    hash ^ hash >> 16
}

fn scramble(word: u32) -> u32 {
    word.wrapping_mul(0xCC9E_2D51).rotate_left(15).wrapping_mul(0x1B87_3593)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed by pymemcache 4.0.0.
    #[test]
    fn the_hash_is_pymemcaches() {
        for (text, hash) in [
            ("", 0),
            ("a", 1_009_084_850),
            ("ab", 2_613_040_991),
            ("abc", 3_017_643_002),
            ("abcd", 1_139_631_978),
            ("abcde", 3_902_511_862),
            ("The quick brown fox jumps over the lazy dog", 776_992_547),
            ("日本語ä", 4_144_013_647),
        ] {
            assert_eq!(murmur3(text), hash, "{text}");
        }
    }

    /// The last part of each server that `HashClient` of pymemcache 4.0.0 chose, for each of five
    /// session keys in two layouts.
    #[test]
    fn the_servers_are_those_that_pymemcache_chooses() {
        let many: Vec<String> = (1..6).map(|n| format!("10.0.0.{n}:11211")).collect();
        for (servers, chosen) in [
            (vec!["127.0.0.1:11211", "127.0.0.1:11212"], [0, 0, 1, 0, 1, 0, 0, 0, 1, 0]),
            (
                vec!["cache1:11211", "cache2:11211", "cache3.example.org:11212"],
                [0, 2, 1, 2, 2, 0, 2, 2, 1, 0],
            ),
            (many.iter().map(String::as_str).collect(), [4, 3, 4, 2, 4, 3, 1, 1, 4, 1]),
            // As `[::1]:11211`, `[::2]:11212` and `[fe80::2]:7` were given to it.
            (vec!["::1:11211", "::2:11212", "fe80::2:7"], [0, 2, 2, 0, 1, 1, 0, 1, 1, 0]),
        ] {
            let servers: Vec<String> = servers.into_iter().map(str::to_owned).collect();
            let long = "x".repeat(40);
            let keys = [
                "2b1189a188b44ad18c35e113ac6ceead",
                "key00001abcdefghijklmnopqrstuvwx",
                "abcdefgh",
                "0123456789",
                &long,
            ];
            let prefixes =
                [":1:django.contrib.sessions.cache", "site1:7:django.contrib.sessions.cached_db"];
            let names = prefixes.iter().flat_map(|prefix| keys.map(|key| format!("{prefix}{key}")));
            for (name, index) in names.zip(chosen) {
                assert_eq!(choose(&servers, &name), index, "{name}");
            }
        }
    }
}
