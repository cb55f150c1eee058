//! When a session ends, as far as that is known of a save during which the clock may have jumped.

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
}

impl Life {
    /// Of a session that was saved then, new or not.
    #[must_use]
    pub fn saved(before: Option<Self>, at: Times, settings: &Settings) -> Self {
        let began = match before {
            // A beginning that has not come yet is set to now.
            Some(Self { began, .. }) if began.earliest > at.latest => at,
            Some(Self { began, .. }) => {
                Times { earliest: began.earliest.min(at.earliest), latest: began.latest }
            }
            None => at,
        };
        let ends = at.later(Some(settings.cookie_age)).or_earlier(at.later(settings.idle_age));
        Self { began, ends: ends.or_earlier(began.later(settings.absolute_age)) }
    }

    /// One of both.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let either = |one: Times, other: Times| Times {
            earliest: one.earliest.min(other.earliest),
            latest: one.latest.max(other.latest),
        };
        Self { began: either(self.began, other.began), ends: either(self.ends, other.ends) }
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

    #[test]
    fn a_session_ends_by_the_limit_that_comes_first() {
        let begun = Life::saved(None, at(&[10]), &settings());
        assert!(begun.is_live(at(&[11])) && begun.is_over(at(&[13])));
        let saved = Life::saved(Some(begun), at(&[17]), &settings());
        assert!(saved.is_live(at(&[17])) && saved.is_over(at(&[19])), "eight hours after ten");
        let unlimited = Life::saved(None, at(&[10]), &Settings::default());
        assert!(unlimited.is_live(at(&[300])) && unlimited.is_over(at(&[400])));
    }

    #[test]
    fn a_jump_amid_a_save_leaves_it_open_when_the_session_ends() {
        let life = Life::saved(None, at(&[10, 20]), &settings());
        assert!(life.is_live(at(&[11])) && life.is_over(at(&[23])));
        assert!(!life.is_live(at(&[15])) && !life.is_over(at(&[15])));
        assert!(!life.is_live(at(&[11, 23])) && !life.is_over(at(&[11, 23])));
    }

    #[test]
    fn a_beginning_that_has_not_come_is_now() {
        let begun = Life::saved(None, at(&[100]), &settings());
        let back = Life::saved(Some(begun), at(&[10]), &settings());
        assert!(back.is_live(at(&[11])) && back.is_over(at(&[13])));
        assert!(Life::saved(Some(back), at(&[17]), &settings()).is_over(at(&[19])));
    }

    #[test]
    fn of_an_unknown_save_both_ends_are_possible() {
        let begun = Life::saved(None, at(&[10]), &settings());
        let either = begun.or(Life::saved(Some(begun), at(&[11]), &settings()));
        assert!(either.is_live(at(&[11])) && either.is_over(at(&[14])));
        assert!(!either.is_over(at(&[12])));
    }
}
