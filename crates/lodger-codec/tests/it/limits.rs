//! Bounds, stamps and salts.

use lodger_codec::{Compression, DjangoCodec, Formats, KeyRing};
use lodger_core::{DecodeError, EncodeError, Limits, SessionCodec, SessionData, SessionDict};

use crate::context::{SECRET, codec, decode, dict, encode, with_context};
use crate::foreign;
use crate::warnings::warnings;

fn bounded(set: impl FnOnce(&mut Limits)) -> DjangoCodec {
    let mut limits = Limits::default();
    set(&mut limits);
    let keys = KeyRing::new(SECRET).expect("the secret is not empty");
    DjangoCodec::new(keys, limits)
}

/// Promise 10
#[test]
fn longer_data_than_allowed_are_neither_read_nor_written() {
    let written = dict(r#"{"a":"b"}"#);
    for formats in [Formats::MODERN, Formats::LEGACY] {
        let row = encode(&codec(formats), &written).unwrap();
        let size = row.as_bytes().len();
        let exact = bounded(|limits| limits.session_data = size).with_formats(formats);
        assert_eq!(encode(&exact, &written).unwrap(), row);
        assert_eq!(decode(&exact, &row).unwrap().dict, written);

        let limit = size - 1;
        let small = bounded(|limits| limits.session_data = limit).with_formats(formats);
        assert_eq!(encode(&small, &written).unwrap_err(), EncodeError::TooLarge { size, limit });
        // The size is judged before the signature, so nothing is reported.
        let (answer, heard) = warnings(|| decode(&small, &row));
        assert_eq!(answer.unwrap_err(), DecodeError::TooLarge { limit });
        assert!(heard.is_empty());
    }
}

/// Promise 10
#[test]
fn a_zlib_bomb_is_refused() {
    let bomb = foreign::deflate(&vec![b' '; 64 << 20]);
    let row = SessionData::from_text(foreign::modern_stream(&bomb));
    let error = decode(&codec(Formats::MODERN), &row).unwrap_err();
    assert_eq!(error, DecodeError::TooLarge { limit: 8 << 20 });
}

/// Promise 10
#[test]
fn what_could_not_be_read_back_is_not_written() {
    let mut deep = SessionDict::new();
    let nested = "[".repeat(50) + &"]".repeat(50);
    deep.insert_json("a", lodger_core::JsonText::parse(&nested, 100).unwrap());
    assert!(encode(&bounded(|limits| limits.json_depth = 51), &deep).is_ok());
    let shallow = bounded(|limits| limits.json_depth = 50);
    assert!(matches!(encode(&shallow, &deep), Err(EncodeError::Unsupported { .. })));
    let row = encode(&codec(Formats::MODERN), &deep).unwrap();
    assert!(matches!(decode(&shallow, &row), Err(DecodeError::Content(_))));
}

/// Promise 5
#[test]
fn a_stored_text_is_never_written_twice_in_a_row() {
    let codec = codec(Formats::MODERN);
    let mut row = encode(&codec, &dict("{}")).unwrap();
    let mut stamp = decode(&codec, &row).unwrap().stamp;
    assert_eq!(stamp, Some(1_700_000_000));
    for _ in 0..3 {
        let next = with_context(stamp, |context| codec.encode(&dict("{}"), context)).unwrap();
        assert_ne!(next, row);
        let next_stamp = decode(&codec, &next).unwrap().stamp;
        assert_eq!(next_stamp, stamp.map(|stamp| stamp + 1));
        (row, stamp) = (next, next_stamp);
    }
}

#[test]
fn a_legacy_row_has_no_stamp() {
    let codec = codec(Formats::LEGACY);
    let row = encode(&codec, &dict("{}")).unwrap();
    assert_eq!(decode(&codec, &row).unwrap().stamp, None);
}

/// Promise 15
#[test]
fn rows_of_another_salt_or_class_are_not_believed() {
    for formats in [Formats::MODERN, Formats::LEGACY] {
        let plain = codec(formats);
        let named = codec(formats).with_store_class("Outer.InnerStore");
        let row = encode(&named, &dict("{}")).unwrap();
        assert!(decode(&named, &row).is_ok());
        assert!(matches!(decode(&plain, &row), Err(DecodeError::Suspicious(_))));
    }
    let salted = codec(Formats::MODERN).with_salt("django.contrib.sessions.SessionStore");
    assert!(decode(&salted, &encode(&codec(Formats::MODERN), &dict("{}")).unwrap()).is_ok());
    let cookies = codec(Formats::MODERN).with_salt("other");
    assert!(decode(&cookies, &encode(&salted, &dict("{}")).unwrap()).is_err());
}

#[test]
fn compression_changes_the_row_and_not_the_data() {
    let written = dict(&format!(r#"{{"k":"{}"}}"#, "a".repeat(200)));
    for (compression, deflated) in [
        (Compression::Auto, true),
        (Compression::AtLeast(100), true),
        (Compression::AtLeast(1000), false),
        (Compression::Never, false),
    ] {
        let codec = codec(Formats::MODERN).with_compression(compression);
        let row = encode(&codec, &written).unwrap();
        assert_eq!(row.as_text().unwrap().starts_with('.'), deflated);
        assert_eq!(decode(&codec, &row).unwrap().dict, written);
    }
}

/// Promise 12
#[test]
fn debug_of_the_codec_shows_no_secret() {
    assert!(!format!("{:?}", codec(Formats::TRANSITION)).contains(SECRET));
}
