//! Python's JSON grammar, checked without recursion and without building a tree.
//!
//! It differs from the standard in accepting the bare words `NaN`, `Infinity` and `-Infinity` and
//! escaped lone surrogates. Characters above U+007F may stand in strings as they are.

use std::ops::Range;

use crate::JsonError;

/// Where a field of an object stands in the text.
pub(super) struct FieldRange {
    /// The name, with its quotes.
    pub(super) name: Range<usize>,
    /// The value, without white space around it.
    pub(super) value: Range<usize>,
}

/// Finds the fields of the object that is the whole of `text`.
pub(super) fn object(text: &str, max_depth: usize) -> Result<Vec<FieldRange>, JsonError> {
    let mut scanner = Scanner::new(text, max_depth);
    scanner.skip_blank();
    if scanner.peek() != Some(b'{') {
        scanner.value(0)?;
        scanner.end()?;
        return Err(JsonError::NotAnObject);
    }
    if max_depth == 0 {
        return Err(JsonError::TooDeep);
    }
    scanner.at += 1;
    let mut fields = Vec::new();
    scanner.skip_blank();
    if !scanner.eat(b'}') {
        loop {
            let name = scanner.name()?;
            scanner.skip_blank();
            let start = scanner.at;
            scanner.value(1)?;
            fields.push(FieldRange { name, value: start..scanner.at });
            scanner.skip_blank();
            if scanner.eat(b'}') {
                break;
            }
            scanner.expect(b',')?;
            scanner.skip_blank();
        }
    }
    scanner.end()?;
    Ok(fields)
}

/// Checks that `text` is one value, which will stand `depth` levels deep.
pub(super) fn value(text: &str, depth: usize, max_depth: usize) -> Result<(), JsonError> {
    let mut scanner = Scanner::new(text, max_depth);
    scanner.value(depth)?;
    scanner.end()
}

