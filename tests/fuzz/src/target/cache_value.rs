//! What lies under a name in Redis, in Lodger's layout and in Django's.

use lodger_backends::cache_layout::CacheLayout;
use lodger_backends::redis::{RedisStore, fuzzing};
use lodger_core::{StoredKey, Timestamp};

use crate::canary::KEY;
use crate::input::Input;
use crate::memory;

/// Choices: layout, how long the server keeps it, and whether the rest is a value or the data of one.
///
/// Any value is a record, a mark of ours, or has ended. A record holds the bytes as they are, states
/// the very same value again, and takes memory for copies of it alone.
pub(super) fn check(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let layout = input.choose(&[false, true]);
    let layout = if layout { CacheLayout::django() } else { CacheLayout::lodger() };
    let is_django = layout.is_django();
    let store = RedisStore::connect("redis://localhost/").expect("the URL is one");
    let store = store.with_layout(layout);
    let key = StoredKey::from(format!("{KEY}0123456789"));
    let now = Timestamp::from_secs(1_700_000_000);
    let left = match input.choose(b"-0nf") {
        b'-' => -1,
        b'0' => 0,
        b'n' => input.number(),
        _ => 60_000,
    };
    let end = input.choose(&[None, Some(1_700_000_000_000_001), Some(1_700_000_000_000_000)]);
    let value = match end {
        Some(end) if !is_django => [format!("{end}:").as_bytes(), input.rest()].concat(),
        _ => input.rest().to_vec(),
    };
    let memory = 4 * value.len() + 1024;
    let loaded = memory::at_most(memory, || fuzzing::loaded(&store, &key, &value, left, now));
    let Some(loaded) = loaded else {
        let is_mark =
            value.starts_with(b"lease:") || value == b"tombstone" || value.ends_with(b"N.");
        let has_ended = if is_django { left == 0 } else { value.contains(&b':') };
        assert!(is_mark || has_ended, "a live record was not found");
        return;
    };
    assert!(loaded.record.expire_date > now);
    assert_eq!(loaded.record.session_key, key);
    assert!(value.ends_with(loaded.record.session_data.as_bytes()));
    if let Some(end) = end.filter(|_| !is_django) {
        assert_eq!(loaded.record.session_data.as_bytes(), input.rest());
        assert_eq!(loaded.record.expire_date.as_micros(), end);
    }
    let version = loaded.version.expect("a value is its own version");
    assert_eq!(version.data().map(|data| data.as_bytes()), Some(&*value));
    let stated = fuzzing::stated(&store, &version, now);
    assert_eq!(stated, Some(loaded.record.session_data), "a version states what was loaded");
}
