//! The numbers that Python reads and strict JSON cannot express.

use serde::de::{Deserializer, Error, Visitor};
use serde::forward_to_deserialize_any;

/// Reads the text of a JSON number as Python does: a float too large is infinite, and the bare
/// words are numbers too. `None` for any other text.
pub(super) fn parse(text: &str) -> Option<f64> {
    match text {
        "NaN" => Some(f64::NAN),
        "Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        // The grammar of JSON numbers lies within that of `f64::from_str`.
        _ if text.starts_with(|c: char| c == '-' || c.is_ascii_digit()) => text.parse().ok(),
        _ => None,
    }
}

/// Gives one float to whatever type asks, and `Some` of it to an `Option`.
pub(super) struct FloatDeserializer<E> {
    value: f64,
    error: std::marker::PhantomData<E>,
}

impl<E> FloatDeserializer<E> {
    pub(super) fn new(value: f64) -> Self {
        Self { value, error: std::marker::PhantomData }
    }
}

impl<'de, E: Error> Deserializer<'de> for FloatDeserializer<E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_f64(self.value)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, E> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
