//! The fields of a session, as they are stored.

use lodger::{JsonText, SessionDict};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

/// Writes the fields as a JSON object; a value that is JSON to Python but not to everybody, such as
/// `NaN`, becomes a text.
pub(super) fn serialize<S: Serializer>(
    fields: &SessionDict,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(fields.len()))?;
    for (name, value) in fields.iter() {
        map.serialize_entry(name, &Value(value))?;
    }
    map.end()
}

struct Value<'a>(&'a JsonText);

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.0.as_str();
        match RawValue::from_string(text.to_owned()) {
            Ok(raw) => raw.serialize(serializer),
            Err(_) => text.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_text_where_everybody_can_read_it() {
        let fields =
            SessionDict::parse(r#"{"a":1.10,"b":[NaN],"c":"\ud83d","d":1e400}"#, 10).unwrap();
        let mut json = Vec::new();
        serialize(&fields, &mut serde_json::Serializer::new(&mut json)).unwrap();
        let json = String::from_utf8(json).unwrap();
        assert_eq!(json, r#"{"a":1.10,"b":"[NaN]","c":"\ud83d","d":1e400}"#);
    }
}
