//! How sessions lie in a cache server: under which names, and in which form.

use std::borrow::Cow;
use std::time::Duration;

use lodger_core::{SessionData, StoredKey, Timestamp};

/// How sessions lie in a cache server: under which names, and in which form.
///
/// Lodger's own form is text: the `expire_date` in microseconds since the epoch, a colon, and the
/// encoded data. Django's is the encoded data alone, which it expects to be a pickle; how long they
/// have to live is known to the server only.
///
/// # Django
///
/// The engines `cache` and `cached_db`, with the key function that Django has by default.
///
/// ```
/// use lodger_backends::cache_layout::CacheLayout;
///
/// let own = CacheLayout::lodger().with_prefix("shop:");
/// let shared = CacheLayout::django().with_prefix("site1").with_version(7);
/// # let _ = (own, shared);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheLayout {
    prefix: String,
    form: Form,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    Lodger,
    Django { version: i64, cache_key_prefix: Cow<'static, str> },
}

/// What lies under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    Record { session_data: SessionData, expire_date: Timestamp },
    Lease,
    Tombstone,
}

/// The longest session key that is looked up, in bytes; memcached has this bound for whole names.
const LONGEST: usize = 250;

/// What begins a lease and is a tombstone of our own form. Neither is a number.
const LEASE: &str = "lease:";
const TOMBSTONE: &str = "tombstone";

/// A pickle of `None`, which Django reads as a miss.
const PICKLED_NONE: &[u8] = b"\x80\x02N.";

impl CacheLayout {
    /// Lodger's own form, for a store.
    #[must_use]
    pub fn lodger() -> Self {
        Self { prefix: "lodger:session:".to_owned(), form: Form::Lodger }
    }

    /// Lodger's own form, for the cache in front of a database.
    #[must_use]
    pub fn lodger_cached_db() -> Self {
        Self { prefix: "lodger:cached_db:".to_owned(), form: Form::Lodger }
    }

    /// As Django's engine `cache` has it.
    #[must_use]
    pub fn django() -> Self {
        Self::of_django("django.contrib.sessions.cache")
    }

    /// As Django's engine `cached_db` has it.
    #[must_use]
    pub fn django_cached_db() -> Self {
        Self::of_django("django.contrib.sessions.cached_db")
    }

    fn of_django(cache_key_prefix: &'static str) -> Self {
        let form = Form::Django { version: 1, cache_key_prefix: cache_key_prefix.into() };
        Self { prefix: String::new(), form }
    }

    /// What every name begins with; default `lodger:session:`, `lodger:cached_db:`, and nothing for
    /// Django.
    ///
    /// # Django
    ///
    /// The cache's `KEY_PREFIX`.
    #[must_use]
    pub fn with_prefix(self, prefix: impl Into<String>) -> Self {
        Self { prefix: prefix.into(), ..self }
    }

    /// What every name begins with.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Django's version of the cache's names; default 1. Lodger's own names have none.
    ///
    /// # Django
    ///
    /// The cache's `VERSION`.
    #[must_use]
    pub fn with_version(self, version: i64) -> Self {
        let form = match self.form {
            Form::Lodger => Form::Lodger,
            Form::Django { cache_key_prefix, .. } => Form::Django { version, cache_key_prefix },
        };
        Self { form, ..self }
    }

    /// What stands before the session key in Django's names, for a store class of its own that has
    /// another one. Lodger's own names have none.
    ///
    /// # Django
    ///
    /// `cache_key_prefix`.
    #[must_use]
    pub fn with_cache_key_prefix(self, prefix: impl Into<String>) -> Self {
        let form = match self.form {
            Form::Lodger => Form::Lodger,
            Form::Django { version, .. } => {
                Form::Django { version, cache_key_prefix: Cow::Owned(prefix.into()) }
            }
        };
        Self { form, ..self }
    }

    /// Whether it is Django's, whose values carry no `expire_date`.
    #[must_use]
    pub fn is_django(&self) -> bool {
        matches!(self.form, Form::Django { .. })
    }

    /// The name of a session; `None` for a key that nobody makes.
    pub(crate) fn name(&self, key: &StoredKey) -> Option<String> {
        let key = key.expose();
        let makeable = key.len() <= LONGEST && key.bytes().all(|byte| byte > b' ' && byte != 0x7F);
        makeable.then(|| match &self.form {
            // Braces let what belongs to a session lie in the same slot of a Cluster.
            Form::Lodger => format!("{}{{{key}}}", self.prefix),
            Form::Django { version, cache_key_prefix } => {
                format!("{}:{version}:{cache_key_prefix}{key}", self.prefix)
            }
        })
    }

    /// The value of a record.
    pub(crate) fn record(&self, expire_date: Timestamp, data: &SessionData) -> Vec<u8> {
        let mut value = match self.form {
            Form::Lodger => format!("{}:", expire_date.as_micros()).into_bytes(),
            Form::Django { .. } => Vec::new(),
        };
        value.extend_from_slice(data.as_bytes());
        value
    }

