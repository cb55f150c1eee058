//! Deflated data, bombs among them.

use std::io::Read;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::read::{ZlibDecoder, ZlibEncoder};
use lodger_codec::{DjangoCodec, KeyRing};
use lodger_core::{DecodeError, SessionData, SessionDict};

use super::row::{self, limits, memory_for};
use crate::canary::SECRET;
use crate::input::Input;
use crate::signature::{ROW, sign};

/// Choices: a limit, and whether the rest is a stream, or is repeated and deflated.
///
/// Memory is bounded by the limit, whatever the stream inflates to, and the answer is the one that
/// an inflater of another make gives.
pub(super) fn check(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let limits = limits(input.choose(&[1 << 14, 64, 1 << 10]));
    let keys = KeyRing::new(SECRET).expect("the secret is not empty");
    let codec = DjangoCodec::new(keys, limits.clone());
    let stream = if input.choose(b"sb") == b's' { input.rest().to_vec() } else { bomb(input) };
    let row = sign(&format!(".{}:1r31eq", URL_SAFE_NO_PAD.encode(&stream)), ROW);
    if row.len() > limits.session_data {
        return;
    }
    let decoded = row::check(&codec, &SessionData::from_text(row), memory_for(limits.inflated));
    let mut inflated = Vec::new();
    let bound = limits.inflated as u64 + 1;
    let is_stream = ZlibDecoder::new(&*stream).take(bound).read_to_end(&mut inflated).is_ok();
    if inflated.len() > limits.inflated {
        assert_eq!(decoded, Err(DecodeError::TooLarge { limit: limits.inflated }));
    } else if is_stream {
        let text: String = inflated.into_iter().map(char::from).collect();
        let parsed = SessionDict::parse(text, limits.json_depth).map_err(DecodeError::from);
        assert_eq!(decoded.map(|decoded| decoded.dict), parsed);
    } else {
        assert_eq!(decoded, Err(DecodeError::Malformed { part: "compressed data" }));
    }
}

/// A choice of how often, and what is repeated in a text.
fn bomb(mut input: Input<'_>) -> Vec<u8> {
    let times = input.choose(&[1, 2, 100, 10_000, 100_000]);
    let text = input.rest().get(..64).unwrap_or(input.rest()).repeat(times);
    let dict = [br#"{"a":""#, &*text, br#""}"#].concat();
    let mut stream = Vec::new();
    let deflated = ZlibEncoder::new(&*dict, Compression::fast()).read_to_end(&mut stream);
    deflated.expect("memory is read without an error");
    stream
}
