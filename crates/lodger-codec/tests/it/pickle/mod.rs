//! The pickle codec against Python's `pickle`, and against what no pickler writes.

mod harmful;
mod limits;
mod properties;
mod python;

use lodger_codec::PickleCodec;
use lodger_core::{DecodeError, Limits, SessionData};

fn codec() -> PickleCodec {
    PickleCodec::new(Limits::default())
}

fn bounded(set: impl FnOnce(&mut Limits)) -> PickleCodec {
    let mut limits = Limits::default();
    set(&mut limits);
    PickleCodec::new(limits)
}

/// The JSON text of what a pickle holds.
fn json(codec: &PickleCodec, pickle: &[u8]) -> Result<String, DecodeError> {
    let decoded = crate::context::decode(codec, &SessionData::from_bytes(pickle));
    decoded.map(|decoded| decoded.dict.to_json())
}
