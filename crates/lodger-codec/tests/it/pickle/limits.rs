//! Bounds, and what is no session.

use lodger_core::{DecodeError, EncodeError, JsonError, JsonText, SessionData, SessionDict};

use super::{bounded, codec, json};
use crate::context::{decode, dict, encode};

/// Promise 10
#[test]
fn longer_pickles_than_allowed_are_neither_read_nor_written() {
    let written = dict(r#"{"a":"b"}"#);
    let pickle = encode(&codec(), &written).unwrap();
    let size = pickle.as_bytes().len();
    let exact = bounded(|limits| limits.session_data = size);
    assert_eq!(encode(&exact, &written).unwrap(), pickle);
    assert_eq!(decode(&exact, &pickle).unwrap().dict, written);

    let limit = size - 1;
    let small = bounded(|limits| limits.session_data = limit);
    assert_eq!(encode(&small, &written).unwrap_err(), EncodeError::TooLarge { size, limit });
    assert_eq!(decode(&small, &pickle).unwrap_err(), DecodeError::TooLarge { limit });
}

/// Promise 10
#[test]
fn ten_megabytes_are_refused_both_ways() {
    let large = dict(&format!(r#"{{"a":"{}"}}"#, "x".repeat(10_000_000)));
    assert!(matches!(encode(&codec(), &large), Err(EncodeError::TooLarge { .. })));
    let generous = bounded(|limits| {
        limits.session_data = usize::MAX;
        limits.inflated = usize::MAX;
    });
    let pickle = encode(&generous, &large).unwrap();
    assert_eq!(decode(&generous, &pickle).unwrap().dict, large);
    let refused = decode(&codec(), &pickle).unwrap_err();
    assert_eq!(refused, DecodeError::TooLarge { limit: 1 << 20 });
}

/// Promise 10
#[test]
fn what_could_not_be_read_back_is_not_written() {
    let nested = "[".repeat(50) + &"]".repeat(50);
    let mut deep = SessionDict::new();
    deep.insert_json("a", JsonText::parse(&nested, 100).unwrap());
    assert!(encode(&bounded(|limits| limits.json_depth = 51), &deep).is_ok());
    let shallow = bounded(|limits| limits.json_depth = 50);
    assert!(matches!(encode(&shallow, &deep), Err(EncodeError::Unsupported { .. })));
    let pickle = encode(&codec(), &deep).unwrap();
    assert_eq!(decode(&shallow, &pickle).unwrap_err(), JsonError::TooDeep.into());

    // These four bytes come back as eighteen, and these raw characters as escapes.
    for value in ["1e15", "\"\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\""] {
        let grows = dict(&format!(r#"{{"a":{value}}}"#));
        let back = decode(&codec(), &encode(&codec(), &grows).unwrap()).unwrap().dict.to_json();
        assert!(back.len() > grows.to_json().len() + 10);
        let exact = bounded(|limits| limits.inflated = back.len());
        assert!(encode(&exact, &grows).is_ok());
        let short = bounded(|limits| limits.inflated = back.len() - 1);
        assert!(matches!(encode(&short, &grows), Err(EncodeError::Unsupported { .. })));
    }

    let digits = "7".repeat(110_000);
    let long = dict(&format!(r#"{{"a":{digits}}}"#));
    assert!(matches!(encode(&codec(), &long), Err(EncodeError::Unsupported { .. })));
}

#[test]
fn a_pickle_that_is_no_dict_is_no_session() {
    for pickle in
        [&b"\x80\x05N."[..], b"\x80\x02N.", b"\x80\x05]\x94.", b"\x80\x05K\x01.", b"\x80\x05\x88."]
    {
        assert_eq!(json(&codec(), pickle), Err(JsonError::NotAnObject.into()));
    }
    for empty in [&b"\x80\x05}\x94."[..], b"\x80\x02}q\x01."] {
        assert_eq!(json(&codec(), empty).unwrap(), "{}");
    }
}

#[test]
fn what_is_no_pickle_is_an_error() {
    for other in [&b""[..], b"{}", b"e30:1r31eq:x", b"42", b"\x80", b"\x78\x9c\x01", &[0; 100]] {
        assert!(matches!(json(&codec(), other), Err(DecodeError::Malformed { .. })), "{other:?}");
    }
}

#[test]
fn the_same_data_have_the_same_bytes() {
    let written = dict(r#"{"b":[1,2.5,null],"a":"\u00e9"}"#);
    let pickle = encode(&codec(), &written).unwrap();
    assert_eq!(encode(&codec(), &written).unwrap(), pickle);
    let again = decode(&codec(), &pickle).unwrap();
    assert_eq!((again.stamp, encode(&codec(), &again.dict).unwrap()), (None, pickle));
    assert_eq!(
        encode(&codec(), &SessionDict::new()).unwrap(),
        SessionData::from_bytes(*b"\x80\x02}.")
    );
}
