//! Text: UTF-8 in which lone surrogates pass, from and to JSON strings.

use std::fmt::Write as _;

/// Writes text as a JSON string with its quotes, as Python's `json.dumps` does; `None` if it is no
/// UTF-8. A surrogate that stands in it as if it were a character becomes its escape.
pub(super) fn push_json(utf8: &[u8], out: &mut String) -> Option<()> {
    out.push('"');
    let mut rest = utf8;
    loop {
        let error = match std::str::from_utf8(rest) {
            Ok(text) => {
                push_escaped(text, out);
                out.push('"');
                return Some(());
            }
            Err(error) => error,
        };
        let (valid, after) = rest.split_at(error.valid_up_to());
        push_escaped(std::str::from_utf8(valid).expect("it is valid up to there"), out);
        let [0xed, second @ 0xa0..=0xbf, third @ 0x80..=0xbf, tail @ ..] = after else {
            return None;
        };
        push_unit(0xd000 | u16::from(second & 0x3f) << 6 | u16::from(third & 0x3f), out);
        rest = tail;
    }
}

fn push_escaped(text: &str, out: &mut String) {
    let mut plain = 0;
    for (at, c) in text.char_indices() {
        let short = match c {
            '"' => "\\\"",
            '\\' => "\\\\",
            ' '..='~' => continue,
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\u{8}' => "\\b",
            '\u{c}' => "\\f",
            _ => "",
        };
        out.push_str(&text[plain..at]);
        plain = at + c.len_utf8();
        if short.is_empty() {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|&unit| push_unit(unit, out));
        } else {
            out.push_str(short);
        }
    }
    out.push_str(&text[plain..]);
}

fn push_unit(unit: u16, out: &mut String) {
    write!(out, "\\u{unit:04x}").expect("a String takes any text");
}

/// Appends what a JSON string without its quotes stands for, a lone surrogate as if it were a
/// character; `None` if an escape is wrong.
pub(super) fn push_utf8(json: &str, out: &mut Vec<u8>) -> Option<()> {
    let mut rest = json;
    while let Some((plain, escape)) = rest.split_once('\\') {
        out.extend(plain.as_bytes());
        let mut escape = escape.chars();
        let c = match escape.next()? {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                rest = push_unicode(escape.as_str(), out)?;
                continue;
            }
            c @ ('"' | '\\' | '/') => c,
            _ => return None,
        };
        out.extend(c.encode_utf8(&mut [0; 4]).as_bytes());
        rest = escape.as_str();
    }
    out.extend(rest.as_bytes());
    Some(())
}

/// Appends what the digits after `\u` stand for, together with the escape that follows if the two
/// are a pair, and gives what is left.
fn push_unicode<'a>(digits: &'a str, out: &mut Vec<u8>) -> Option<&'a str> {
    let (unit, rest) = unit(digits)?;
    let pair = rest.strip_prefix("\\u").and_then(self::unit).and_then(|(low, rest)| {
        let c = char::decode_utf16([unit, low]).next()?.ok()?;
        (c.len_utf16() == 2).then_some((c, rest))
    });
    if let Some((c, rest)) = pair {
        out.extend(c.encode_utf8(&mut [0; 4]).as_bytes());
        return Some(rest);
    }
    match char::from_u32(u32::from(unit)) {
        Some(c) => out.extend(c.encode_utf8(&mut [0; 4]).as_bytes()),
        None => out.extend([0xed, 0x80 | (unit >> 6 & 0x3f) as u8, 0x80 | (unit & 0x3f) as u8]),
    }
    Some(rest)
}

fn unit(text: &str) -> Option<(u16, &str)> {
    let (digits, rest) = text.split_at_checked(4)?;
    let plain = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    Some((plain.then(|| u16::from_str_radix(digits, 16).ok())??, rest))
}

#[cfg(test)]
mod tests {
    use lodger_core::JsonText;

    use super::*;

    fn json(utf8: &[u8]) -> Option<String> {
        let mut out = String::new();
        push_json(utf8, &mut out).map(|()| out)
    }

    fn utf8(json: &str) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        push_utf8(json, &mut out).map(|()| out)
    }

    #[test]
    fn every_character_is_written_as_the_json_codec_writes_it() {
        for first in (0..=0x10_ffff).step_by(64) {
            let text: String = (first..first + 64).filter_map(char::from_u32).collect();
            let quoted = json(text.as_bytes()).unwrap();
            assert_eq!(quoted, JsonText::of(&text).unwrap().as_str());
            assert_eq!(utf8(&quoted[1..quoted.len() - 1]).unwrap(), text.as_bytes());
        }
    }

    #[test]
    fn every_surrogate_passes_alone_and_pairs_join() {
        for unit in 0xd800..=0xdfff_u16 {
            let escape = format!("a\\u{unit:04x}b");
            let bytes = utf8(&escape).unwrap();
            assert_eq!(bytes.len(), 5);
            assert_eq!(json(&bytes).unwrap(), format!("\"{escape}\""));
        }
        assert_eq!(utf8(r"\ud83d\ude00").unwrap(), "😀".as_bytes());
        assert_eq!(utf8(r"\ud83d\ud83d\ude00").unwrap(), b"\xed\xa0\xbd\xf0\x9f\x98\x80");
        assert_eq!(utf8(r"\ude00\ud83d").unwrap(), b"\xed\xb8\x80\xed\xa0\xbd");
        assert_eq!(utf8(r"\ud83d\u0041").unwrap(), b"\xed\xa0\xbdA");
        assert_eq!(utf8(r"\u0041\ude00\/").unwrap(), b"A\xed\xb8\x80/");
    }

    #[test]
    fn what_is_neither_text_nor_surrogate_is_refused() {
        for bytes in [
            &b"\xff"[..],
            b"a\x80",
            b"\xc3",
            b"\xed\xa0",
            b"\xed\xa0A",
            b"\xc0\x80",
            b"\xf4\x90\x80\x80",
        ] {
            assert_eq!(json(bytes), None);
        }
        for escape in [r"\", r"\x", r"\u", r"\u12", r"\u+123", r"\u12é4", r"\ud83d\u12"] {
            assert_eq!(utf8(escape), None, "{escape}");
        }
    }
}
