//! JSON text as Python's `json.dumps(…, separators=(",", ":"))` writes it.

use std::fmt::Write as _;
use std::io;

use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter};

/// Writes a value as Python would.
pub(super) fn to_text<T: Serialize + ?Sized>(value: &T) -> Result<String, serde_json::Error> {
    let mut out = Vec::new();
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut out, PythonFormatter))?;
    Ok(String::from_utf8(out).expect("a JSON writer writes UTF-8"))
}

/// Writes a text as a JSON string with its quotes.
pub(super) fn write_string(text: &str, out: &mut String) {
    out.push_str(&to_text(text).expect("a text has a JSON form"));
}

/// Valid JSON text with what is not ASCII escaped: Django reads the bytes as Latin-1.
pub(super) fn to_ascii(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    json.chars().for_each(|c| if c.is_ascii() { out.push(c) } else { push_char(c, &mut out) });
    out
}

/// Appends a character that needs no short escape.
fn push_char(c: char, out: &mut String) {
    if c.is_ascii() && c != '\x7f' {
        out.push(c);
        return;
    }
    for unit in c.encode_utf16(&mut [0; 2]) {
        write!(out, "\\u{unit:04x}").expect("a String takes any text");
    }
}

/// Escapes whatever is not printable ASCII, and writes floats as Python's `repr`.
struct PythonFormatter;

impl Formatter for PythonFormatter {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        text: &str,
    ) -> io::Result<()> {
        if text.bytes().all(|byte| byte.is_ascii() && byte != 0x7f) {
            return writer.write_all(text.as_bytes());
        }
        let mut escaped = String::with_capacity(text.len() * 2);
        text.chars().for_each(|c| push_char(c, &mut escaped));
        writer.write_all(escaped.as_bytes())
    }

    fn write_char_escape<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        let short: &[u8] = match escape {
            CharEscape::Quote => b"\\\"",
            CharEscape::ReverseSolidus => b"\\\\",
            CharEscape::Solidus => b"/",
            CharEscape::Backspace => b"\\b",
            CharEscape::FormFeed => b"\\f",
            CharEscape::LineFeed => b"\\n",
            CharEscape::CarriageReturn => b"\\r",
            CharEscape::Tab => b"\\t",
            CharEscape::AsciiControl(byte) => return write!(writer, "\\u{byte:04x}"),
        };
        writer.write_all(short)
    }

    /// JSON text that a value brings ready-made.
    fn write_raw_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        writer.write_all(to_ascii(fragment).as_bytes())
    }

    fn write_f32<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f32) -> io::Result<()> {
        writer.write_all(float(format!("{value:e}")).as_bytes())
    }

    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        writer.write_all(float(shortest(value)).as_bytes())
    }
}

/// The shortest digits that mean a float, as `d.ddde±x`. Where two texts of the same length lie
/// equally near, Rust takes the upper one and Python the even one.
fn shortest(value: f64) -> String {
    let shortest = format!("{value:e}");
    let digits = shortest.bytes().take_while(|&byte| byte != b'e').filter(u8::is_ascii_digit);
    let nearest = format!("{value:.*e}", digits.count() - 1);
    if nearest.parse() == Ok(value) { nearest } else { shortest }
}

/// Python's shortest form of a finite float, from Rust's `d.ddde±x`: positional from 1e-4 up to
/// below 1e16, else with a signed exponent of at least two digits.
fn float(scientific: String) -> String {
    let (mantissa, exponent) = scientific.split_once('e').expect("the form of {:e}");
    let exponent: i32 = exponent.parse().expect("the form of {:e}");
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    match exponent {
        -4..0 => format!("{sign}0.{}{digits}", "0".repeat(exponent.unsigned_abs() as usize - 1)),
        0..16 => {
            let whole = exponent as usize + 1;
            let padded = format!("{digits:0<whole$}");
            let fraction = if padded.len() > whole { &padded[whole..] } else { "0" };
            format!("{sign}{}.{fraction}", &padded[..whole])
        }
        _ => {
            let mark = if exponent < 0 { '-' } else { '+' };
            format!("{sign}{mantissa}e{mark}{:02}", exponent.unsigned_abs())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_written_as_python_writes_them() {
        for (value, text) in [
            (1.0, "1.0"),
            (0.1, "0.1"),
            (-0.0, "-0.0"),
            (1e16, "1e+16"),
            (1e22, "1e+22"),
            (1e-5, "1e-05"),
            (0.0001, "0.0001"),
            (-0.000123, "-0.000123"),
            (1.234_567_890_123_456_8e17, "1.2345678901234568e+17"),
            (9_999_999_999_999_998.0, "9999999999999998.0"),
            (123_456.75, "123456.75"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            // Exactly between two texts.
            (-624_761_047_190_701.0 / 8.0, "-78095130898837.62"),
            // A power of two: the gap below it is half of that above it.
            (2f64.powi(-44), "5.684341886080802e-14"),
        ] {
            assert_eq!(to_text(&value).unwrap(), text);
        }
    }

    #[test]
    fn whatever_is_not_printable_ascii_is_escaped() {
        let raw = serde_json::value::RawValue::from_string("[\"é\", 1.10]".into()).unwrap();
        assert_eq!(to_text(&raw).unwrap(), "[\"\\u00e9\", 1.10]");
        assert_eq!(
            to_text("é\u{7f}😀\u{1}\n\"\\/<").unwrap(),
            r#""\u00e9\u007f\ud83d\ude00\u0001\n\"\\/<""#
        );
    }
}
