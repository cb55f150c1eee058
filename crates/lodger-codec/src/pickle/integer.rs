//! Integers of more than 64 bits: two's complement from and to decimal text.

/// The largest power of ten in 32 bits.
const BILLION: u64 = 1_000_000_000;
const BILLION_DIGITS: usize = 9;
const WORD: u64 = 1 << 32;

/// What the conversions of one pickle have cost so far, in steps.
///
/// A conversion takes as many steps as the square of the integer's length, and pickles of integers
/// that Python makes in no time could keep a server busy for minutes. 2²⁷ steps take some tenths of
/// a second. They are enough for one integer of 100,000 digits, or for a megabyte of such as Python
/// still writes as text, of 4,300 digits.
#[derive(Debug, Default)]
pub(super) struct Work {
    steps: usize,
}

impl Work {
    const MAX_STEPS: usize = 1 << 27;

    fn charge(&mut self, words: usize) -> Option<()> {
        self.steps = words.checked_mul(words)?.checked_add(self.steps)?;
        (self.steps <= Self::MAX_STEPS).then_some(())
    }
}

/// Reads two's complement, the lowest byte first, of at most eight bytes.
pub(super) fn small(bytes: &[u8]) -> Option<i64> {
    let mut extended = [sign_byte(bytes); 8];
    extended.get_mut(..bytes.len())?.copy_from_slice(bytes);
    Some(i64::from_le_bytes(extended))
}

/// Reads two's complement, the lowest byte first, into decimal text; `None` when that is too much
/// work.
pub(super) fn to_decimal(bytes: &[u8], work: &mut Work) -> Option<String> {
    work.charge(bytes.len().div_ceil(4))?;
    let fill = sign_byte(bytes);
    let mut words: Vec<u32> = Vec::with_capacity(bytes.len().div_ceil(4));
    words.extend(bytes.chunks(4).map(|chunk| {
        let mut word = [fill; 4];
        word[..chunk.len()].copy_from_slice(chunk);
        u32::from_le_bytes(word)
    }));
    let negative = fill != 0;
    if negative {
        let mut carry = true;
        for word in &mut words {
            (*word, carry) = (!*word).overflowing_add(u32::from(carry));
        }
    }
    let limbs = convert::<WORD, BILLION>(words.into_iter().rev());
    let mut text = String::with_capacity(limbs.len() * BILLION_DIGITS + 1);
    if negative {
        text.push('-');
    }
    let mut limbs = limbs.iter().rev();
    text.push_str(&limbs.next().unwrap_or(&0).to_string());
    limbs.for_each(|limb| text.push_str(&format!("{limb:09}")));
    Some(text)
}

/// Writes decimal text as two's complement in as few bytes as possible, the lowest one first;
/// `None` when that is too much work, or the text is no integer.
pub(super) fn from_decimal(text: &str, work: &mut Work) -> Option<Vec<u8>> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    // Never less than what reading costs, so that what is written can be read.
    work.charge(digits.len().div_ceil(BILLION_DIGITS))?;
    let (first, others) = digits.split_at(digits.len() % BILLION_DIGITS);
    let first = (!first.is_empty()).then_some(first.as_bytes());
    let chunks = first.into_iter().chain(others.as_bytes().chunks(BILLION_DIGITS));
    let limbs =
        chunks.map(|digits| digits.iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0')));
    let words = convert::<BILLION, WORD>(limbs);

    let mut bytes: Vec<u8> = words.into_iter().flat_map(u32::to_le_bytes).collect();
    // Room for the sign.
    bytes.push(0);
    if negative {
        let mut carry = true;
        for byte in &mut bytes {
            (*byte, carry) = (!*byte).overflowing_add(u8::from(carry));
        }
    }
    while let [.., next, last] = bytes[..]
        && last == sign_byte(&[next])
    {
        bytes.pop();
    }
    Some(bytes)
}

/// What would stand above the highest byte.
fn sign_byte(bytes: &[u8]) -> u8 {
    if bytes.last().is_some_and(|&byte| byte >= 0x80) { 0xff } else { 0 }
}

/// Digits of one base, the highest first, into digits of another, the lowest first and none of
/// them a leading zero.
fn convert<const FROM: u64, const TO: u64>(digits: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut converted: Vec<u32> = Vec::new();
    for digit in digits {
        let mut carry = u64::from(digit);
        for place in &mut converted {
            // Below 2^32 * 10^9 + 2^33, whichever way: far from the end of 64 bits.
            carry += u64::from(*place) * FROM;
            *place = (carry % TO) as u32;
            carry /= TO;
        }
        while carry > 0 {
            converted.push((carry % TO) as u32);
            carry /= TO;
        }
    }
    converted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> String {
        to_decimal(bytes, &mut Work::default()).unwrap()
    }

    fn written(text: &str) -> Vec<u8> {
        from_decimal(text, &mut Work::default()).unwrap()
    }

    #[test]
    fn every_integer_of_128_bits_is_as_rust_has_it() {
        let mut value: i128 = 1;
        for step in 0..500 {
            value = value.wrapping_mul(0x5851_f42d_4c95_7f2d_1405_7b7e_f767_814f) ^ step;
            for value in
                [value, value >> (step % 120), i128::MIN >> (step % 127), -(1 << (step % 127))]
            {
                let text = value.to_string();
                assert_eq!(read(&value.to_le_bytes()), text);
                let bytes = written(&text);
                assert_eq!(read(&bytes), text);
                let shorter = bytes.len().saturating_sub(1);
                assert_ne!(read(&bytes[..shorter]), text, "not minimal: {text}");
            }
        }
    }

    #[test]
    fn up_to_eight_bytes_are_small() {
        for (bytes, value) in [
            (&b""[..], 0),
            (b"\x01", 1),
            (b"\xff", -1),
            (b"\x80", -128),
            (b"\xff\x00", 255),
            (b"\x00\xff", -256),
            (b"\xff\xff\xff\xff\xff\xff\xff\x7f", i64::MAX),
            (b"\x00\x00\x00\x00\x00\x00\x00\x80", i64::MIN),
        ] {
            assert_eq!(small(bytes), Some(value));
            assert_eq!(read(bytes), value.to_string());
        }
        assert_eq!(small(&[0; 9]), None);
    }

    #[test]
    fn digits_beyond_any_machine_word_are_exact() {
        // 10^1000 is 5^1000 shifted by 1000 bits.
        let text = format!("1{}", "0".repeat(1000));
        let bytes = written(&text);
        assert_eq!(bytes.len(), 416);
        assert!(bytes[..125].iter().all(|&byte| byte == 0));
        assert_eq!(read(&bytes), text);
        assert_eq!(read(&written(&format!("-{text}"))), format!("-{text}"));
    }

    #[test]
    fn what_is_no_integer_is_none() {
        for text in ["", "-", "+1", "1.0", "1e5", "--1", "１"] {
            assert_eq!(from_decimal(text, &mut Work::default()), None, "{text}");
        }
    }

    /// Promise 10
    #[test]
    fn work_is_bounded_both_ways() {
        let mut work = Work::default();
        assert!(to_decimal(&[1; 32_000], &mut work).is_some());
        assert!(to_decimal(&[1; 32_000], &mut work).is_some());
        assert!(to_decimal(&[1; 32_000], &mut work).is_none());
        assert!(to_decimal(&[1; 1 << 20], &mut Work::default()).is_none());
        assert!(from_decimal(&"1".repeat(110_000), &mut Work::default()).is_none());

        let text = "9".repeat(100_000);
        assert_eq!(read(&written(&text)), text);
    }
}
