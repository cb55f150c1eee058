//! What holds for all data.

use lodger_codec::{Compression, DjangoCodec, Format, Formats};
use lodger_core::{SessionData, SessionDict};
use proptest::prelude::*;

use crate::context::{codec, decode, dict, encode};
use crate::foreign;

/// A JSON string with its quotes: escapes of all kinds, lone surrogates, the empty one.
fn json_string() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[ !#-\\[\\]-~]{1,8}",
        1 => Just("\u{7f}".to_owned()),
        1 => "\\\\[\"\\\\/bfnrt]",
        1 => "\\\\u[0-9a-fA-F]{4}",
        1 => Just(r"\ud83d\ude00".to_owned()),
        1 => "\\\\ud[89a-f][0-9a-f]{2}",
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
}

fn json_value() -> impl Strategy<Value = String> {
    const WORDS: [&str; 8] =
        ["null", "true", "false", "NaN", "Infinity", "-Infinity", "-0.0", "1e999"];
    let leaf = prop_oneof![
        prop::sample::select(&WORDS[..]).prop_map(str::to_owned),
        "-?(0|[1-9][0-9]{0,60})",
        "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,4})?",
        json_string(),
        (1_usize..990).prop_map(|depth| "[".repeat(depth) + &"]".repeat(depth)),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        let field = (json_string(), inner.clone());
        prop_oneof![
            prop::collection::vec(inner, 0..6).prop_map(|items| format!("[{}]", items.join(", "))),
            prop::collection::vec(field, 0..6).prop_map(|fields| object(&fields)),
        ]
    })
}

fn object(fields: &[(String, String)]) -> String {
    let fields: Vec<String> =
        fields.iter().map(|(name, value)| format!("{name}:{value}")).collect();
    format!("{{{}}}", fields.join(","))
}

/// Dicts that fit into the default limits.
pub(crate) fn dicts() -> impl Strategy<Value = SessionDict> {
    prop::collection::vec((json_string(), json_value()), 0..8)
        .prop_map(|fields| object(&fields))
        .prop_filter_map("nested too deeply", |text| SessionDict::parse(text, 1000).ok())
}

fn formats() -> impl Strategy<Value = Formats> {
    prop::sample::select(vec![
        Formats::MODERN,
        Formats::TRANSITION,
        Formats::TRANSITION_SHA1,
        Formats::LEGACY,
        Formats::writing(Format::ModernSha1),
    ])
}

fn codecs() -> impl Strategy<Value = DjangoCodec> {
    let compression =
        prop::sample::select(vec![Compression::Auto, Compression::AtLeast(64), Compression::Never]);
    (formats(), compression)
        .prop_map(|(formats, compression)| codec(formats).with_compression(compression))
}

/// Every prefix of a row that is no row must be an error or the same data.
fn harmless(codec: &DjangoCodec, data: &SessionData, written: &SessionDict) {
    if let Ok(decoded) = decode(codec, data) {
        assert_eq!(decoded.dict, *written);
    }
}

proptest! {
    /// Promise 15
    #[test]
    fn what_is_encoded_decodes_to_the_same(codec in codecs(), written in dicts()) {
        let row = encode(&codec, &written).unwrap();
        prop_assert!(row.as_bytes().is_ascii());
        let decoded = decode(&codec, &row).unwrap();
        prop_assert_eq!(&decoded.dict, &written);
        prop_assert_eq!(decoded.dict.to_json(), written.to_json());
        let transition = super::context::codec(Formats::TRANSITION);
        prop_assert_eq!(decode(&transition, &row).unwrap().dict, written);
    }

    #[test]
    fn values_of_any_text_come_back(
        codec in codecs(),
        fields in prop::collection::btree_map(any::<String>(), any::<(String, i64, Option<bool>)>(), 0..8),
    ) {
        let mut written = SessionDict::new();
        for (name, value) in &fields {
            written.insert(name, value).unwrap();
        }
        let decoded = decode(&codec, &encode(&codec, &written).unwrap()).unwrap().dict;
        prop_assert_eq!(decoded.len(), fields.len());
        for (name, value) in &fields {
            let read: Option<(String, i64, Option<bool>)> = decoded.get(name).unwrap();
            prop_assert_eq!(read.as_ref(), Some(value));
        }
    }

    /// Promise 15
    #[test]
    fn decoding_is_total_over_bytes(formats in formats(), bytes: Vec<u8>) {
        prop_assert!(decode(&codec(formats), &SessionData::from_bytes(bytes)).is_err());
    }

    /// Promise 15
    #[test]
    fn decoding_is_total_over_texts(formats in formats(), text in "([A-Za-z0-9_.:=+/-]|\\PC)*") {
        prop_assert!(decode(&codec(formats), &SessionData::from_text(text)).is_err());
    }

    /// Promise 15
    #[test]
    fn decoding_is_total_behind_a_good_signature(
        value in "[.]?[A-Za-z0-9_=!-]{0,40}(:[A-Za-z0-9é-]{0,30})?",
        payload: Vec<u8>,
        json in json_value(),
    ) {
        let codec = codec(Formats::TRANSITION);
        for row in [
            foreign::modern(&value),
            foreign::modern_payload(&payload),
            foreign::modern_stream(&payload),
            foreign::modern_stream(&foreign::deflate(&payload)),
            foreign::modern_payload(json.as_bytes()),
            foreign::legacy(&payload),
            foreign::legacy(json.as_bytes()),
        ] {
            let _ = decode(&codec, &SessionData::from_text(row));
        }
    }

    /// Promise 15
    #[test]
    fn a_changed_row_never_decodes_to_other_data(
        formats in formats(),
        written in dicts(),
        flipped in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        inserted in "[A-Za-z0-9_.:=+/-]{1,4}",
    ) {
        let codec = codec(formats);
        let row = encode(&codec, &written).unwrap();
        let bit = flipped.index(row.as_bytes().len() * 8);
        let mut bytes = row.as_bytes().to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        harmless(&codec, &SessionData::from_bytes(bytes), &written);

        let text = row.as_text().unwrap();
        let (head, tail) = text.split_at(at.index(text.len()));
        for other in [head, tail, &format!("{head}{inserted}{tail}"), &format!("{tail}{head}")] {
            harmless(&codec, &SessionData::from_text(other), &written);
        }
    }

    /// Raw characters come back escaped, as the same text.
    #[test]
    fn characters_that_were_not_escaped_mean_the_same(value in "[^\"\\\\\u{0}-\u{1f}]*") {
        let written = dict(&format!("{{\"a\":\"{value}\"}}"));
        let codec = codec(Formats::MODERN);
        let decoded = decode(&codec, &encode(&codec, &written).unwrap()).unwrap().dict;
        prop_assert_eq!(decoded.get::<String>("a").unwrap(), Some(value));
    }
}
