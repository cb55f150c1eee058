//! Whole numbers in the digits `0-9A-Za-z`.

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Appends a number without padding; a negative one has `-` before it.
pub(crate) fn push(number: i64, out: &mut String) {
    // Eleven digits hold every 64-bit number.
    let mut digits = [0; 11];
    let mut start = digits.len();
    let mut rest = number.unsigned_abs();
    loop {
        start -= 1;
        digits[start] = DIGITS[(rest % 62) as usize];
        rest /= 62;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        out.push('-');
    }
    out.extend(digits[start..].iter().map(|&digit| char::from(digit)));
}

/// Reads a number of any length; one beyond 64 bits counts as the nearest that fits.
///
/// As in Django, a `-` without digits is zero, and an empty text is no number.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let (digits, negative) = match text.strip_prefix('-') {
        Some(digits) => (digits, true),
        None => (text, false),
    };
    if text.is_empty() {
        return None;
    }
    let mut number: i64 = 0;
    for byte in digits.bytes() {
        let digit = i64::from(value(byte)?);
        let signed = if negative { -digit } else { digit };
        number = number.saturating_mul(62).saturating_add(signed);
    }
    Some(number)
}

fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'A'..=b'Z' => Some(digit - b'A' + 10),
        b'a'..=b'z' => Some(digit - b'a' + 36),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_and_read_as_django_does() {
        for (number, text) in [
            (0, "0"),
            (1, "1"),
            (61, "z"),
            (62, "10"),
            (-1, "-1"),
            (1_700_000_000, "1r31eq"),
            (i64::MAX, "AzL8n0Y58m7"),
            (i64::MIN, "-AzL8n0Y58m8"),
        ] {
            let mut out = String::new();
            push(number, &mut out);
            assert_eq!(out, text);
            assert_eq!(parse(text), Some(number));
        }
    }

    #[test]
    fn numbers_of_any_length_are_read_and_stop_at_the_ends() {
        assert_eq!(parse(&"z".repeat(100_000)), Some(i64::MAX));
        assert_eq!(parse(&format!("-{}", "z".repeat(12))), Some(i64::MIN));
        assert_eq!(parse("000000000000000000001"), Some(1));
        assert_eq!(parse("-"), Some(0));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "!!", " 1", "1 ", "--1", "1-", "+1", "é", "１", "1\n", "1_"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
