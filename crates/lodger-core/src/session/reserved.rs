//! What Lodger keeps for itself in a session's data.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::RESERVED_FIELD;
use crate::{JsonText, SessionDict, Span, Timestamp};

/// When the session began, in whole seconds since the epoch.
const BEGAN: &str = "began";
/// How long it lives at most, in whole seconds.
const ABSOLUTE: &str = "absolute";
/// The reserved field holds an object of plain values.
const DEPTH: usize = 32;

/// What Lodger keeps for itself in a session's data: the members of the object under
/// [`RESERVED_FIELD`].
///
/// `began` and `absolute`, whole seconds, say when the session began and how long it lives at most.
/// They are written once, where [`Settings::absolute_age`](crate::Settings::absolute_age) is set, and
/// stay what they are. Members that others keep there stay, too.
///
/// A field that is no object counts as none, and a member that is no integer of 64 bits as absent:
/// such a session begins with its next write. Whoever can write that could as well have written a
/// beginning, so nothing is lost by it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reserved(SessionDict);

impl Reserved {
    /// Reads what the data hold.
    #[must_use]
    pub fn of(dict: &SessionDict) -> Self {
        let held = dict.get_json(RESERVED_FIELD);
        let read = held.and_then(|held| SessionDict::parse(held.as_str(), DEPTH).ok());
        Self(read.unwrap_or_default())
    }

    /// A member; `None` if there is none of this type.
    #[must_use]
    pub fn get<T: DeserializeOwned>(&self, member: &str) -> Option<T> {
        self.0.get(member).ok().flatten()
    }

    /// Sets a member to a plain value.
    pub fn set<T: Serialize + ?Sized>(&mut self, member: &str, value: &T) {
        self.0.insert(member, value).expect("a plain value has a JSON form");
    }

    /// Puts the members into the data.
    pub fn put(&self, dict: &mut SessionDict) {
        let value = JsonText::parse(&self.0.to_json(), DEPTH + 1).expect("an object was written");
        dict.insert_json(RESERVED_FIELD, value);
    }

    /// Gives the data the beginning and the limit that they lack; whether they lacked any.
    ///
    /// A beginning that has not come yet, because a clock was wrong, is none: it is set to now. So a
    /// beginning only ever moves to the past.
    pub fn begin(dict: &mut SessionDict, absolute_age: Option<Span>, now: Timestamp) -> bool {
        let Some(absolute_age) = absolute_age else { return false };
        let mut reserved = Self::of(dict);
        let began = reserved.seconds(BEGAN).filter(|began| *began <= now.as_secs());
        let absolute = reserved.seconds(ABSOLUTE);
        if began.is_some() && absolute.is_some() {
            return false;
        }
        reserved.set(BEGAN, &began.unwrap_or_else(|| now.as_secs()));
        reserved.set(ABSOLUTE, &absolute.unwrap_or_else(|| absolute_age.ceil_seconds()));
        reserved.put(dict);
        true
    }

    /// The instant from which on the session is no more, whatever was renewed; `None` without a
    /// limit.
    ///
    /// Of the session's own limit and that of the settings the shorter one counts. A session whose
    /// beginning is unknown or has not come yet is taken to begin now.
    pub(crate) fn end(&self, absolute_age: Option<Span>, now: Timestamp) -> Option<Timestamp> {
        let began = self.seconds(BEGAN).map(Timestamp::from_secs);
        // The limit of a beginning that is unknown says nothing.
        let own = began.and_then(|_| self.seconds(ABSOLUTE)).map(Span::from_secs);
        let limit = own.into_iter().chain(absolute_age).min()?;
        Some(began.map_or(now, |began| began.min(now)) + limit)
    }

    fn seconds(&self, member: &str) -> Option<i64> {
        self.get(member)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_700_000_000_123_456);
    const HOUR: Span = Span::from_secs(3600);

