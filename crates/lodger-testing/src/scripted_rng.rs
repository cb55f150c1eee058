//! Randomness that is none.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use lodger_core::{OsRng, Rng, RngError};

/// The alphabet of the keys that Lodger makes; a byte stands for the character at its value.
const ALPHABET: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
/// The length of the keys that Lodger makes.
const LENGTH: usize = 32;

/// Gives the bytes from which these keys are made, one key after the other, and then none.
///
/// Whoever asks for fewer bytes than a key takes gets zeros, and the script stays where it is. Clones
/// follow one script.
///
/// ```
/// use lodger_core::SessionKey;
/// use lodger_testing::SequenceRng;
///
/// let keys = ["0123456789abcdefghijklmnopqrstuv", "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"];
/// let rng = SequenceRng::new(keys);
/// assert_eq!(SessionKey::generate(&rng)?.expose(), keys[0]);
/// assert_eq!(SessionKey::generate(&rng)?.expose(), keys[1]);
/// assert!(SessionKey::generate(&rng).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct SequenceRng {
    keys: Arc<Mutex<VecDeque<[u8; LENGTH]>>>,
}

impl SequenceRng {
    /// With these keys.
    ///
    /// # Panics
    ///
    /// When one of them is not of 32 characters of `a-z0-9`, which no source could lead to.
    #[must_use]
    pub fn new<K: AsRef<str>>(keys: impl IntoIterator<Item = K>) -> Self {
        let keys = keys.into_iter().map(|key| bytes_of(key.as_ref())).collect();
        Self { keys: Arc::new(Mutex::new(keys)) }
    }

    /// How many keys are left.
    #[must_use]
    pub fn left(&self) -> usize {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

impl Rng for SequenceRng {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RngError> {
        bytes.fill(0);
        if let Some(place) = bytes.first_chunk_mut::<LENGTH>() {
            let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
            let used_up = || RngError::new("the scripted keys are used up".into());
            *place = keys.pop_front().ok_or_else(used_up)?;
        }
        Ok(())
    }
}

/// Gives the bytes of one and the same key, again and again.
///
/// ```
/// use lodger_core::SessionKey;
/// use lodger_testing::StuckRng;
///
/// let rng = StuckRng::new("0123456789abcdefghijklmnopqrstuv");
/// assert_eq!(SessionKey::generate(&rng)?, SessionKey::generate(&rng)?);
/// # Ok::<(), lodger_core::RngError>(())
/// ```
#[derive(Clone, Debug)]
pub struct StuckRng {
    key: [u8; LENGTH],
}

impl StuckRng {
    /// With this key.
    ///
    /// # Panics
    ///
    /// As [`SequenceRng::new`].
    #[must_use]
    pub fn new(key: &str) -> Self {
        Self { key: bytes_of(key) }
    }
}

impl Rng for StuckRng {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RngError> {
        bytes.fill(0);
        if let Some(place) = bytes.first_chunk_mut::<LENGTH>() {
            *place = self.key;
        }
        Ok(())
    }
}

/// Gives the bytes of keys that all begin alike and are random from there on: a log can be searched
/// for what no log may show.
///
/// ```
/// use lodger_core::SessionKey;
/// use lodger_testing::MarkedRng;
///
/// let rng = MarkedRng::new("canarykey");
/// let (one, other) = (SessionKey::generate(&rng)?, SessionKey::generate(&rng)?);
/// assert!(one.expose().starts_with("canarykey") && other.expose().starts_with("canarykey"));
/// assert_ne!(one, other);
/// # Ok::<(), lodger_core::RngError>(())
/// ```
#[derive(Clone, Debug)]
pub struct MarkedRng {
    start: Box<[u8]>,
}

impl MarkedRng {
    /// With keys that begin so.
    ///
    /// # Panics
    ///
    /// When it has other characters than `a-z0-9`, or leaves less than half of a key to chance.
    #[must_use]
    pub fn new(start: &str) -> Self {
        let start = places(start).expect("the beginning of a key has characters of a-z0-9");
        assert!(start.len() <= LENGTH / 2, "less than half of each key would be random");
        Self { start: start.into() }
    }
}

impl Rng for MarkedRng {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RngError> {
        OsRng.fill(bytes)?;
        // Whoever asks for fewer bytes than a key takes makes something else of them.
        if let Some(key) = bytes.first_chunk_mut::<LENGTH>() {
            key[..self.start.len()].copy_from_slice(&self.start);
        }
        Ok(())
    }
}

fn bytes_of(key: &str) -> [u8; LENGTH] {
    places(key)
        .and_then(|bytes| bytes.try_into().ok())
        .expect("a scripted key has 32 characters of a-z0-9, as those that Lodger makes")
}

/// Each character's place in the alphabet.
fn places(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|character| u8::try_from(ALPHABET.find(character)?).ok()).collect()
}