#[derive(Clone, Copy)]
enum Container {
    Array,
    Object,
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    max_depth: usize,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str, max_depth: usize) -> Self {
        Self { bytes: text.as_bytes(), at: 0, max_depth }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8) -> Result<(), JsonError> {
        if self.eat(byte) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn unexpected(&self) -> JsonError {
        JsonError::Syntax { offset: self.at }
    }

    fn skip_blank(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn end(&mut self) -> Result<(), JsonError> {
        self.skip_blank();
        if self.at == self.bytes.len() { Ok(()) } else { Err(self.unexpected()) }
    }

    /// One value of any kind, within `depth` containers.
    fn value(&mut self, depth: usize) -> Result<(), JsonError> {
        let mut open = Vec::new();
        loop {
            self.skip_blank();
            let opened = match self.peek() {
                Some(b'{') => Some(Container::Object),
                Some(b'[') => Some(Container::Array),
                Some(b'"') => {
                    self.string()?;
                    None
                }
                _ => {
                    self.scalar()?;
                    None
                }
            };
            if let Some(container) = opened {
                if depth + open.len() >= self.max_depth {
                    return Err(JsonError::TooDeep);
                }
                self.at += 1;
                self.skip_blank();
                match container {
                    Container::Array if self.eat(b']') => {}
                    Container::Object if self.eat(b'}') => {}
                    Container::Array => {
                        open.push(container);
                        continue;
                    }
                    Container::Object => {
                        self.name()?;
                        open.push(container);
                        continue;
                    }
                }
            }
            if !self.close(&mut open)? {
                return Ok(());
            }
        }
    }

    /// After a value: closes what ends here; whether another value follows.
    fn close(&mut self, open: &mut Vec<Container>) -> Result<bool, JsonError> {
        while let Some(container) = open.last() {
            self.skip_blank();
            match container {
                Container::Array if self.eat(b']') => {}
                Container::Object if self.eat(b'}') => {}
                container => {
                    self.expect(b',')?;
                    if matches!(container, Container::Object) {
                        self.skip_blank();
                        self.name()?;
                    }
                    return Ok(true);
                }
            }
            open.pop();
        }
        Ok(false)
    }

    /// A name and its colon; the range covers the name with its quotes.
    fn name(&mut self) -> Result<Range<usize>, JsonError> {
        let start = self.at;
        self.string()?;
        let end = self.at;
        self.skip_blank();
        self.expect(b':')?;
        Ok(start..end)
    }

    fn string(&mut self) -> Result<(), JsonError> {
        self.expect(b'"')?;
        loop {
            let rest = &self.bytes[self.at..];
            let Some(plain) = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1F))
            else {
                self.at = self.bytes.len();
                return Err(self.unexpected());
            };
            self.at += plain;
            match self.bytes[self.at] {
                b'"' => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' => self.escape()?,
                _ => return Err(self.unexpected()),
            }
        }
    }

    fn escape(&mut self) -> Result<(), JsonError> {
        let length = match self.bytes.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
            Some(b'u') => {
                let digits = self.bytes.get(self.at + 2..self.at + 6);
                if !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
                    return Err(self.unexpected());
                }
                6
            }
            _ => return Err(self.unexpected()),
        };
        self.at += length;
        Ok(())
    }

    fn scalar(&mut self) -> Result<(), JsonError> {
        const WORDS: [&[u8]; 6] = [b"null", b"true", b"false", b"NaN", b"Infinity", b"-Infinity"];
        let rest = &self.bytes[self.at..];
        if let Some(word) = WORDS.iter().find(|word| rest.starts_with(word)) {
            self.at += word.len();
            return Ok(());
        }
        self.number()
    }

    fn number(&mut self) -> Result<(), JsonError> {
        self.eat(b'-');
        // A zero is a whole integer: a digit after it is then something unexpected.
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at > start { Ok(()) } else { Err(self.unexpected()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(text: &str) -> bool {
        value(text, 0, 1000).is_ok()
    }

    #[test]
    fn what_python_reads_is_read() {
        for text in [
            "null",
            "true",
            " false\n",
            "0",
            "-0",
            "-0.0",
            "1e5",
            "1E+5",
            "1.5e-7",
            "1e999",
            "NaN",
            "Infinity",
            "-Infinity",
            "123456789012345678901234567890",
            "\"\"",
            r#""\ud800""#,
            r#""\"\\\/\b\f\n\r\t\u00E9""#,
            "\"\u{7f}é\"",
            "[]",
            "{}",
            "[[],{}]",
            "[1, 2 ,3]",
            r#"{"a":1,"a":[{"b":null}] , "":{}}"#,
        ] {
            assert!(accepts(text), "{text}");
        }
    }

    #[test]
    fn what_python_refuses_is_refused() {
        for text in [
            "",
            " ",
            "nul",
            "nulll",
            "True",
            "01",
            "-01",
            "1.",
            ".5",
            "1.e5",
            "1e",
            "1e+",
            "+1",
            "-",
            "0x1",
            "-NaN",
            "+Infinity",
            "\"",
            "\"\u{1f}\"",
            "\"\n\"",
            r#""\x""#,
            r#""\u12""#,
            r#""\u12G4""#,
            r#""\é""#,
            "'a'",
            "[",
            "]",
            "[1,,2]",
            "[1,]",
            "[,1]",
            "[1 2]",
            "{",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{,}",
            "{a:1}",
            "{1:1}",
            "[1}",
            "{\"a\":1]",
            "1 2",
            "\u{feff}1",
            "// a\n1",
        ] {
            assert!(!accepts(text), "{text}");
        }
    }

    #[test]
    fn depth_is_bounded_and_costs_no_stack() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(value(&nested(1000), 0, 1000).is_ok());
        assert!(matches!(value(&nested(1001), 0, 1000), Err(JsonError::TooDeep)));
        assert!(matches!(value(&nested(1_000_000), 0, 1000), Err(JsonError::TooDeep)));
        assert!(value(&nested(1_000_000), 0, usize::MAX).is_ok());
        let objects = "{\"a\":".repeat(999) + "1" + &"}".repeat(999);
        assert!(object(&objects, 999).is_ok());
        assert!(matches!(object(&objects, 998), Err(JsonError::TooDeep)));
    }

    #[test]
    fn a_valid_text_that_is_no_object_is_told_apart_from_a_broken_one() {
        assert!(matches!(object("[1]", 10), Err(JsonError::NotAnObject)));
        assert!(matches!(object("[1", 10), Err(JsonError::Syntax { offset: 2 })));
        assert!(matches!(object("{} {}", 10), Err(JsonError::Syntax { offset: 3 })));
    }
}
