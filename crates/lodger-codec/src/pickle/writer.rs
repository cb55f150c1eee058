//! JSON text as a pickle of protocol 2, which Python 2.7 and every Python 3 read.

use lodger_core::EncodeError;

use super::integer::{self, Work};
use super::opcode::*;
use super::text;

/// Writes one JSON value. The text is valid already, so the marks between its values tell nothing
/// that brackets do not tell too.
pub(super) fn write(json: &str) -> Result<Vec<u8>, EncodeError> {
    let mut writer =
        Writer { rest: json, work: Work::default(), out: Vec::with_capacity(json.len() + 8) };
    writer.out.extend([PROTO, 2]);
    while let Some(byte) = writer.rest.bytes().next() {
        match byte {
            b'{' => writer.open(EMPTY_DICT, '}'),
            b'[' => writer.open(EMPTY_LIST, ']'),
            b'}' => writer.replace(1, SETITEMS),
            b']' => writer.replace(1, APPENDS),
            b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' => writer.skip(1),
            b'"' => writer.string()?,
            _ => writer.word()?,
        }
    }
    writer.out.push(STOP);
    Ok(writer.out)
}

struct Writer<'a> {
    rest: &'a str,
    work: Work,
    out: Vec<u8>,
}

impl Writer<'_> {
    fn skip(&mut self, length: usize) {
        self.rest = &self.rest[length..];
    }

    fn replace(&mut self, length: usize, opcode: u8) {
        self.skip(length);
        self.out.push(opcode);
    }

    /// A container; an empty one ends here.
    fn open(&mut self, empty: u8, close: char) {
        self.replace(1, empty);
        match self.rest.trim_ascii_start().strip_prefix(close) {
            Some(rest) => self.rest = rest,
            None => self.out.push(MARK),
        }
    }

    fn string(&mut self) -> Result<(), EncodeError> {
        self.skip(1);
        let mut end = 0;
        loop {
            let quote = self.rest.get(end..).and_then(|rest| rest.find(['"', '\\']));
            end += quote.ok_or_else(|| unsupported("a text has no end"))?;
            if self.rest[end..].starts_with('"') {
                break;
            }
            // Whatever is escaped, it is no end; the digits of an escape hold none either.
            end += 2;
        }
        self.out.push(BINUNICODE);
        let length_at = self.out.len();
        self.out.extend([0; 4]);
        text::push_utf8(&self.rest[..end], &mut self.out)
            .ok_or_else(|| unsupported("a text has a wrong escape"))?;
        let length = u32::try_from(self.out.len() - length_at - 4)
            .map_err(|_| unsupported("a text takes over 4 GiB"))?;
        self.out[length_at..length_at + 4].copy_from_slice(&length.to_le_bytes());
        self.skip(end + 1);
        Ok(())
    }

    fn word(&mut self) -> Result<(), EncodeError> {
        let end = self.rest.find([',', ']', '}', ' ', '\t', '\n', '\r']);
        let word = &self.rest[..end.unwrap_or(self.rest.len())];
        match word {
            "null" => self.out.push(NONE),
            "true" => self.out.push(NEWTRUE),
            "false" => self.out.push(NEWFALSE),
            "NaN" => self.float(f64::NAN),
            "Infinity" => self.float(f64::INFINITY),
            "-Infinity" => self.float(f64::NEG_INFINITY),
            _ if word.contains(['.', 'e', 'E']) => {
                let value = word.parse().map_err(|_| unsupported("a value is no JSON"))?;
                self.float(value);
            }
            _ => self.integer(word)?,
        }
        self.skip(word.len());
        Ok(())
    }

    fn float(&mut self, value: f64) {
        self.out.push(BINFLOAT);
        self.out.extend(value.to_be_bytes());
    }

    fn integer(&mut self, digits: &str) -> Result<(), EncodeError> {
        let small: Option<i32> = digits.parse().ok();
        if let Some(small) = small {
            match (u8::try_from(small), u16::try_from(small)) {
                (Ok(byte), _) => self.out.extend([BININT1, byte]),
                (_, Ok(two)) => {
                    self.out.push(BININT2);
                    self.out.extend(two.to_le_bytes());
                }
                _ => {
                    self.out.push(BININT);
                    self.out.extend(small.to_le_bytes());
                }
            }
            return Ok(());
        }
        let bytes = integer::from_decimal(digits, &mut self.work)
            .ok_or_else(|| unsupported("an integer has too many digits"))?;
        match (u8::try_from(bytes.len()), i32::try_from(bytes.len())) {
            (Ok(length), _) => self.out.extend([LONG1, length]),
            (_, Ok(length)) => {
                self.out.push(LONG4);
                self.out.extend(length.to_le_bytes());
            }
            _ => return Err(unsupported("an integer has too many digits")),
        }
        self.out.extend(bytes);
        Ok(())
    }
}

fn unsupported(reason: &str) -> EncodeError {
    EncodeError::Unsupported { reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(json: &str) -> Vec<u8> {
        let pickle = write(json).unwrap();
        let inner = pickle.strip_prefix(b"\x80\x02").and_then(|rest| rest.strip_suffix(b"."));
        inner.unwrap().to_vec()
    }

    #[test]
    fn each_value_has_its_shortest_opcode() {
        for (json, pickle) in [
            ("null", &b"N"[..]),
            ("true", b"\x88"),
            ("false", b"\x89"),
            ("0", b"K\x00"),
            ("-0", b"K\x00"),
            ("255", b"K\xff"),
            ("256", b"M\x00\x01"),
            ("65535", b"M\xff\xff"),
            ("65536", b"J\x00\x00\x01\x00"),
            ("-1", b"J\xff\xff\xff\xff"),
            ("-2147483648", b"J\x00\x00\x00\x80"),
            ("2147483648", b"\x8a\x05\x00\x00\x00\x80\x00"),
            ("-2147483649", b"\x8a\x05\xff\xff\xff\x7f\xff"),
            ("1.5", b"G?\xf8\0\0\0\0\0\0"),
            ("15E-1", b"G?\xf8\0\0\0\0\0\0"),
            ("-0.0", b"G\x80\0\0\0\0\0\0\0"),
            ("NaN", b"G\x7f\xf8\0\0\0\0\0\0"),
            ("-Infinity", b"G\xff\xf0\0\0\0\0\0\0"),
            ("1e400", b"G\x7f\xf0\0\0\0\0\0\0"),
            ("\"\"", b"X\0\0\0\0"),
            (r#""\"\\\u00e9""#, b"X\x04\0\0\0\"\\\xc3\xa9"),
            ("{}", b"}"),
            ("[ ]", b"]"),
            ("[1, [] ]", b"](K\x01]e"),
            (r#"{"a":{"b" : 1}}"#, b"}(X\x01\0\0\0a}(X\x01\0\0\0bK\x01uu"),
        ] {
            assert_eq!(written(json), pickle, "{json}");
        }
    }

    #[test]
    fn integers_of_over_255_bytes_have_a_longer_length() {
        let (short, long) = ("1".repeat(600), "1".repeat(700));
        assert_eq!(written(&short)[0], LONG1);
        assert_eq!(written(&long)[0], LONG4);
        assert!(write(&"1".repeat(110_000)).is_err());
    }

    #[test]
    fn what_is_no_json_is_an_error() {
        for text in ["\"", "\"\\", "\"\\\"", "\"\\x\"", "nul", "1.e", "é", "'", "\"\\é\""] {
            assert!(write(text).is_err(), "{text}");
        }
    }
}
