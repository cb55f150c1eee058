//! Numbers as Python writes them.

use lodger_codec::PickleCodec;
use lodger_core::{JsonText, Limits, SessionCodec, SessionDict};

use super::row;
use crate::input::Input;

/// Choices: the bits of a float. The rest is the text of a number.
///
/// A finite float is written as Python's `repr` would, and read as the same bits, from JSON and from
/// a pickle; a whole number keeps each of its digits.
pub(super) fn check(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let float = f64::from_bits(input.number().cast_unsigned());
    let text = JsonText::of(&float).expect("a float has a JSON form");
    if float.is_finite() {
        assert!(is_repr(text.as_str()), "{}", text.as_str());
        assert_eq!(text.as_str().parse().map(f64::to_bits), Ok(float.to_bits()));
        assert_eq!(pickled(&text).as_ref(), Some(&text));
    } else {
        assert_eq!(text.as_str(), "null");
    }

    let digits: String = input.text().chars().filter(char::is_ascii_digit).take(3000).collect();
    let whole = format!("-{}", digits.trim_start_matches('0'));
    if whole.len() > 1 {
        let text = JsonText::parse(&whole, 1).expect("a whole number is JSON");
        assert_eq!(pickled(&text).as_ref(), Some(&text), "a digit was lost");
        assert_eq!(text.decode::<i64>().ok(), whole.parse().ok());
    }
}

/// `0.5`, `1e+16`, `1.5e-07`: positional from 1e-4 up to below 1e16.
fn is_repr(text: &str) -> bool {
    let value: f64 = text.parse().expect("a float is written as a number");
    let positional = value == 0.0 || (1e-4..1e16).contains(&value.abs());
    match text.split_once('e') {
        None => positional && text.contains('.') && !text.ends_with('.'),
        Some((mantissa, exponent)) => {
            let digits = exponent.trim_start_matches(['+', '-']);
            !positional
                && exponent.starts_with(['+', '-'])
                && digits.len() >= 2
                && !mantissa.ends_with(".0")
        }
    }
}

fn pickled(value: &JsonText) -> Option<JsonText> {
    let codec = PickleCodec::new(Limits::default());
    let mut dict = SessionDict::new();
    dict.insert_json("n", value.clone());
    row::with_context(None, |context| {
        let pickle = codec.encode(&dict, context).ok()?;
        codec.decode(&pickle, context).ok()?.dict.get_json("n").cloned()
    })
}
