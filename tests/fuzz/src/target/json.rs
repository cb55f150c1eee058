//! The scanner of Python's JSON, beside serde_json.

use lodger_core::{JsonError, JsonText, SessionDict};
use serde_json::Value;

use super::row::memory_for;
use crate::canary::assert_unseen;
use crate::input::Input;
use crate::memory;

/// How deep serde_json reads.
const DEPTH: usize = 127;

/// What serde_json takes for an object is one here, with the same values; what it does not take and
/// is one here has something in it that Python alone allows. What is read is written in ASCII, and
/// read as the same.
pub(super) fn check(bytes: &[u8]) {
    let text = Input::new(bytes).text();
    let parsed =
        memory::at_most(memory_for(text.len() * 6), || SessionDict::parse(text.as_str(), DEPTH));
    let oracle = serde_json::from_str::<Value>(&text);
    match (&parsed, &oracle) {
        (Ok(dict), Ok(Value::Object(fields))) => {
            assert_eq!(dict.len(), fields.len());
            for (name, value) in fields {
                let held = dict.get_json(name).expect("the field is there");
                assert_eq!(held.decode::<Value>().as_ref(), Ok(value));
            }
        }
        (Ok(_), Ok(_)) => panic!("what is no object was read as one"),
        (Ok(_), Err(error)) => assert!(is_pythons(&text), "read, but not by serde_json: {error}"),
        (Err(JsonError::NotAnObject), Ok(value)) => assert!(!value.is_object()),
        (Err(error), Ok(_)) => panic!("refused, but not by serde_json: {error}"),
        (Err(error), Err(_)) => assert_unseen(error),
    }
    if let Ok(dict) = parsed {
        let written = dict.to_json();
        assert!(written.is_ascii());
        let again = SessionDict::parse(written.as_str(), DEPTH).expect("what is written is read");
        assert_eq!(again, dict);
        assert_eq!(again.to_json(), written);
        assert!(JsonText::parse(&text, DEPTH).is_ok(), "an object is a value");
    }
}

/// Whether there may be something in it that the standard or serde_json does not allow: words, lone
/// surrogates, and numbers beyond a float.
fn is_pythons(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let may_be_large = text.contains(['e', 'E']) && digits > 2 || digits > 300;
    text.contains("NaN") || text.contains("Infinity") || text.contains("\\u") || may_be_large
}
