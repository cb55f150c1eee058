//! The codec.

use lodger_core::{
    Context, DecodeError, Decoded, EncodeError, Limits, SessionCodec, SessionData, SessionDict,
};

use super::{machine, render, writer};
use crate::json;

/// How much longer than the JSON text of a value Python's text of it may be: a raw U+007F is one
/// byte, and `\u007f` six.
const LONGEST_FORM: usize = 6;

/// The pickled dict that Django's cache sessions are: reads protocols 2 to 5, and writes protocol
/// 2, which every Django reads.
///
/// Only plain data are read: dicts, lists, text, numbers, `True`, `False` and `None`; tuples and
/// sets become lists, and keys that are no text become text as in Python's `json`. Values that stand
/// at several places are copied to each. Fields come back as Python would write them: `1.10` as
/// `1.1`, `1e400` as `Infinity`.
///
/// A `str` of Python 2 is read as UTF-8. Bytes, dates, and all other objects are refused, and with
/// them the whole session; so is a set of Python 2, which is an object in its pickles. One object is
/// understood: the `datetime` in UTC, or without a time zone, under `_session_expiry`, which becomes
/// its ISO 8601 text.
///
/// A pickle that holds something else than a dict is no session. Among these is the pickled `None`
/// by which a cache marks a session as deleted.
///
/// Pickles longer than the limit `session_data`, or whose JSON text would be longer than `inflated`
/// or nested deeper than `json_depth`, are neither read nor written, and neither are integers of so
/// many digits that converting them would take long, over 100,000.
///
/// # Security
///
/// There is no key and no signature, in Django neither: who can write to the cache can write any
/// session, and log in as anybody. But that is all: nothing that a pickle names is looked up, called
/// or built, and whatever it is, reading it takes bounded time and memory. Python's `pickle` has no
/// such bounds, so a cache that is shared with a Django site must be out of everybody's reach.
///
/// # Django
///
/// What `pickle.dumps` and `pickle.loads` do for `django.core.cache`. Up to 4.0 Django cannot cope
/// with an expiry that is text, from 4.1 on it writes one itself: beside an older one, set the
/// expiry in seconds.
///
/// ```
/// use lodger_codec::PickleCodec;
/// use lodger_core::{Context, Limits, SessionCodec, SessionData, SessionDict, StoredKey, Timestamp};
///
/// let codec = PickleCodec::new(Limits::default());
/// let stored_key = StoredKey::from("2b1189a188b44ad18c35e113ac6ceead".to_owned());
/// let now = Timestamp::from_secs(1_700_000_000);
/// let context = Context { stored_key: &stored_key, now, loaded_stamp: None };
///
/// let mut dict = SessionDict::new();
/// dict.insert("n", &1)?;
/// let session_data = codec.encode(&dict, &context)?;
/// assert_eq!(session_data.as_bytes(), b"\x80\x02}(X\x01\0\0\0nK\x01u.");
/// assert_eq!(codec.decode(&session_data, &context)?.dict, dict);
///
/// let harmful = SessionData::from_bytes(*b"cos\nsystem\n(S'id'\ntR.");
/// assert!(codec.decode(&harmful, &context).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct PickleCodec {
    limits: Limits,
}

impl PickleCodec {
    /// A codec for the values of Django's cache.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits }
    }

    fn read(&self, pickle: &[u8]) -> Result<SessionDict, DecodeError> {
        let limit = self.limits.session_data;
        if pickle.len() > limit {
            return Err(DecodeError::TooLarge { limit });
        }
        let text = render::render(machine::run(pickle)?, &self.limits)?;
        Ok(SessionDict::parse(text, self.limits.json_depth)?)
    }
}

impl SessionCodec for PickleCodec {
    fn encode(
        &self,
        dict: &SessionDict,
        _context: &Context<'_>,
    ) -> Result<SessionData, EncodeError> {
        let text = json::write(dict, &self.limits)?;
        let pickle = writer::write(&text)?;
        let limit = self.limits.session_data;
        if pickle.len() > limit {
            return Err(EncodeError::TooLarge { size: pickle.len(), limit });
        }
        // What cannot be read back must not be written. Few texts are so long that their form in
        // Python could exceed the limit, so few are read again.
        if text.len() > self.limits.inflated / LONGEST_FORM
            && let Err(problem) = self.read(&pickle)
        {
            return Err(EncodeError::Unsupported { reason: problem.to_string() });
        }
        Ok(SessionData::from_bytes(pickle))
    }

    fn decode(&self, data: &SessionData, _context: &Context<'_>) -> Result<Decoded, DecodeError> {
        Ok(Decoded { dict: self.read(data.as_bytes())?, stamp: None })
    }
}
