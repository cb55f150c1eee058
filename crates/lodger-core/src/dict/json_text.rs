//! One value, as JSON text.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;
use serde::de::{DeserializeOwned, value::Error as ValueError};

use super::number::{self, FloatDeserializer};
use super::{python, scanner};
use crate::JsonError;

/// How deep serde_json decodes.
const DECODED_DEPTH: usize = 127;

/// A value of a field as JSON text: valid by Python's grammar, decoded only when asked for a type.
///
/// Cheap to clone. Equal when the texts are. `Debug` shows the length only, since the data are the
/// visitor's.
///
/// ```
/// use lodger_core::JsonText;
///
/// let big = JsonText::parse("123456789012345678901234567890", 10)?;
/// assert_eq!(big.as_str(), "123456789012345678901234567890");
/// assert_eq!(JsonText::of(&vec![1.0, 1e16])?.as_str(), "[1.0,1e+16]");
/// # Ok::<(), lodger_core::JsonError>(())
/// ```
#[derive(Clone)]
pub struct JsonText {
    buffer: Arc<str>,
    range: Range<usize>,
}

impl JsonText {
    /// Checks a text and keeps it as it is, but for characters that are not ASCII, which are escaped.
    ///
    /// # Errors
    ///
    /// When it is no JSON by Python's grammar, or nested more than `max_depth` levels deep.
    pub fn parse(text: &str, max_depth: usize) -> Result<Self, JsonError> {
        let trimmed = text.trim_matches([' ', '\t', '\n', '\r']);
        scanner::value(trimmed, 0, max_depth)?;
        let ascii =
            if trimmed.is_ascii() { trimmed.into() } else { python::to_ascii(trimmed).into() };
        Ok(Self::whole(ascii))
    }

    /// Writes a value as Python's `json.dumps` would.
    ///
    /// A float that is not finite becomes `null`; [`parse`](Self::parse) takes `NaN`.
    ///
    /// # Errors
    ///
    /// When the value has no JSON form, such as a map whose keys are no text.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, JsonError> {
        let text = python::to_text(value).map_err(|_| JsonError::Unserializable)?;
        Ok(Self::whole(text.into()))
    }

    pub(super) fn part(buffer: &Arc<str>, range: Range<usize>) -> Self {
        Self { buffer: Arc::clone(buffer), range }
    }

    fn whole(buffer: Arc<str>) -> Self {
        let range = 0..buffer.len();
        Self { buffer, range }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.buffer[self.range.clone()]
    }

    /// Decodes the value as a type; `NaN`, the infinities and floats too large for one read as
    /// `f64`.
    ///
    /// # Errors
    ///
    /// When the value is not of this type, or nested more than 127 levels deep, which is as far as
    /// types are decoded. The error carries none of the data.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, JsonError> {
        let text = self.as_str();
        serde_json::from_str(text).or_else(|_| {
            let wrong_type = || match scanner::value(text, 0, DECODED_DEPTH) {
                Err(error) => error,
                Ok(()) => JsonError::WrongType { expected: std::any::type_name::<T>() },
            };
            let float = number::parse(text).ok_or_else(wrong_type)?;
            T::deserialize(FloatDeserializer::<ValueError>::new(float)).map_err(|_| wrong_type())
        })
    }

    /// This list with one more value at its end; `None` if it is no list.
    pub(crate) fn appended(&self, value: &Self) -> Option<Self> {
        let items = self.as_str().strip_prefix('[')?.strip_suffix(']')?.trim_ascii();
        let comma = if items.is_empty() { "" } else { "," };
        Some(Self::whole(format!("[{items}{comma}{}]", value.as_str()).into()))
    }

    /// A list of this value alone.
    pub(crate) fn listed(&self) -> Self {
        Self::whole(format!("[{}]", self.as_str()).into())
    }

    /// Whether this value may stand in a document, one level down, of at most `max_depth` levels.
    pub(crate) fn fits(&self, max_depth: usize) -> Result<(), JsonError> {
        scanner::value(self.as_str(), 1, max_depth)
    }
}

impl PartialEq for JsonText {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for JsonText {}

impl fmt::Debug for JsonText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JsonText({} bytes)", self.range.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> JsonText {
        JsonText::parse(text, 1000).unwrap()
    }

    #[test]
    fn numbers_beyond_strict_json_read_as_floats() {
        assert!(json("NaN").decode::<f64>().unwrap().is_nan());
        assert_eq!(json("-Infinity").decode::<Option<f64>>().unwrap(), Some(f64::NEG_INFINITY));
        assert_eq!(json("1e400").decode::<f64>().unwrap(), f64::INFINITY);
        assert_eq!(json("1e400").as_str(), "1e400");
    }

    #[test]
    fn a_value_of_another_type_is_an_error_without_its_data() {
        for text in ["\"canary\"", "[NaN]", r#""\ud83d""#, "1.5", "1e400"] {
            let error = json(text).decode::<i64>().unwrap_err();
            assert!(matches!(error, JsonError::WrongType { expected: "i64" }));
            assert!(!format!("{error} {error:?}").contains("canary"));
        }
    }

    #[test]
    fn what_is_nested_too_deeply_for_a_type_is_told_apart() {
        let nested = |depth: usize| json(&("[".repeat(depth) + &"]".repeat(depth)));
        assert!(nested(127).decode::<serde_json::Value>().is_ok());
        assert_eq!(nested(128).decode::<serde_json::Value>(), Err(JsonError::TooDeep));
    }

    #[test]
    fn appending_keeps_the_text_of_the_others() {
        assert_eq!(json("[ ]").appended(&json("1")).unwrap().as_str(), "[1]");
        assert_eq!(
            json("[1.10 , NaN ]").appended(&json("[2]")).unwrap().as_str(),
            "[1.10 , NaN,[2]]"
        );
        assert!(json("{}").appended(&json("1")).is_none());
        assert!(json("\"[]\"").appended(&json("1")).is_none());
    }
}
