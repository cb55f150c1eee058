//! Signed JSON.

use lodger_codec::{DjangoCodec, Formats, KeyRing};
use lodger_core::{DecodeError, SessionCodec, SessionData, SessionDict};

use super::row::{self, limits, memory_for};
use crate::canary::SECRET;
use crate::input::Input;
use crate::signature::{ROW, body, is_signed, sign};

/// Choices: formats, and how the rest becomes a row.
///
/// Decoding is total and bounded, what is read is written and read as the same, and no change of a
/// signed row gives other data.
pub(super) fn check(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let formats = input.choose(&[Formats::MODERN, Formats::TRANSITION, Formats::TRANSITION_SHA1]);
    let limits = limits(1 << 14);
    let keys = KeyRing::new(SECRET).expect("the secret is not empty");
    let codec = DjangoCodec::new(keys, limits.clone()).with_formats(formats);
    let memory = memory_for(limits.inflated);
    match input.choose(b"rpvt") {
        b'r' => {
            let text = input.text();
            let decoded = row::check(&codec, &SessionData::from_text(text.as_str()), memory);
            if formats == Formats::MODERN {
                assert!(decoded.is_err() || is_signed(&text, ROW), "nobody signed it");
            }
        }
        b'p' => {
            let row = sign(&body(input.rest(), "1r31eq"), ROW);
            let decoded = row::check(&codec, &SessionData::from_text(row), memory);
            let text: String = input.rest().iter().copied().map(char::from).collect();
            if formats != Formats::TRANSITION_SHA1 && input.rest().len() <= limits.inflated {
                let parsed = SessionDict::parse(text, limits.json_depth);
                assert_eq!(decoded.map(|decoded| decoded.dict), parsed.map_err(DecodeError::from));
            }
        }
        b'v' => {
            let row = sign(&input.text(), ROW);
            let _ = row::check(&codec, &SessionData::from_text(row), memory);
        }
        _ => tampered(&codec, input),
    }
}

/// Choices: the place of a byte, and another byte.
fn tampered(codec: &DjangoCodec, mut input: Input<'_>) {
    let (place, byte) = (usize::from(input.byte()), input.byte());
    let Ok(dict) = SessionDict::parse(input.text(), 20) else { return };
    row::with_context(None, |context| {
        let Ok(row) = codec.encode(&dict, context) else { return };
        let mut changed = row.as_bytes().to_vec();
        let place = place * changed.len() / 256;
        changed[place] = byte;
        if let Ok(decoded) = codec.decode(&SessionData::from_bytes(changed), context) {
            assert_eq!(decoded.dict, dict, "a changed row gives other data");
        }
    });
}
