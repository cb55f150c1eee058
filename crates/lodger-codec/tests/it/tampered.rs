//! Data that nobody signed, or that were signed by mistake.

use lodger_codec::Formats;
use lodger_core::{DecodeError, JsonError, SessionCodec, SessionData};

use crate::context::{codec, decode, dict, encode};
use crate::foreign;
use crate::warnings::warnings;

const ALL: [Formats; 4] =
    [Formats::MODERN, Formats::TRANSITION, Formats::TRANSITION_SHA1, Formats::LEGACY];

fn text(row: &str) -> SessionData {
    SessionData::from_text(row)
}

/// Promise 15
#[test]
fn no_flipped_bit_gives_other_data() {
    let written = dict(r#"{"_auth_user_id":"42","n":[1,2.50,null],"k":"aaaaaaaaaaaaaaaaaaaa"}"#);
    for formats in ALL {
        let codec = codec(formats);
        let row = encode(&codec, &written).unwrap();
        let mut refused = 0;
        for bit in 0..row.as_bytes().len() * 8 {
            let mut bytes = row.as_bytes().to_vec();
            bytes[bit / 8] ^= 1 << (bit % 8);
            match decode(&codec, &SessionData::from_bytes(bytes)) {
                Ok(decoded) => assert_eq!(decoded.dict, written, "bit {bit}"),
                Err(_) => refused += 1,
            }
        }
        // Only the bits that base64 leaves over at the end of a legacy row are nobody's.
        assert!(refused >= row.as_bytes().len() * 8 - 8);
    }
}

#[test]
fn a_store_that_looks_inside_reports_nothing() {
    let (right, wrong) = (codec(Formats::MODERN), codec(Formats::LEGACY));
    let written = dict(r#"{"a":1}"#);
    let row = encode(&right, &written).unwrap();
    let stored_key = lodger_core::StoredKey::from("k".repeat(32));
    let now = lodger_core::Timestamp::from_secs(1_700_000_000);
    let context = lodger_core::Context { stored_key: &stored_key, now, loaded_stamp: None };
    for codec in [right, wrong] {
        let (inspected, heard) = warnings(|| codec.inspect(&row, &context));
        assert_eq!(heard, [] as [&str; 0]);
        let (decoded, _) = warnings(|| codec.decode(&row, &context));
        assert_eq!(inspected, decoded);
    }
}

#[test]
fn a_bad_signature_is_reported_once_and_without_data_or_key() {
    let row = encode(&codec(Formats::MODERN), &dict(r#"{"canary":"canary"}"#)).unwrap();
    let row = row.as_text().unwrap();
    let legacy = foreign::legacy(br#"{"canary":"canary"}"#);
    for forged in [
        format!("x{row}"),
        format!("{row} "),
        row[..row.len() - 1].to_owned(),
        row.to_uppercase(),
        row.replace(':', ""),
        "canary".to_owned(),
        String::new(),
        "é€".to_owned(),
        // Not among the formats read.
        legacy.clone(),
    ] {
        let codec = codec(Formats::MODERN);
        let (answer, heard) = warnings(|| decode(&codec, &text(&forged)));
        assert!(matches!(answer, Err(DecodeError::Suspicious(_))), "{forged}");
        assert_eq!(heard, ["message=session data corrupted "], "{forged}");
    }
    for formats in [Formats::TRANSITION, Formats::LEGACY] {
        let codec = codec(formats);
        let forged = format!("AAAA{legacy}");
        let (answer, heard) = warnings(|| decode(&codec, &text(&forged)));
        assert!(matches!(answer, Err(DecodeError::Suspicious(_))));
        assert_eq!(heard.len(), 1);
    }
}

#[test]
fn bytes_that_are_no_text_are_reported_as_a_bad_signature() {
    for formats in ALL {
        let codec = codec(formats);
        let data = SessionData::from_bytes([0x80, 5, b'}', 0xff]);
        let (answer, heard) = warnings(|| decode(&codec, &data));
        assert!(matches!(answer, Err(DecodeError::Suspicious(_))));
        assert_eq!(heard.len(), 1);
    }
    // A text in the form of bytes is a text.
    let row = encode(&codec(Formats::MODERN), &dict("{}")).unwrap();
    assert!(decode(&codec(Formats::MODERN), &SessionData::from_bytes(row.as_bytes())).is_ok());
}

#[test]
fn whatever_else_is_wrong_with_signed_data_is_not_reported() {
    let malformed = |part| DecodeError::Malformed { part };
    let cut = foreign::deflate(br#"{"a":"b"}"#);
    for (row, wrong) in [
        (foreign::modern("eyJhIjoiYiJ9"), malformed("timestamp")),
        (foreign::modern("eyJhIjoiYiJ9:"), malformed("timestamp")),
        (foreign::modern("eyJhIjoiYiJ9:é"), malformed("timestamp")),
        (foreign::modern("eyJ:a:b:1"), malformed("base64 text")),
        (foreign::modern("e:1"), malformed("base64 text")),
        (foreign::modern_stream(b"not zlib"), malformed("compressed data")),
        (foreign::modern_stream(&cut[..cut.len() - 1]), malformed("compressed data")),
        (foreign::modern_payload(b"[1,2]"), DecodeError::Content(JsonError::NotAnObject)),
        (foreign::modern_payload(b""), DecodeError::Content(JsonError::Syntax { offset: 0 })),
        (foreign::legacy(b"null"), DecodeError::Content(JsonError::NotAnObject)),
        (foreign::legacy(b"{a}"), DecodeError::Content(JsonError::Syntax { offset: 1 })),
    ] {
        let codec = codec(Formats::TRANSITION);
        let (answer, heard) = warnings(|| decode(&codec, &text(&row)));
        assert_eq!(answer.unwrap_err(), wrong, "{row}");
        assert_eq!(heard, [""; 0], "{row}");
    }
}

#[test]
fn a_body_is_read_as_leniently_as_in_django() {
    for value in ["eyJhIjoiYiJ9:-1", "eyJh!Ijoi\nYiJ9:-", "eyJhIjoiYiJ9====:zzzzzzzzzzzzzzzzzzzz"] {
        let decoded = decode(&codec(Formats::MODERN), &text(&foreign::modern(value))).unwrap();
        assert_eq!(decoded.dict, dict(r#"{"a":"b"}"#));
        assert!(decoded.stamp.is_some());
    }
}
