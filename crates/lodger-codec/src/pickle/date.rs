//! The only object that is understood: the date under `_session_expiry`.
//!
//! # Django
//!
//! Up to 4.0, `set_expiry` with a `timedelta` or a `datetime` keeps a `datetime` in the session, and
//! a cache pickles it as it is: a call of the class with ten raw bytes and perhaps a time zone. From
//! 4.1 on its ISO 8601 text is kept. Nothing is called here: the few forms are recognized.

use std::fmt::Write as _;

use super::value::Value;

/// What is recognized on the way to a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Object {
    Name(Name),
    /// `timedelta(0)`.
    NoTime,
    /// A time zone that is UTC.
    Utc,
    /// The ten bytes of a date, which protocol 2 of Python 3 writes as text to be encoded.
    Raw([u8; 10]),
    Date(Date),
}

/// A global that may be called, and with what is up to [`call`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    DateTime,
    TimeDelta,
    TimeZone,
    /// A class without arguments whose value is UTC.
    Utc,
    Encode,
}

impl Name {
    pub(super) fn of(module: &[u8], name: &[u8]) -> Option<Self> {
        Some(match (module, name) {
            (b"datetime", b"datetime") => Self::DateTime,
            (b"datetime", b"timedelta") => Self::TimeDelta,
            // Django 4.0.
            (b"datetime", b"timezone") => Self::TimeZone,
            // Django 1.8, and any up to 3.2 that has pytz.
            (b"django.utils.timezone", b"UTC") | (b"pytz", b"_UTC") => Self::Utc,
            (b"_codecs", b"encode") => Self::Encode,
            _ => return None,
        })
    }
}

/// What a call would give; `None` for all calls but those that make up a date.
pub(super) fn call(name: Name, arguments: &[Value<'_>]) -> Option<Object> {
    Some(match (name, arguments) {
        (Name::DateTime, [raw]) => Object::Date(Date::new(raw, false)?),
        (Name::DateTime, [raw, Value::Object(Object::Utc)]) => Object::Date(Date::new(raw, true)?),
        (Name::TimeDelta, [Value::Int(0), Value::Int(0), Value::Int(0)]) => Object::NoTime,
        (Name::TimeZone, [Value::Object(Object::NoTime)]) | (Name::Utc, []) => Object::Utc,
        (Name::Encode, [Value::Text(text), Value::Text(b"latin1")]) => Object::Raw(latin_1(text)?),
        _ => return None,
    })
}

/// Ten bytes that were written as characters of these numbers.
fn latin_1(text: &[u8]) -> Option<[u8; 10]> {
    // No more than two bytes for each of them.
    let text = std::str::from_utf8(text).ok().filter(|text| text.len() <= 20)?;
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(c).ok()).collect();
    bytes?.try_into().ok()
}

/// A date of Python's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Date {
    year: u16,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
    microsecond: u32,
    /// Whether it has a time zone, which is UTC then.
    aware: bool,
}

impl Date {
    fn new(raw: &Value<'_>, aware: bool) -> Option<Self> {
        let bytes = match raw {
            Value::ByteText(bytes) | Value::Bytes(bytes) => bytes,
            Value::Object(Object::Raw(bytes)) => &bytes[..],
            _ => return None,
        };
        let &[century, of_century, month, day, hour, minute, second, high, middle, low] = bytes
        else {
            return None;
        };
        let date = Self {
            year: u16::from_be_bytes([century, of_century]),
            // The highest bit says which of two equal local times is meant; the text never does.
            month: month & 0x7f,
            day,
            hour,
            minute,
            second,
            microsecond: u32::from_be_bytes([0, high, middle, low]),
            aware,
        };
        date.exists().then_some(date)
    }

