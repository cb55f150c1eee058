//! How long a session lives: its own expiry within the limits of the settings.

use super::StoredExpiry;
use crate::session::Reserved;
use crate::{SessionDict, Settings, Span, Timestamp};

/// The least time between two renewals, unless the idle limit is shorter than two of them.
const LEAST: Span = Span::from_secs(60);

/// How long a session with certain data lives: its own expiry, or `cookie_age`, within the idle and
/// the absolute limit.
///
/// A save has the session end at the earliest of three instants: that of its own expiry, counted from
/// this save; `idle_age` from now; `absolute_age` from the session's beginning. A *touch*, which
/// renews a session that was only read, moves the second one alone: an expiry of the session's own
/// goes on to count from the save, and the absolute limit from the beginning.
///
/// Made for one moment. Without limits it is Django's arithmetic, [`StoredExpiry`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    own: StoredExpiry,
    cookie_age: Span,
    idle_age: Option<Span>,
    absolute_end: Option<Timestamp>,
    now: Timestamp,
}

impl Lifetime {
    /// Of a session with these data, as seen `now`.
    #[must_use]
    pub fn of(dict: &SessionDict, settings: &Settings, now: Timestamp) -> Self {
        Self {
            own: StoredExpiry::of(dict, &settings.date_storage),
            cookie_age: settings.cookie_age,
            idle_age: settings.idle_age,
            absolute_end: Reserved::of(dict).end(settings.absolute_age, now),
            now,
        }
    }

