//! The JSON text of what a pickle holds, as Python's `json.dumps` would write it.

use lodger_core::expiry::EXPIRY_FIELD;
use lodger_core::{DecodeError, JsonError, JsonText, Limits};

use super::date::Object;
use super::value::{Kind, Pickled, Value};
use super::{malformed, text};

/// Writes the dict that a pickle holds. What is referred to twice is written twice, so it is the
/// text that is bounded here: in length, by the limit `inflated`, and in depth.
pub(super) fn render(pickled: Pickled<'_>, limits: &Limits) -> Result<String, DecodeError> {
    let Value::Container(place) = pickled.value else {
        return Err(JsonError::NotAnObject.into());
    };
    if pickled.containers[place].kind != Kind::Dict {
        return Err(JsonError::NotAnObject.into());
    }
    let mut renderer =
        Renderer { pickled, max_depth: limits.json_depth, open: Vec::new(), out: String::new() };
    renderer.open(place)?;
    while renderer.step()? {
        if renderer.out.len() > limits.inflated {
            return Err(DecodeError::TooLarge { limit: limits.inflated });
        }
    }
    Ok(renderer.out)
}

struct Renderer<'a> {
    pickled: Pickled<'a>,
    max_depth: usize,
    /// The containers that are not written to their end, the innermost last, each with the number
    /// of its items that are.
    open: Vec<(usize, usize)>,
    out: String,
}

impl<'a> Renderer<'a> {
    /// Writes one item or one end; whether anything is left.
    fn step(&mut self) -> Result<bool, DecodeError> {
        let Some((place, done)) = self.open.last_mut() else {
            return Ok(false);
        };
        let container = &mut self.pickled.containers[*place];
        let (index, is_dict) = (*done, container.kind == Kind::Dict);
        let Some(&item) = container.items.get(index) else {
            container.open = false;
            self.open.pop();
            self.out.push(if is_dict { '}' } else { ']' });
            return Ok(true);
        };
        *done += 1;
        let is_value = is_dict && index % 2 == 1;
        if is_value {
            let name = container.items[index - 1];
            self.out.push(':');
            if let Value::Object(Object::Date(date)) = item
                && self.open.len() == 1
                && is_expiry(name)
            {
                date.push_json(&mut self.out);
                return Ok(true);
            }
        } else if index > 0 {
            self.out.push(',');
        }
        match item {
            name if is_dict && !is_value => self.name(name)?,
            Value::Container(place) => self.open(place)?,
            scalar => self.scalar(scalar)?,
        }
        Ok(true)
    }

    fn open(&mut self, place: usize) -> Result<(), DecodeError> {
        let container = &mut self.pickled.containers[place];
        if std::mem::replace(&mut container.open, true) {
            return Err(malformed("list or dict, which contains itself"));
        }
        if self.open.len() >= self.max_depth {
            return Err(JsonError::TooDeep.into());
        }
        self.out.push(if container.kind == Kind::Dict { '{' } else { '[' });
        self.open.push((place, 0));
        Ok(())
    }

    /// A key of a dict, which Python writes as text if it is a number or a word.
    fn name(&mut self, key: Value<'a>) -> Result<(), DecodeError> {
        match key {
            Value::Text(_) | Value::ByteText(_) => self.scalar(key),
            Value::None | Value::Bool(_) | Value::Int(_) | Value::LargeInt(_) | Value::Float(_) => {
                self.out.push('"');
                self.scalar(key)?;
                self.out.push('"');
                Ok(())
            }
            Value::Bytes(_) | Value::Container(_) | Value::Object(_) => {
                Err(malformed("name of a field"))
            }
        }
    }

    fn scalar(&mut self, value: Value<'a>) -> Result<(), DecodeError> {
        match value {
            Value::None => self.out.push_str("null"),
            Value::Bool(true) => self.out.push_str("true"),
            Value::Bool(false) => self.out.push_str("false"),
            Value::Int(value) => self.out.push_str(&value.to_string()),
            Value::LargeInt(place) => self.out.push_str(&self.pickled.integers[place]),
            Value::Float(value) => push_float(value, &mut self.out)?,
            Value::Text(utf8) | Value::ByteText(utf8) => {
                text::push_json(utf8, &mut self.out).ok_or(malformed("text"))?;
            }
            Value::Bytes(_) => return Err(malformed("bytes, which JSON does not have")),
            Value::Container(_) | Value::Object(_) => {
                return Err(malformed("object, which is no plain data"));
            }
        }
        Ok(())
    }
}

fn is_expiry(name: Value<'_>) -> bool {
    matches!(name, Value::Text(name) | Value::ByteText(name) if name == EXPIRY_FIELD.as_bytes())
}

