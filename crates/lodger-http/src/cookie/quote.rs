//! Quoted cookie values, as Python's `http.cookies` writes and reads them.

use std::borrow::Cow;
use std::fmt::Write;

use super::CookieError;

/// Quotes a value if it needs to be: an empty one, and one with characters that no cookie may hold.
/// These become `\ooo`, the number of the character in octal.
pub(super) fn quote(value: &[u8]) -> Result<Cow<'_, str>, CookieError> {
    let text = std::str::from_utf8(value).map_err(|_| CookieError::Value)?;
    if !text.is_empty() && text.bytes().all(is_plain) {
        return Ok(Cow::Borrowed(text));
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            _ if character.is_ascii() && is_quotable(character as u8) => quoted.push(character),
            '\0'..='\u{ff}' => {
                write!(quoted, "\\{:03o}", u32::from(character)).expect("a String takes any text");
            }
            _ => return Err(CookieError::Value),
        }
    }
    quoted.push('"');
    Ok(Cow::Owned(quoted))
}

/// Takes a value out of its quotes; `None` if it then has more than `longest` bytes. What is not
/// quoted stays as it is.
pub(super) fn unquote(value: &[u8], longest: usize) -> Option<Cow<'_, [u8]>> {
    let inner = match value {
        [b'"', inner @ .., b'"'] => inner,
        _ => return (value.len() <= longest).then_some(Cow::Borrowed(value)),
    };
    if !inner.contains(&b'\\') {
        return (inner.len() <= longest).then_some(Cow::Borrowed(inner));
    }
    let mut unquoted = Vec::with_capacity(inner.len().min(longest.saturating_add(2)));
    let mut rest = inner;
    while let [first, after @ ..] = rest {
        match (first, after) {
            (b'\\', [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', after @ ..]) => {
                let number = (a - b'0') << 6 | (b - b'0') << 3 | (c - b'0');
                let mut utf8 = [0; 2];
                unquoted.extend_from_slice(char::from(number).encode_utf8(&mut utf8).as_bytes());
                rest = after;
            }
            (b'\\', [escaped, after @ ..]) => {
                unquoted.push(*escaped);
                rest = after;
            }
            _ => {
                unquoted.push(*first);
                rest = after;
            }
        }
        if unquoted.len() > longest {
            return None;
        }
    }
    Some(Cow::Owned(unquoted))
}

/// The characters that Python leaves unquoted.
const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'
                ..=b'\'' | b'*' | b'+' | b'-' | b'.' | b':' | b'^' | b'_' | b'`' | b'|' | b'~'
        )
}

/// The characters that Python leaves as they are within quotes.
const fn is_quotable(byte: u8) -> bool {
    is_plain(byte)
        || matches!(byte, b' ' | b'(' | b')' | b'/' | b'<'..=b'@' | b'[' | b']' | b'{' | b'}')
}