    /// The value of a lease, which `random` tells from others.
    pub(crate) fn lease(&self, random: u64) -> Vec<u8> {
        match self.form {
            Form::Lodger => format!("{LEASE}{random:016x}").into_bytes(),
            // A text that is pushed and popped before `None` is: it unpickles to `None`.
            Form::Django { .. } => {
                let mark = format!("{random:016x}");
                [b"\x80\x02X\x10\0\0\0", mark.as_bytes(), b"0N."].concat()
            }
        }
    }

    /// The value of a tombstone.
    pub(crate) fn tombstone(&self) -> &'static [u8] {
        match self.form {
            Form::Lodger => TOMBSTONE.as_bytes(),
            Form::Django { .. } => PICKLED_NONE,
        }
    }

    /// Reads a value that the server keeps until `end`.
    ///
    /// What is none of ours is taken for the data of a record, which no codec will accept.
    pub(crate) fn read(&self, value: &[u8], end: Timestamp) -> Entry {
        if value == self.tombstone() {
            return Entry::Tombstone;
        }
        if self.is_lease(value) {
            return Entry::Lease;
        }
        let (expire_date, data) = match self.form {
            Form::Lodger => split(value).unwrap_or((Timestamp::MAX, value)),
            Form::Django { .. } => (end, value),
        };
        let session_data = match std::str::from_utf8(data) {
            Ok(text) => SessionData::from_text(text),
            Err(_) => SessionData::from_bytes(data),
        };
        Entry::Record { session_data, expire_date }
    }

    fn is_lease(&self, value: &[u8]) -> bool {
        match self.form {
            Form::Lodger => value.starts_with(LEASE.as_bytes()),
            Form::Django { .. } => {
                let one = self.lease(0);
                value.len() == one.len() && value.starts_with(&one[..7]) && value.ends_with(b"0N.")
            }
        }
    }
}

/// `expire_date` and data of our own form.
fn split(value: &[u8]) -> Option<(Timestamp, &[u8])> {
    let colon = value.iter().position(|byte| *byte == b':')?;
    let micros = std::str::from_utf8(&value[..colon]).ok()?.parse().ok()?;
    Some((Timestamp::from_micros(micros), &value[colon + 1..]))
}

/// How long the server is to keep a record: never less than a moment, since servers take nothing for
/// ever.
pub(crate) fn time_to_live(expire_date: Timestamp, now: Timestamp) -> Duration {
    let micros = (expire_date - now).as_micros();
    Duration::from_micros(u64::try_from(micros).unwrap_or(0)).max(Duration::from_millis(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const END: Timestamp = Timestamp::from_secs(1_700_000_000);

    fn key(text: &str) -> StoredKey {
        StoredKey::from(text.to_owned())
    }

    #[test]
    fn names_are_djangos_or_our_own() {
        let key = key("2b1189a188b44ad18c35e113ac6ceead");
        for (layout, name) in [
            (
                CacheLayout::django(),
                ":1:django.contrib.sessions.cache2b1189a188b44ad18c35e113ac6ceead",
            ),
            (
                CacheLayout::django_cached_db().with_prefix("site1").with_version(7),
                "site1:7:django.contrib.sessions.cached_db2b1189a188b44ad18c35e113ac6ceead",
            ),
            (
                CacheLayout::django_cached_db()
                    .with_cache_key_prefix("mysessions.cached_db_backend"),
                ":1:mysessions.cached_db_backend2b1189a188b44ad18c35e113ac6ceead",
            ),
            (CacheLayout::lodger(), "lodger:session:{2b1189a188b44ad18c35e113ac6ceead}"),
        ] {
            assert_eq!(layout.name(&key).as_deref(), Some(name));
        }
    }

    #[test]
    fn a_key_that_nobody_makes_has_no_name() {
        for text in ["with blank", "line\r\nfeed", "nul\0", "del\x7f", &"k".repeat(251)] {
            assert_eq!(CacheLayout::lodger().name(&key(text)), None, "{text:?}");
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let late = Timestamp::from_micros(1_800_000_000_123_456);
        for layout in [CacheLayout::lodger(), CacheLayout::django()] {
            let data = SessionData::from_text("a:b:c");
            let read = layout.read(&layout.record(late, &data), END);
            let expire_date = if layout.is_django() { END } else { late };
            assert_eq!(read, Entry::Record { session_data: data, expire_date });
            assert_eq!(layout.read(layout.tombstone(), END), Entry::Tombstone);
            for random in [0, 1, u64::MAX] {
                assert_eq!(layout.read(&layout.lease(random), END), Entry::Lease);
            }
            assert_ne!(layout.lease(1), layout.lease(2));
        }
    }

    #[test]
    fn what_is_not_ours_is_data_that_no_codec_accepts() {
        for value in [b"" as &[u8], b":", b"x:y", b"99999999999999999999:y", b"\xff:\xff"] {
            let Entry::Record { session_data, .. } = CacheLayout::lodger().read(value, END) else {
                panic!("{value:?} is no record");
            };
            assert_eq!(session_data.as_bytes(), value);
        }
    }
}
