//! The payload: JSON text in bytes that Django reads as Latin-1.

use lodger_core::{DecodeError, EncodeError, Limits, SessionDict};

/// Writes the payload, which is always ASCII.
pub(crate) fn write(dict: &SessionDict, limits: &Limits) -> Result<String, EncodeError> {
    let text = dict.to_json();
    if text.len() > limits.inflated {
        return Err(EncodeError::TooLarge { size: text.len(), limit: limits.inflated });
    }
    // What cannot be read back must not be written. Few texts open so many brackets that they
    // could be nested too deeply, so few are read again.
    let opened = text.bytes().filter(|byte| matches!(byte, b'{' | b'[')).count();
    if opened > limits.json_depth
        && let Err(problem) = SessionDict::parse(text.as_str(), limits.json_depth)
    {
        return Err(EncodeError::Unsupported { reason: problem.to_string() });
    }
    Ok(text)
}

/// Reads a payload, of which every byte stands for the character of that number.
pub(crate) fn read(payload: Vec<u8>, limits: &Limits) -> Result<SessionDict, DecodeError> {
    if payload.len() > limits.inflated {
        return Err(DecodeError::TooLarge { limit: limits.inflated });
    }
    let text = if payload.is_ascii() {
        String::from_utf8(payload).expect("ASCII is UTF-8")
    } else {
        payload.into_iter().map(char::from).collect()
    };
    Ok(SessionDict::parse(text, limits.json_depth)?)
}

#[cfg(test)]
mod tests {
    use lodger_core::{JsonError, JsonText};

    use super::*;

    fn limits() -> Limits {
        let mut limits = Limits::default();
        limits.inflated = 40;
        limits.json_depth = 3;
        limits
    }

    #[test]
    fn bytes_beyond_ascii_are_latin_1() {
        let dict = read(b"{\"a\":\"\xc3\xa9\"}".to_vec(), &limits()).unwrap();
        assert_eq!(dict.get::<String>("a").unwrap().as_deref(), Some("Ã©"));
        assert_eq!(write(&dict, &limits()).unwrap(), r#"{"a":"\u00c3\u00a9"}"#);
    }

    #[test]
    fn what_is_no_object_is_no_session() {
        for text in ["null", "[1]", "7", "\"s\""] {
            let error = read(text.into(), &limits()).unwrap_err();
            assert_eq!(error, DecodeError::Content(JsonError::NotAnObject));
        }
        for text in ["", "{", "\u{feff}{}", "{\"a\":01}", "{} x"] {
            let error = read(text.into(), &limits()).unwrap_err();
            assert!(matches!(error, DecodeError::Content(JsonError::Syntax { .. })), "{text}");
        }
    }

    /// Promise 10
    #[test]
    fn size_and_depth_are_bounded_both_ways() {
        let mut dict = SessionDict::new();
        dict.insert("a", &"x".repeat(32)).unwrap();
        let text = write(&dict, &limits()).unwrap();
        assert_eq!(text.len(), 40);
        assert_eq!(read(text.into(), &limits()).unwrap(), dict);

        dict.insert("a", &"x".repeat(33)).unwrap();
        let error = EncodeError::TooLarge { size: 41, limit: 40 };
        assert_eq!(write(&dict, &limits()).unwrap_err(), error);
        let text = dict.to_json().into_bytes();
        assert_eq!(read(text, &limits()).unwrap_err(), DecodeError::TooLarge { limit: 40 });

        dict.insert_json("a", JsonText::parse("[[[1]]]", 9).unwrap());
        assert!(matches!(write(&dict, &limits()), Err(EncodeError::Unsupported { .. })));
        let text = dict.to_json().into_bytes();
        assert_eq!(read(text, &limits()).unwrap_err(), DecodeError::Content(JsonError::TooDeep));

        // Many brackets side by side are not deep.
        dict.insert_json("a", JsonText::parse("[[],[],[],[]]", 9).unwrap());
        assert!(write(&dict, &limits()).is_ok());
    }
}
