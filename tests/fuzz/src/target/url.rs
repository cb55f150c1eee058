//! Where servers are said to be.

use lodger_backends::memcached::MemcachedStore;
use lodger_backends::redis::RedisStore;

use crate::canary::{KEY, assert_unseen};
use crate::input::Input;

/// Choices: a scheme. The rest is what follows it, as it is and behind a password.
///
/// Any URL is understood or refused, and no refusal shows it.
pub(super) fn check(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let scheme =
        input.choose(&["redis://", "rediss+cluster://", "valkey+cluster://", "memcached://", ""]);
    let rest = input.text();
    for url in [format!("{scheme}{rest}"), format!("{scheme}user:{KEY}@{rest}")] {
        if let Err(error) = RedisStore::connect(&url) {
            assert_unseen_of(&url, &error);
        }
        match MemcachedStore::connect(&url) {
            Ok(_) => assert!(!url.contains('@'), "memcached knows no passwords"),
            Err(error) => assert_unseen_of(&url, &error),
        }
    }
}

fn assert_unseen_of(url: &str, error: &lodger_core::StoreError) {
    if url.contains(KEY) {
        assert_unseen(error);
    }
}