    /// Whether the absolute limit is over. Such a session is no more, whatever a store says.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.absolute_end.is_some_and(|end| end <= self.now)
    }

    /// The `expire_date` of the session if it is saved now.
    #[must_use]
    pub fn date(&self) -> Timestamp {
        self.within_limits(self.own.date(self.now, self.cookie_age))
    }

    /// How long the session lives if it is saved now; negative: it has ended.
    #[must_use]
    pub fn age(&self) -> Span {
        let own = self.own.age(self.now, self.cookie_age);
        self.limit().map_or(own, |limit| own.min(limit - self.now))
    }

    /// The `expire_date` that a touch gives the session; `saved` is when it was saved last. A format
    /// that does not tell has each touch count as a save.
    #[must_use]
    pub fn touched(&self, saved: Option<Timestamp>) -> Timestamp {
        let saved = saved.map_or(self.now, |saved| saved.min(self.now));
        self.within_limits(self.own.date(saved, self.cookie_age))
    }

    /// Whether a session that was stored with this `expire_date` is due to be touched.
    ///
    /// It is when that moves its end by a tenth of `idle_age`, by 60 seconds at least, or by half of
    /// an `idle_age` that is shorter than two minutes. So it is, too, when others wrote an end so far
    /// beyond the limits. Never without an idle limit.
    #[must_use]
    pub fn is_due(&self, expire_date: Timestamp, saved: Option<Timestamp>) -> bool {
        let (Some(idle_age), Some(limit)) = (self.idle_age, self.limit()) else { return false };
        let part = |of: i64| Span::from_micros(idle_age.as_micros() / of);
        let least = part(10).max(LEAST).min(part(2));
        self.touched(saved) - expire_date >= least || expire_date - limit >= least
    }

    fn within_limits(&self, date: Timestamp) -> Timestamp {
        self.limit().map_or(date, |limit| date.min(limit))
    }

    /// The last instant that the limits allow for an `expire_date`.
    fn limit(&self) -> Option<Timestamp> {
        let idle_end = self.idle_age.map(|idle_age| self.now + idle_age);
        idle_end.into_iter().chain(self.absolute_end).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGAN: i64 = 1_700_000_000;
    const MINUTE: i64 = 60;
    const HOUR: i64 = 3600;

    fn settings(idle_age: Option<i64>, absolute_age: Option<i64>) -> Settings {
        let [idle_age, absolute_age] = [idle_age, absolute_age].map(|age| age.map(Span::from_secs));
        Settings { idle_age, absolute_age, ..Settings::default() }
    }

    /// Of a session that began at `BEGAN`, so many seconds later.
    fn lifetime(settings: &Settings, expiry: &str, after: i64) -> Lifetime {
        let dict = format!(r#"{{"_session_expiry":{expiry},"_lodger":{{"began":{BEGAN}}}}}"#);
        Lifetime::of(&SessionDict::parse(dict, 10).unwrap(), settings, at(after))
    }

    fn at(after: i64) -> Timestamp {
        Timestamp::from_secs(BEGAN + after)
    }

    /// Promise 8
    #[test]
    fn the_earliest_of_the_three_ends_counts() {
        let settings = settings(Some(HOUR), Some(8 * HOUR));
        for (expiry, after, end) in [
            ("null", 0, HOUR),
            ("null", 7 * HOUR + 1, 8 * HOUR),
            ("300", 0, 300),
            ("300", 8 * HOUR - 100, 8 * HOUR),
            ("7200", 100, HOUR + 100),
            ("-60", 100, 40),
            ("\"2023-11-14T22:14:20+00:00\"", 0, 60),
            ("\"2033-11-14T22:14:20+00:00\"", 0, HOUR),
        ] {
            let lifetime = lifetime(&settings, expiry, after);
            assert_eq!(lifetime.date(), at(end), "{expiry} after {after}");
            assert_eq!(lifetime.age(), Span::from_secs(end - after), "{expiry} after {after}");
            assert!(!lifetime.is_over());
        }
        assert!(lifetime(&settings, "null", 8 * HOUR).is_over());
    }

    /// Promise 8
    #[test]
    fn a_touch_renews_the_idle_limit_and_nothing_else() {
        let settings = settings(Some(HOUR), Some(8 * HOUR));
        let saved = Some(at(0));
        for (expiry, after, end) in [
            ("null", MINUTE, HOUR + MINUTE),
            ("null", 8 * HOUR - MINUTE, 8 * HOUR),
            // So long after each save, and reading is none.
            ("300", MINUTE, 300),
            ("7200", 90 * MINUTE, 7200),
            ("\"2023-11-14T22:14:20+00:00\"", MINUTE, 60),
        ] {
            let lifetime = lifetime(&settings, expiry, after);
            assert_eq!(lifetime.touched(saved), at(end), "{expiry} after {after}");
        }
        let unknown = lifetime(&settings, "300", MINUTE);
        assert_eq!(unknown.touched(None), at(300 + MINUTE));
        assert_eq!(unknown.touched(Some(at(HOUR))), at(300 + MINUTE), "saved in the future");
    }

    #[test]
    fn a_touch_is_due_when_a_tenth_has_passed_and_a_minute_at_least() {
        // The idle limit, and after how many seconds a touch is due.
        for (idle, due) in [
            (8 * HOUR, 48 * MINUTE),
            (HOUR, 6 * MINUTE),
            (10 * MINUTE, MINUTE),
            (5 * MINUTE, MINUTE),
            (2 * MINUTE, MINUTE),
            (100, 50),
            (2, 1),
        ] {
            let settings = settings(Some(idle), None);
            let saved = Some(at(0));
            for after in [0, due - 1] {
                assert!(!lifetime(&settings, "null", after).is_due(at(idle), saved), "{idle}");
            }
            assert!(lifetime(&settings, "null", due).is_due(at(idle), saved), "{idle}");
            // Written by somebody who knows of no limit.
            let lifetime = lifetime(&settings, "null", 0);
            assert!(!lifetime.is_due(at(idle + due - 1), None), "{idle}");
            assert!(lifetime.is_due(at(idle + due), None), "{idle}");
        }
    }

    #[test]
    fn a_touch_that_moves_nothing_is_never_due() {
        let limited = settings(Some(HOUR), Some(2 * HOUR));
        let saved = Some(at(0));
        for (expiry, after, end) in [
            ("null", 2 * HOUR - MINUTE, 2 * HOUR),
            ("300", 299, 300),
            ("\"2023-11-14T22:14:20+00:00\"", 59, 60),
        ] {
            assert!(!lifetime(&limited, expiry, after).is_due(at(end), saved), "{expiry}");
        }
        assert!(!lifetime(&settings(None, Some(HOUR)), "null", 0).is_due(Timestamp::MAX, None));
        assert!(!lifetime(&settings(None, None), "null", 0).is_due(at(1), None));
    }
}
