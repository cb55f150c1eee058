//! Keys, as they are presented, made and named.

use std::sync::atomic::{AtomicUsize, Ordering};

use lodger_core::{CookieValue, Rng, RngError, SessionKey, StoredKey};

use crate::canary::{KEY, assert_unseen};
use crate::input::Input;

/// Choices: the longest key.
///
/// A text is a key by its length and by holding no NUL, and by nothing else; nothing that is printed
/// of it shows it; a key that is made consists of 32 characters whatever bytes chance gives.
pub(super) fn check(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let longest = input.choose(&[128, 8, 32, 4096, 0]);
    read(CookieValue::new(input.rest()), &input.text(), longest);
    let canary = format!("{KEY}{}", input.text());
    read(CookieValue::new(canary.as_bytes()), &canary, longest);
    made(input.rest());
}

fn read(value: CookieValue, text: &str, longest: usize) {
    let is_text = value.expose() == text.as_bytes();
    let length = (8..).contains(&text.chars().count()) && text.len() <= longest;
    let is_key = is_text && length && !text.contains('\0');
    match value.session_key(longest) {
        Ok(key) => {
            assert!(is_key);
            assert_eq!(key.expose(), text);
            let stored = StoredKey::from(&key);
            assert_eq!(stored.expose(), text);
            let printed = format!("{key:?} {stored:?} {value:?}");
            assert!(!text.starts_with(KEY) || !printed.contains(KEY));
            assert!(printed.len() < 100, "what is printed does not grow with the key");
        }
        Err(error) => {
            assert!(!is_key);
            assert_unseen(&error);
        }
    }
}

fn made(bytes: &[u8]) {
    // Chance that never gives a usable byte would never end.
    let fair = bytes.iter().filter(|byte| **byte < 252).count();
    if fair == 0 {
        return;
    }
    let rng = Given { bytes: bytes.into(), at: AtomicUsize::new(0) };
    let key = SessionKey::generate(&rng).expect("there are bytes");
    assert_eq!(key.expose().len(), 32);
    assert!(key.expose().bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()));
}

/// These bytes, again and again.
struct Given {
    bytes: Box<[u8]>,
    at: AtomicUsize,
}

impl Rng for Given {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RngError> {
        bytes.fill_with(|| self.bytes[self.at.fetch_add(1, Ordering::Relaxed) % self.bytes.len()]);
        Ok(())
    }
}