    fn exists(self) -> bool {
        let leap = self.year.is_multiple_of(if self.year.is_multiple_of(100) { 400 } else { 4 });
        let days = match self.month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => 0,
        };
        (1..=9999).contains(&self.year)
            && (1..=days).contains(&self.day)
            && self.hour < 24
            && self.minute < 60
            && self.second < 60
            && self.microsecond < 1_000_000
    }

    /// Writes the date as Python's `isoformat()` does, in quotes.
    pub(super) fn push_json(self, out: &mut String) {
        let Self { year, month, day, hour, minute, second, microsecond, aware } = self;
        let fraction = if microsecond == 0 { String::new() } else { format!(".{microsecond:06}") };
        let zone = if aware { "+00:00" } else { "" };
        write!(
            out,
            "\"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}{zone}\""
        )
        .expect("a String takes any text");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RAW: [u8; 10] = [0x07, 0xe7, 11, 15, 22, 13, 25, 0x01, 0xe2, 0x40];

    fn text(raw: &[u8], zone: Option<Value<'_>>) -> Option<String> {
        let arguments: Vec<Value<'_>> =
            [Some(Value::Bytes(raw)), zone].into_iter().flatten().collect();
        let Object::Date(date) = call(Name::DateTime, &arguments)? else {
            panic!("a call of the class gives a date");
        };
        let mut out = String::new();
        date.push_json(&mut out);
        Some(out)
    }

    fn changed(at: usize, byte: u8) -> [u8; 10] {
        let mut raw = RAW;
        raw[at] = byte;
        raw
    }

    #[test]
    fn dates_are_written_as_isoformat_writes_them() {
        let utc = Some(Value::Object(Object::Utc));
        assert_eq!(text(&RAW, utc).unwrap(), r#""2023-11-15T22:13:25.123456+00:00""#);
        assert_eq!(text(&RAW, None).unwrap(), r#""2023-11-15T22:13:25.123456""#);
        let whole = [0, 1, 0x80 | 2, 3, 4, 5, 6, 0, 0, 0];
        assert_eq!(text(&whole, None).unwrap(), r#""0001-02-03T04:05:06""#);
        assert_eq!(
            text(&[7, 208, 2, 29, 0, 0, 0, 0, 0, 1], utc).unwrap(),
            r#""2000-02-29T00:00:00.000001+00:00""#
        );
    }

    #[test]
    fn what_is_in_no_calendar_is_no_date() {
        for (at, byte) in
            [(0, 0xff), (2, 0), (2, 13), (3, 0), (3, 31), (4, 24), (5, 60), (6, 60), (7, 0x0f)]
        {
            assert_eq!(text(&changed(at, byte), None), None, "{at}: {byte}");
        }
        assert_eq!(text(&[7, 231, 2, 29, 0, 0, 0, 0, 0, 0], None), None);
        assert_eq!(text(&[0; 10], None), None);
        assert_eq!(text(&RAW[..9], None), None);
        assert_eq!(text(&[7; 11], None), None);
    }

    #[test]
    fn only_calls_that_make_up_a_date_are_recognized() {
        let zero = Value::Int(0);
        assert_eq!(call(Name::TimeDelta, &[zero, zero, zero]), Some(Object::NoTime));
        assert_eq!(call(Name::TimeDelta, &[zero, Value::Int(3600), zero]), None);
        assert_eq!(call(Name::TimeZone, &[Value::Object(Object::NoTime)]), Some(Object::Utc));
        assert_eq!(call(Name::TimeZone, &[]), None);
        assert_eq!(call(Name::Utc, &[]), Some(Object::Utc));
        assert_eq!(call(Name::Utc, &[Value::None]), None);
        assert_eq!(call(Name::DateTime, &[Value::Text(&RAW)]), None);
        assert_eq!(text(&RAW, Some(Value::None)), None);

        let encoded = "\u{7}\u{e7}\u{b}\u{f}\u{16}\r\u{19}\u{1}\u{e2}@".as_bytes();
        let latin = Value::Text(b"latin1");
        let raw = call(Name::Encode, &[Value::Text(encoded), latin]);
        assert_eq!(raw, Some(Object::Raw(RAW)));
        for other in [&b"short"[..], "€€€€€€€€€€".as_bytes(), &[b'a'; 1000], &RAW]
        {
            assert_eq!(call(Name::Encode, &[Value::Text(other), latin]), None);
        }
        assert_eq!(call(Name::Encode, &[Value::Text(encoded), Value::Text(b"rot13")]), None);
    }
}
