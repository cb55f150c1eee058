//! What holds for any row that a codec is given.

use lodger_core::{
    Context, DecodeError, Decoded, Limits, SessionCodec, SessionData, StoredKey, Timestamp,
};

use crate::canary::{KEY, assert_unseen};
use crate::memory;

/// Bounds that a seed can exceed.
pub(super) fn limits(inflated: usize) -> Limits {
    let mut limits = Limits::default();
    limits.session_data = 1 << 16;
    limits.inflated = inflated;
    limits.json_depth = 40;
    limits
}

/// What is held at once while so many bytes of JSON are read: a field of six bytes has a name, a
/// value, and a place in the map, which grows by doubling.
pub(super) const fn memory_for(bytes: usize) -> usize {
    (1 << 17) + 150 * bytes
}

/// The context of a row, now.
pub(super) fn with_context<T>(
    loaded_stamp: Option<i64>,
    work: impl FnOnce(&Context<'_>) -> T,
) -> T {
    let stored_key = StoredKey::from(format!("{KEY}0123456789"));
    let now = Timestamp::from_secs(1_700_000_000);
    work(&Context { stored_key: &stored_key, now, loaded_stamp })
}

/// Decodes a row within the memory that its limits grant. What is read is written and read again,
/// and is the same; what is not is told without a secret.
pub(super) fn check(
    codec: &impl SessionCodec,
    row: &SessionData,
    memory: usize,
) -> Result<Decoded, DecodeError> {
    let decoded =
        with_context(None, |context| memory::at_most(memory, || codec.decode(row, context)));
    match &decoded {
        Ok(decoded) => check_round_trip(codec, row, decoded),
        Err(error) => assert_unseen(error),
    }
    decoded
}

fn check_round_trip(codec: &impl SessionCodec, row: &SessionData, decoded: &Decoded) {
    with_context(decoded.stamp, |context| match codec.encode(&decoded.dict, context) {
        Ok(written) => {
            let again = codec.decode(&written, context).expect("what is written can be read");
            assert_eq!(again.dict, decoded.dict);
            assert_eq!(again.dict.to_json(), decoded.dict.to_json());
            if decoded.stamp.is_some_and(|stamp| stamp < i64::MAX) {
                assert_ne!(&written, row, "a stamped text is never written twice");
            }
        }
        // Escaped, it may be longer than what was read.
        Err(error) => assert_unseen(&error),
    });
}