    fn dict(reserved: &str) -> SessionDict {
        SessionDict::parse(format!(r#"{{"a":1,"_lodger":{reserved}}}"#), 100).unwrap()
    }

    fn begun(reserved: &str) -> String {
        let mut dict = dict(reserved);
        let had = dict.clone();
        assert_eq!(Reserved::begin(&mut dict, Some(HOUR), NOW), dict != had, "{reserved}");
        dict.get_json(RESERVED_FIELD).unwrap().as_str().to_owned()
    }

    /// Promise 8
    #[test]
    fn a_beginning_is_given_once_and_never_to_be_moved_on() {
        let fresh = r#"{"began":1700000000,"absolute":3600}"#;
        for (before, after) in [
            (r#"{"began":1600000000,"absolute":60}"#, r#"{"began":1600000000,"absolute":60}"#),
            (r#"{"began":1600000000,"absolute":-60}"#, r#"{"began":1600000000,"absolute":-60}"#),
            (r#"{"began":-1,"absolute":60}"#, r#"{"began":-1,"absolute":60}"#),
            (r#"{"began":1700000000,"absolute":60}"#, r#"{"began":1700000000,"absolute":60}"#),
            // What is missing, malformed or in the future.
            (r#"{"began":1600000000}"#, r#"{"began":1600000000,"absolute":3600}"#),
            (r#"{"absolute":60}"#, r#"{"absolute":60,"began":1700000000}"#),
            (r#"{"began":1700000001,"absolute":60}"#, r#"{"began":1700000000,"absolute":60}"#),
            (r#"{"began":"x","absolute":1.5}"#, fresh),
            (r#"{"began":1e400,"absolute":99999999999999999999}"#, fresh),
            ("{}", fresh),
            ("null", fresh),
            ("[1]", fresh),
            ("\"text\"", fresh),
            // What others keep there stays.
            (r#"{"id":"x"}"#, r#"{"id":"x","began":1700000000,"absolute":3600}"#),
        ] {
            assert_eq!(begun(before), after, "{before}");
        }
    }

    #[test]
    fn without_a_limit_nothing_is_written() {
        let mut dict = SessionDict::parse(r#"{"a":1}"#, 10).unwrap();
        assert!(!Reserved::begin(&mut dict, None, NOW));
        assert_eq!(dict.to_json(), r#"{"a":1}"#);
    }

    /// Promise 8
    #[test]
    fn of_two_limits_the_shorter_counts_from_the_beginning() {
        let from = |secs: i64| Timestamp::from_secs(1_700_000_000 + secs);
        let (began, none) = (r#"{"began":1699999000,"absolute":3600}"#, "{}");
        for (reserved, absolute_age, end) in [
            (began, Some(HOUR), Some(from(2600))),
            (began, Some(Span::from_secs(60)), Some(from(-940))),
            (began, Some(Span::from_secs(86_400)), Some(from(2600))),
            (began, None, Some(from(2600))),
            (none, None, None),
            (none, Some(HOUR), Some(NOW + HOUR)),
            (r#"{"began":1699999000}"#, None, None),
            (r#"{"began":1699999000}"#, Some(HOUR), Some(from(2600))),
            (r#"{"absolute":60}"#, Some(HOUR), Some(NOW + HOUR)),
            (r#"{"began":"x","absolute":60}"#, None, None),
            (r#"{"began":1699999000,"absolute":-5}"#, None, Some(from(-1005))),
            // The clock was ahead when it began.
            (r#"{"began":1900000000,"absolute":3600}"#, Some(HOUR), Some(NOW + HOUR)),
            (
                r#"{"began":-9223372036854775808,"absolute":1}"#,
                None,
                Some(Timestamp::MIN + Span::from_secs(1)),
            ),
        ] {
            let found = Reserved::of(&dict(reserved)).end(absolute_age, NOW);
            assert_eq!(found, end, "{reserved} {absolute_age:?}");
        }
    }

    #[test]
    fn members_of_others_are_read_and_kept() {
        let mut dict = dict(r#"{"began":5}"#);
        let mut reserved = Reserved::of(&dict);
        reserved.set("id", "x");
        reserved.put(&mut dict);
        assert_eq!(dict.to_json(), r#"{"a":1,"_lodger":{"began":5,"id":"x"}}"#);
        assert_eq!(Reserved::of(&dict).get::<String>("id").as_deref(), Some("x"));
        assert_eq!(Reserved::of(&dict).get::<i64>("id"), None);
    }
}