fn push_float(value: f64, out: &mut String) -> Result<(), DecodeError> {
    match value {
        _ if value.is_nan() => out.push_str("NaN"),
        f64::INFINITY => out.push_str("Infinity"),
        f64::NEG_INFINITY => out.push_str("-Infinity"),
        _ => out.push_str(JsonText::of(&value)?.as_str()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::machine::run;
    use super::*;

    fn limits() -> Limits {
        let mut limits = Limits::default();
        limits.inflated = 1000;
        limits.json_depth = 10;
        limits
    }

    fn json(pickle: &[u8]) -> Result<String, DecodeError> {
        render(run(pickle).unwrap(), &limits())
    }

    #[test]
    fn keys_become_text_as_in_python() {
        for (key, name) in [
            (&b"K\x01"[..], "1"),
            (b"G@\x04\0\0\0\0\0\0", "2.5"),
            (b"G\x7f\xf0\0\0\0\0\0\0", "Infinity"),
            (b"\x88", "true"),
            (b"\x89", "false"),
            (b"N", "null"),
            (b"U\x02nk", "nk"),
            (b"X\0\0\0\0", ""),
            (b"\x8a\x09\0\0\0\0\0\0\0\0\x01", "18446744073709551616"),
        ] {
            let pickle = [b"}", key, b"K\x07s."].concat();
            assert_eq!(json(&pickle).unwrap(), format!("{{\"{name}\":7}}"));
        }
        for key in [&b")"[..], b"]", b"C\x01a", b"cdatetime\ndatetime\n"] {
            let pickle = [b"}", key, b"K\x07s."].concat();
            assert_eq!(json(&pickle), Err(malformed("name of a field")));
        }
    }

    #[test]
    fn containers_of_all_kinds_are_written() {
        let pickle = b"}(U\x01l](K\x01K\x02eU\x01t)U\x01uK\x01\x85U\x01s\x8f(K\x02\x90U\x01f(K\x03\x91U\x01d}U\x01xNsu.";
        assert_eq!(
            json(pickle).unwrap(),
            r#"{"l":[1,2],"t":[],"u":[1],"s":[2],"f":[3],"d":{"x":null}}"#
        );
        assert_eq!(json(b"(U\x01a(K\x01ld.").unwrap(), r#"{"a":[1]}"#);
        assert_eq!(json(b"}.").unwrap(), "{}");
    }

    #[test]
    fn what_is_no_dict_is_no_session() {
        for pickle in
            [&b"N."[..], b"].", b").", b"\x8f.", b"K\x01.", b"U\x01a.", b"cdatetime\ndatetime\n."]
        {
            assert_eq!(json(pickle), Err(JsonError::NotAnObject.into()));
        }
    }

    #[test]
    fn a_date_stands_under_the_sessions_expiry_and_nowhere_else() {
        const DATE: &[u8] = b"cdatetime\ndatetime\nU\x0a\x07\xe7\x0b\x0f\x16\x0d\x19\0\0\0\x85R";
        const NAME: &[u8] = b"U\x0f_session_expiry";
        let refused = Err(malformed("object, which is no plain data"));
        let at = |pieces: &[&[u8]]| json(&pieces.concat());
        assert_eq!(
            at(&[b"}", NAME, DATE, b"s."]).unwrap(),
            r#"{"_session_expiry":"2023-11-15T22:13:25"}"#
        );
        assert_eq!(at(&[b"}U\x01a", DATE, b"s."]), refused);
        assert_eq!(at(&[b"}U\x01a}", NAME, DATE, b"ss."]), refused);
        assert_eq!(at(&[b"}", NAME, b"]", DATE, b"as."]), refused);
        assert_eq!(at(&[b"}", DATE, b"Ns."]), Err(malformed("name of a field")));
        assert_eq!(at(&[b"}", NAME, b"cdatetime\ndatetime\ns."]), refused);
    }

    #[test]
    fn byte_text_counts_as_utf_8_and_bytes_as_nothing() {
        assert_eq!(json(b"}U\x01aU\x02\xc3\xa9s.").unwrap(), r#"{"a":"\u00e9"}"#);
        assert_eq!(json(b"}U\x01aU\x02\x00\xffs."), Err(malformed("text")));
        assert_eq!(json(b"}U\x01aC\x01as."), Err(malformed("bytes, which JSON does not have")));
        // What is not part of the dict is not looked at.
        assert_eq!(json(b"C\x01a0}.").unwrap(), "{}");
    }

    /// Promise 10
    #[test]
    fn references_are_copied_within_bounds() {
        assert_eq!(json(b"}U\x01a](}q\x01h\x01es.").unwrap(), r#"{"a":[{},{}]}"#);
        // Each list holds the one before it twice.
        let mut laughs = b"]U\x03lolaq\x01".to_vec();
        for place in 1..9 {
            laughs.extend([b']', b'(', b'h', place, b'h', place, b'e', b'q', place + 1]);
        }
        let bomb = [&laughs[..], b"}U\x01ah\x09s."].concat();
        assert_eq!(json(&bomb), Err(DecodeError::TooLarge { limit: 1000 }));
        // What is not part of the dict is not written.
        let harmless = [&laughs[..], b"}U\x01ah\x01s."].concat();
        assert_eq!(json(&harmless).unwrap(), r#"{"a":["lol"]}"#);
    }

    #[test]
    fn what_contains_itself_is_refused() {
        const ITSELF: DecodeError = malformed("list or dict, which contains itself");
        for pickle in [
            &b"}U\x01a]q\x01h\x01as."[..],
            b"}q\x01U\x01ah\x01s.",
            b"}q\x01U\x01a]h\x01as.",
            b"}U\x01a]q\x01(h\x01tas.",
            b"}U\x01a]q\x01h\x01\x85as.",
        ] {
            assert_eq!(json(pickle), Err(ITSELF), "{pickle:?}");
        }
        // Beside each other is not within.
        assert!(json(b"}U\x01a](]q\x01h\x01h\x01es.").is_ok());
    }

    /// Promise 10
    #[test]
    fn depth_is_bounded_and_costs_no_stack() {
        let nested = |depth: usize| {
            [&b"}U\x01a"[..], &b"]".repeat(depth), &b"a".repeat(depth - 1), b"s."].concat()
        };
        assert!(json(&nested(9)).is_ok());
        assert_eq!(json(&nested(10)), Err(JsonError::TooDeep.into()));
        assert_eq!(json(&nested(1_000_000)), Err(JsonError::TooDeep.into()));
    }
}
