//! When a session ends, as far as that is known of a save during which the clock may have jumped.

use std::time::{Duration, Instant};

use lodger_core::{Settings, Span, Timestamp};

/// Stores keep instants to the microsecond, or to the second.
const ROUGHLY: Span = Span::from_secs(1);

/// The earliest and the latest instant that a clock has shown meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    earliest: Timestamp,
    latest: Timestamp,
}

impl Times {
    /// Of these, of which there is one at least.
    ///
    /// # Panics
    ///
    /// When there is none.
    #[must_use]
    pub fn of(shown: &[Timestamp]) -> Self {
        let earliest = *shown.iter().min().expect("a clock shows something");
        let latest = *shown.iter().max().expect("a clock shows something");
        Self { earliest, latest }
    }

    fn later(self, span: Option<Span>) -> Self {
        let later = |at| span.map_or(Timestamp::MAX, |span| at + span);
        Self { earliest: later(self.earliest), latest: later(self.latest) }
    }

    fn or_earlier(self, other: Self) -> Self {
        let earliest = self.earliest.min(other.earliest);
        Self { earliest, latest: self.latest.min(other.latest) }
    }
}

/// When a session began and when it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    began: Times,
    ends: Times,
    /// So long at least after this a server keeps it that has a clock of its own.
    kept: Duration,
    since: Instant,
}

impl Life {
    /// Of a session that was saved then, new or not, in a visit that began at this instant.
    #[must_use]
    pub fn saved(before: Option<Self>, at: Times, since: Instant, settings: &Settings) -> Self {
        let began = match before {
            // A beginning that has not come yet is set to now.
            Some(Self { began, .. }) if began.earliest > at.latest => at,
            Some(Self { began, .. }) => {
                Times { earliest: began.earliest.min(at.earliest), latest: began.latest }
            }
            None => at,
        };
        let ends = at.later(Some(settings.cookie_age)).or_earlier(at.later(settings.idle_age));
        let ends = ends.or_earlier(began.later(settings.absolute_age));
        let kept = (ends.earliest - at.latest).as_micros().try_into().unwrap_or(0);
        Self { began, ends, kept: Duration::from_micros(kept), since }
    }

    /// One of both.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let either = |one: Times, other: Times| Times {
            earliest: one.earliest.min(other.earliest),
            latest: one.latest.max(other.latest),
        };
        let (began, ends) = (either(self.began, other.began), either(self.ends, other.ends));
        Self { began, ends, kept: self.kept.min(other.kept), since: self.since.min(other.since) }
    }

    /// Whether a server that has a clock of its own keeps it still, whatever other clocks show.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.since.elapsed() < self.kept
    }

    /// Whether it lives surely, whatever of these times it is.
    #[must_use]
    pub fn is_live(&self, at: Times) -> bool {
        at.latest + ROUGHLY < self.ends.earliest
    }

    /// Whether it is over surely.
    #[must_use]
    pub fn is_over(&self, at: Times) -> bool {
        at.earliest > self.ends.latest + ROUGHLY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3600;

    fn at(hours: &[i64]) -> Times {
        Times::of(&hours.iter().map(|hour| Timestamp::from_secs(hour * HOUR)).collect::<Vec<_>>())
    }

    fn settings() -> Settings {
        let mut settings = Settings::default();
        settings.idle_age = Some(Span::from_secs(2 * HOUR));
        settings.absolute_age = Some(Span::from_secs(8 * HOUR));
        settings
    }

    fn saved(before: Option<Life>, hours: &[i64], settings: &Settings) -> Life {
        Life::saved(before, at(hours), Instant::now(), settings)
    }

    #[test]
    fn a_session_ends_by_the_limit_that_comes_first() {
        let begun = saved(None, &[10], &settings());
        assert!(begun.is_live(at(&[11])) && begun.is_over(at(&[13])));
        let later = saved(Some(begun), &[17], &settings());
        assert!(later.is_live(at(&[17])) && later.is_over(at(&[19])), "eight hours after ten");
        let unlimited = saved(None, &[10], &Settings::default());
        assert!(unlimited.is_live(at(&[300])) && unlimited.is_over(at(&[400])));
    }

    #[test]
    fn a_jump_amid_a_save_leaves_it_open_when_the_session_ends() {
        let life = saved(None, &[10, 20], &settings());
        assert!(life.is_live(at(&[11])) && life.is_over(at(&[23])));
        assert!(!life.is_live(at(&[15])) && !life.is_over(at(&[15])));
        assert!(!life.is_live(at(&[11, 23])) && !life.is_over(at(&[11, 23])));
    }

    #[test]
    fn a_beginning_that_has_not_come_is_now() {
        let begun = saved(None, &[100], &settings());
        let back = saved(Some(begun), &[10], &settings());
        assert!(back.is_live(at(&[11])) && back.is_over(at(&[13])));
        assert!(saved(Some(back), &[17], &settings()).is_over(at(&[19])));
    }

    #[test]
    fn of_an_unknown_save_both_ends_are_possible() {
        let begun = saved(None, &[10], &settings());
        let either = begun.or(saved(Some(begun), &[11], &settings()));
        assert!(either.is_live(at(&[11])) && either.is_over(at(&[14])));
        assert!(!either.is_over(at(&[12])));
    }

    #[test]
    fn a_server_keeps_a_session_for_as_long_as_it_had_when_it_was_saved() {
        assert!(saved(None, &[10], &settings()).is_kept());
        let last = Times::of(&[Timestamp::MAX]);
        assert!(!Life::saved(None, last, Instant::now(), &settings()).is_kept());
    }
}
