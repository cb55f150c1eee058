//! When a session in a file ends.

use lodger_core::{DateStorage, FileSeconds, SessionDict, Settings, Span, StoredExpiry, Timestamp};

/// When a session in a file ends.
///
/// Django's format has no place for an `expire_date`: it follows from the data and from when the file
/// was last modified. What is written is given the time of modification from which the date follows
/// that was asked for, so that Django computes the same. A date of the session's own has no use for the
/// time of modification: where the settings have limits, which may end the session sooner, that says
/// when, as it does for data that say nothing.
#[derive(Clone, Debug)]
pub(super) struct Ending {
    cookie_age: Span,
    dates: DateStorage,
    seconds: FileSeconds,
    /// Whether the settings end sessions before their own expiry does.
    limited: bool,
}

impl Ending {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            cookie_age: settings.cookie_age,
            dates: settings.date_storage.clone(),
            seconds: settings.file_seconds,
            limited: settings.idle_age.is_some() || settings.absolute_age.is_some(),
        }
    }

    /// The `expire_date` of these data in a file modified then; data that cannot be decoded are
    /// `None`, and end as those do that say nothing.
    pub(super) fn expire_date(&self, dict: Option<&SessionDict>, modified: Timestamp) -> Timestamp {
        match self.stored(dict) {
            StoredExpiry::Sliding(span)
                if span != Span::ZERO && self.seconds == FileSeconds::Never =>
            {
                if span > Span::ZERO { Timestamp::MAX } else { Timestamp::MIN }
            }
            StoredExpiry::At(at) if self.limited => at.min(modified + self.cookie_age),
            stored => stored.date(modified, self.cookie_age),
        }
    }

    /// When a file with these data must have been modified for them to end then. Data that name an
    /// instant end there whenever it was, without limits: `now`.
    pub(super) fn modified(
        &self,
        dict: Option<&SessionDict>,
        expire_date: Timestamp,
        now: Timestamp,
    ) -> Timestamp {
        match self.stored(dict) {
            StoredExpiry::At(_) if self.limited => expire_date - self.cookie_age,
            StoredExpiry::At(_) => now,
            stored => expire_date - stored.age(now, self.cookie_age),
        }
    }

    fn stored(&self, dict: Option<&SessionDict>) -> StoredExpiry {
        dict.map_or(StoredExpiry::Unset, |dict| StoredExpiry::of(dict, &self.dates))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_700_000_000_123_456);

    fn dict(expiry: &str) -> SessionDict {
        SessionDict::parse(format!("{{\"_session_expiry\":{expiry}}}"), 10).unwrap()
    }

    #[test]
    fn what_was_asked_for_follows_from_the_file() {
        let asked = NOW + Span::from_micros(86_400_000_007);
        for settings in [Settings::default(), Settings::django()] {
            let ending = Ending::new(&settings);
            for expiry in ["null", "0", "false", "\"no date\""] {
                let dict = dict(expiry);
                let modified = ending.modified(Some(&dict), asked, NOW);
                assert_eq!(ending.expire_date(Some(&dict), modified), asked, "{expiry}");
                assert_eq!(modified, asked - settings.cookie_age);
            }
            let modified = ending.modified(None, asked, NOW);
            assert_eq!(ending.expire_date(None, modified), asked);
        }
    }

    #[test]
    fn seconds_count_from_the_file_or_for_ever() {
        let (ours, djangos) = (Ending::new(&Settings::default()), Ending::new(&Settings::django()));
        for (expiry, span) in [("300", 300_000_000), ("1.5", 1_500_000), ("-5", -5_000_000)] {
            let dict = dict(expiry);
            let end = NOW + Span::from_micros(span);
            for ending in [&ours, &djangos] {
                assert_eq!(ending.modified(Some(&dict), end, NOW), NOW, "{expiry}");
            }
            assert_eq!(ours.expire_date(Some(&dict), NOW), end);
            let for_ever = if span > 0 { Timestamp::MAX } else { Timestamp::MIN };
            assert_eq!(djangos.expire_date(Some(&dict), NOW), for_ever);
        }
    }

    /// Promise 8
    #[test]
    fn within_limits_an_instant_may_come_sooner_and_never_later() {
        let mut settings = Settings::default();
        settings.idle_age = Some(Span::from_secs(600));
        let ending = Ending::new(&settings);
        let dict = dict("\"2023-11-16T22:13:20+00:00\"");
        let own = Timestamp::from_secs(1_700_172_800);
        for asked in [NOW + Span::from_secs(600), NOW, own] {
            let modified = ending.modified(Some(&dict), asked, NOW);
            assert_eq!(ending.expire_date(Some(&dict), modified), asked);
        }
        let modified = ending.modified(Some(&dict), own + Span::from_secs(1), NOW);
        assert_eq!(ending.expire_date(Some(&dict), modified), own);
    }

    #[test]
    fn an_instant_is_itself() {
        let dict = dict("\"2023-11-16T22:13:20+00:00\"");
        for ending in [Ending::new(&Settings::default()), Ending::new(&Settings::django())] {
            let end = Timestamp::from_secs(1_700_172_800);
            assert_eq!(ending.expire_date(Some(&dict), Timestamp::MIN), end);
            assert_eq!(ending.modified(Some(&dict), Timestamp::MAX, NOW), NOW);
        }
    }
}
