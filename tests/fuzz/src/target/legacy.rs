//! Rows of Django up to 3.0.

use lodger_codec::{DjangoCodec, Formats, KeyRing};
use lodger_core::{DecodeError, SessionData, SessionDict};

use super::row::{self, limits, memory_for};
use crate::canary::SECRET;
use crate::input::Input;
use crate::signature;

/// Choices: whether the rest is signed, and whether the base64 of it is broken into lines.
///
/// Decoding is total and bounded; a signed payload is read as what it is, in whatever lines; what is
/// read is written and read as the same.
pub(super) fn check(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let limits = limits(1 << 14);
    let keys = KeyRing::new(SECRET).expect("the secret is not empty");
    let codec = DjangoCodec::new(keys, limits.clone()).with_formats(Formats::LEGACY);
    let memory = memory_for(limits.inflated);
    if input.choose(b"rs") == b'r' {
        let text = SessionData::from_text(input.text());
        let _ = row::check(&codec, &text, memory);
        return;
    }
    let in_lines = input.choose(&[false, true]);
    let mut row = signature::legacy(input.rest());
    if in_lines {
        row.insert(row.len() / 2, '\n');
    }
    let decoded = row::check(&codec, &SessionData::from_text(row), memory);
    if input.rest().len() <= limits.inflated {
        let text: String = input.rest().iter().copied().map(char::from).collect();
        let parsed = SessionDict::parse(text, limits.json_depth);
        assert_eq!(decoded.map(|decoded| decoded.dict), parsed.map_err(DecodeError::from));
    }
}
