//! What surrounds an encoding in these tests.

use lodger_codec::{DjangoCodec, Formats, KeyRing};
use lodger_core::{
    Context, DecodeError, Decoded, EncodeError, Limits, SessionCodec, SessionData, SessionDict,
    StoredKey, Timestamp,
};

pub(crate) const SECRET: &str = "a secret of these tests";

/// The instant at which every vector was recorded.
pub(crate) const NOW: Timestamp = Timestamp::from_micros(1_700_000_000_123_456);

pub(crate) fn codec(formats: Formats) -> DjangoCodec {
    let keys = KeyRing::new(SECRET).expect("the secret is not empty");
    DjangoCodec::new(keys, Limits::default()).with_formats(formats)
}

pub(crate) fn dict(json: &str) -> SessionDict {
    SessionDict::parse(json, 1000).expect("the tests write JSON objects")
}

pub(crate) fn encode(
    codec: &impl SessionCodec,
    dict: &SessionDict,
) -> Result<SessionData, EncodeError> {
    with_context(None, |context| codec.encode(dict, context))
}

pub(crate) fn decode(
    codec: &impl SessionCodec,
    data: &SessionData,
) -> Result<Decoded, DecodeError> {
    with_context(None, |context| codec.decode(data, context))
}

pub(crate) fn with_context<T>(
    loaded_stamp: Option<i64>,
    call: impl FnOnce(&Context<'_>) -> T,
) -> T {
    let stored_key = StoredKey::from("key00001abcdefghijklmnopqrstuvwx".to_owned());
    call(&Context { stored_key: &stored_key, now: NOW, loaded_stamp })
}
