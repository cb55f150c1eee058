//! What holds for all data and all bytes.

use lodger_core::{JsonText, SessionData, SessionDict};
use proptest::prelude::*;

use super::{bounded, codec, json};
use crate::context::{decode, dict, encode};
use crate::properties::dicts;

fn python_text<T: serde::Serialize>(value: &T) -> String {
    JsonText::of(value).expect("texts and finite floats have a JSON form").as_str().to_owned()
}

/// A JSON string as Python writes it.
fn string() -> impl Strategy<Value = String> {
    let text = any::<String>().prop_map(|text| {
        let quoted = python_text(&text);
        quoted[1..quoted.len() - 1].to_owned()
    });
    let surrogate = (0xd800..=0xdfff_u32).prop_map(|unit| format!("\\u{unit:04x}"));
    let piece = prop_oneof![3 => text, 1 => surrogate];
    prop::collection::vec(piece, 0..4).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
}

/// A JSON value as Python writes it.
fn value() -> impl Strategy<Value = String> {
    let float = any::<f64>().prop_filter("not finite", |float| float.is_finite());
    let leaf = prop_oneof![
        prop::sample::select(&["null", "true", "false", "NaN", "Infinity", "-Infinity"][..])
            .prop_map(str::to_owned),
        any::<i64>().prop_map(|int| int.to_string()),
        "-?[1-9][0-9]{0,800}|0",
        float.prop_map(|float| python_text(&float)),
        string(),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        let field = (string(), inner.clone()).prop_map(|(name, value)| format!("{name}:{value}"));
        prop_oneof![
            prop::collection::vec(inner, 0..6).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec(field, 0..6).prop_map(|items| format!("{{{}}}", items.join(","))),
        ]
    })
}

fn written_by_python() -> impl Strategy<Value = SessionDict> {
    let field = (string(), value()).prop_map(|(name, value)| format!("{name}:{value}"));
    prop::collection::vec(field, 0..8).prop_map(|fields| dict(&format!("{{{}}}", fields.join(","))))
}

/// Opcodes with what belongs to them, so that more of them are run than of plain noise.
fn program() -> impl Strategy<Value = Vec<u8>> {
    let fixed = prop::sample::select(
        &b"(.012NRabdeloqstu})]\x81\x85\x86\x87\x88\x89\x8f\x90\x91\x93\x94"[..],
    );
    let small = 0_u8..6;
    let global = prop::sample::select(
        &[
            "datetime\ndatetime\n",
            "datetime\ntimedelta\n",
            "datetime\ntimezone\n",
            "pytz\n_UTC\n",
            "_codecs\nencode\n",
            "os\nsystem\n",
        ][..],
    );
    let step = prop_oneof![
        8 => fixed.prop_map(|opcode| vec![opcode]),
        3 => (prop::sample::select(&b"hqK\x80"[..]), small).prop_map(|(opcode, byte)| vec![opcode, byte]),
        3 => (prop::sample::select(&b"UC\x8c\x8a"[..]), prop::collection::vec(any::<u8>(), 0..12))
            .prop_map(|(opcode, bytes)| [&[opcode, bytes.len() as u8][..], &bytes].concat()),
        1 => global.prop_map(|name| [b"c", name.as_bytes()].concat()),
        1 => any::<f64>().prop_map(|float| [&b"G"[..], &float.to_be_bytes()].concat()),
        1 => Just(b"U\x0f_session_expiry".to_vec()),
        1 => Just(b"U\x0a\x07\xe7\x0b\x0f\x16\x0d\x19\0\0\0".to_vec()),
        1 => any::<u8>().prop_map(|byte| vec![byte]),
    ];
    prop::collection::vec(step, 0..60).prop_map(|steps| [&b"}"[..], &steps.concat(), b"."].concat())
}

proptest! {
    /// Promise 15
    #[test]
    fn what_python_could_have_written_comes_back_to_the_byte(written in written_by_python()) {
        let pickle = encode(&codec(), &written).unwrap();
        prop_assert_eq!(decode(&codec(), &pickle).unwrap().dict.to_json(), written.to_json());
    }

    /// Numbers and escapes take Python's form once, and keep it.
    #[test]
    fn what_comes_back_stays_as_it_is(written in dicts()) {
        let once = decode(&codec(), &encode(&codec(), &written).unwrap()).unwrap().dict;
        prop_assert_eq!(once.len(), written.len());
        let pickle = encode(&codec(), &once).unwrap();
        prop_assert_eq!(decode(&codec(), &pickle).unwrap().dict.to_json(), once.to_json());
    }

    /// Promise 15
    #[test]
    fn decoding_is_total_over_bytes(bytes: Vec<u8>) {
        let _ = json(&codec(), &bytes);
    }

    /// Promise 15
    #[test]
    fn decoding_is_total_over_programs(program in program()) {
        if let Ok(json) = json(&codec(), &program) {
            let is_object = json.starts_with('{') && json.is_ascii();
            prop_assert!(is_object);
        }
    }

    /// Promise 15
    #[test]
    fn decoding_is_total_over_changed_pickles(
        written in dicts(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut pickle = encode(&codec(), &written).unwrap().as_bytes().to_vec();
        for (at, byte) in changes {
            let at = at.index(pickle.len());
            pickle[at] = byte;
        }
        let _ = json(&codec(), &pickle);
        let end = cut.index(pickle.len());
        let _ = json(&codec(), &pickle[..end]);
        pickle.remove(end);
        let _ = json(&codec(), &pickle);
    }

    /// Promise 10
    #[test]
    fn what_is_read_is_bounded(program in program(), limit in 0_usize..100) {
        let small = bounded(|limits| {
            limits.inflated = limit;
            limits.json_depth = 4;
        });
        if let Ok(json) = json(&small, &program) {
            prop_assert!(json.len() <= limit);
            prop_assert!(SessionDict::parse(json.as_str(), 4).is_ok());
        }
    }

    /// Promise 10
    #[test]
    fn what_is_written_is_bounded(written in dicts(), limit in 0_usize..200) {
        let small = bounded(|limits| limits.session_data = limit);
        if let Ok(pickle) = encode(&small, &written) {
            prop_assert!(pickle.as_bytes().len() <= limit);
            prop_assert!(decode(&small, &SessionData::from_bytes(pickle.as_bytes())).is_ok());
        }
    }
}
