//! The decoded map.

use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::field_name::FieldName;
use super::{JsonText, python, scanner};
use crate::{FieldError, JsonError};

/// The decoded data of a session: field names in the order of their insertion, each value held as
/// the JSON text it came as.
///
/// A field nobody touched is written back byte for byte (characters that are not ASCII, which Django
/// never writes, escaped), so numbers of any size, `NaN`, and lone
/// surrogates that Django wrote survive. Cheap to clone. Two dicts are equal when the same names hold the same
/// texts, in any order. `Debug` shows the names only, since the values are the visitor's.
///
/// # Django
///
/// The dictionary that a session store decodes to.
///
/// ```
/// use lodger_core::SessionDict;
///
/// let mut dict = SessionDict::parse(r#"{"visits": 41, "big": 1e400}"#, 1000)?;
/// let visits: Option<i64> = dict.get("visits")?;
/// dict.insert("visits", &(visits.unwrap_or(0) + 1))?;
/// assert_eq!(dict.to_json(), r#"{"visits":42,"big":1e400}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct SessionDict {
    /// Shared until one of the clones changes.
    fields: Arc<IndexMap<FieldName, JsonText>>,
}

impl SessionDict {
    /// A dict without fields.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the text of a JSON object by Python's grammar.
    ///
    /// Of a name that stands twice, the first one's place and the last one's value count.
    ///
    /// # Errors
    ///
    /// When the text is no JSON, no object, or nested more than `max_depth` levels deep.
    pub fn parse(text: impl Into<Arc<str>>, max_depth: usize) -> Result<Self, JsonError> {
        let mut text = text.into();
        let mut ranges = scanner::object(&text, max_depth)?;
        if !text.is_ascii() {
            text = python::to_ascii(&text).into();
            ranges = scanner::object(&text, max_depth)?;
        }
        let mut fields = IndexMap::with_capacity(ranges.len());
        for range in ranges {
            let name = FieldName::from_json(&text[range.name]);
            fields.insert(name, JsonText::part(&text, range.value));
        }
        Ok(Self { fields: Arc::new(fields) })
    }

    /// Writes the dict as Python's `json.dumps(…, separators=(",", ":"))` would, in ASCII.
    #[must_use]
    pub fn to_json(&self) -> String {
        let values: usize = self
            .fields
            .iter()
            .map(|(name, value)| name.as_str().len() + value.as_str().len() + 4)
            .sum();
        let mut out = String::with_capacity(values + 2);
        out.push('{');
        for (name, value) in &*self.fields {
            if out.len() > 1 {
                out.push(',');
            }
            name.write_json(&mut out);
            out.push(':');
            out.push_str(value.as_str());
        }
        out.push('}');
        out
    }

    /// Decodes a field as a type; `None` if there is no such field.
    ///
    /// # Errors
    ///
    /// When the field holds something else than this type.
    pub fn get<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, FieldError> {
        self.get_json(name)
            .map(|value| value.decode().map_err(|error| FieldError::new(name, error)))
            .transpose()
    }

    /// A field's value as text; `None` if there is no such field.
    #[must_use]
    pub fn get_json(&self, name: &str) -> Option<&JsonText> {
        self.fields.get(name)
    }

    /// Sets a field; a new one comes last.
    ///
    /// # Errors
    ///
    /// When the value has no JSON form.
    pub fn insert<T: Serialize + ?Sized>(
        &mut self,
        name: &str,
        value: &T,
    ) -> Result<(), FieldError> {
        let value = JsonText::of(value).map_err(|error| FieldError::new(name, error))?;
        self.insert_json(name, value);
        Ok(())
    }

    /// Sets a field to a value that is JSON text already; a new one comes last.
    pub fn insert_json(&mut self, name: &str, value: JsonText) {
        let fields = Arc::make_mut(&mut self.fields);
        match fields.get_mut(name) {
            Some(held) => *held = value,
            None => {
                fields.insert(FieldName::Text(name.into()), value);
            }
        }
    }

    /// Removes a field and gives its value; the others keep their order.
    pub fn remove(&mut self, name: &str) -> Option<JsonText> {
        if !self.contains(name) {
            return None;
        }
        Arc::make_mut(&mut self.fields).shift_remove(name)
    }

    /// Keeps only the fields whose names pass.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&str) -> bool) {
        Arc::make_mut(&mut self.fields).retain(|name, _| keep(name.as_str()));
    }

    /// Whether there is a field of this name.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// The names and values, in order. A name that is no Unicode text, because it holds a lone
    /// surrogate, is given as its JSON string.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &JsonText)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// How many fields there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether there is no field.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }
}

impl PartialEq for SessionDict {
    fn eq(&self, other: &Self) -> bool {
        self.fields == other.fields
    }
}

impl Eq for SessionDict {}

impl fmt::Debug for SessionDict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionDict")?;
        f.debug_set().entries(self.fields.keys().map(FieldName::as_str)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dict(text: &str) -> SessionDict {
        SessionDict::parse(text, 1000).unwrap()
    }

    #[test]
    fn untouched_fields_are_written_back_byte_for_byte() {
        let text = r#"{"big":123456789012345678901234567890,"f":1.10,"x":1e400,"n":[NaN, 1],"s":"\ud83d","\u0041\ud800":1}"#;
        assert_eq!(dict(text).to_json(), text);
    }

    #[test]
    fn names_compare_decoded_and_the_last_value_takes_the_first_place() {
        let dict = dict(r#"{"a":1,"b":2,"\u0061":3}"#);
        assert_eq!(dict.get::<i64>("a").unwrap(), Some(3));
        assert_eq!(dict.to_json(), r#"{"a":3,"b":2}"#);
    }

    #[test]
    fn a_name_with_a_lone_surrogate_is_not_mistaken_for_its_text() {
        let held = dict(r#"{"\ud83d":1}"#);
        assert!(!held.contains(r#""\ud83d""#));
        assert_eq!(held.iter().next().unwrap().0, r#""\ud83d""#);
        let mut other = held.clone();
        other.insert(r#""\ud83d""#, &2).unwrap();
        assert_eq!(other.len(), 2);
    }

    #[test]
    fn characters_that_came_raw_are_kept_escaped() {
        let raw = dict("{\"Ã\":\"Ã©\"}");
        assert_eq!(raw, dict(&raw.to_json()));
        assert_eq!(dict("{\"Ã\":\"Ã©\"}").to_json(), r#"{"\u00c3":"\u00c3\u00a9"}"#);
    }

    #[test]
    fn equality_disregards_order_and_regards_texts() {
        assert_eq!(dict(r#"{"a":1,"b":2}"#), dict(r#"{"b":2,"a":1}"#));
        assert_ne!(dict(r#"{"a":1}"#), dict(r#"{"a":1.0}"#));
    }

    #[test]
    fn debug_shows_no_values() {
        assert_eq!(format!("{:?}", dict(r#"{"a":"canary"}"#)), r#"SessionDict{"a"}"#);
    }
}
