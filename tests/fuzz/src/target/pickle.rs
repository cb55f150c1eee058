//! Pickled dicts, which lie in Django's caches.

use lodger_codec::PickleCodec;
use lodger_core::{SessionCodec, SessionData, SessionDict};

use super::row::{self, limits, memory_for};
use crate::input::Input;

/// Choices: whether the rest is a pickle, or JSON to be pickled.
///
/// A pickle is read in memory bounded by its length and the limits. What is read is written and read
/// as the same, and written again to the same bytes; a dict of JSON is pickled and read whole.
pub(super) fn check(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let limits = limits(1 << 14);
    let codec = PickleCodec::new(limits.clone());
    if input.choose(b"pj") == b'p' {
        let pickle = SessionData::from_bytes(input.rest());
        let memory = memory_for(limits.inflated) + 200 * input.rest().len();
        if let Ok(decoded) = row::check(&codec, &pickle, memory) {
            is_stable(&codec, &decoded.dict);
        }
    } else if let Ok(dict) = SessionDict::parse(input.text(), limits.json_depth) {
        let pickle = row::with_context(None, |context| codec.encode(&dict, context));
        if let Ok(pickle) = pickle {
            let memory = memory_for(limits.inflated) + 200 * pickle.as_bytes().len();
            let decoded = row::check(&codec, &pickle, memory).expect("what is written is read");
            assert!(
                decoded.dict.iter().map(|(name, _)| name).eq(dict.iter().map(|(name, _)| name))
            );
            is_stable(&codec, &decoded.dict);
        }
    }
}

fn is_stable(codec: &PickleCodec, dict: &SessionDict) {
    row::with_context(None, |context| {
        let Ok(pickle) = codec.encode(dict, context) else { return };
        let again = codec.decode(&pickle, context).expect("what is written can be read");
        assert_eq!(codec.encode(&again.dict, context).as_ref(), Ok(&pickle));
    });
}
