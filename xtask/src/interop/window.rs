use anyhow::{Result, bail};

use super::instant::Instant;

/// The time that something took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) begin: Instant,
    pub(super) end: Instant,
}

impl Window {
    /// Runs something and notes when.
    pub(super) fn around<T>(action: impl FnOnce() -> Result<T>) -> Result<(Self, T)> {
        let begin = Instant::now();
        let value = action()?;
        Ok((Self { begin, end: Instant::now() }, value))
    }

    /// The same, with so many seconds more on either side.
    pub(super) fn wider(self, seconds: f64) -> Self {
        Self { begin: self.begin.plus(-seconds), end: self.end.plus(seconds) }
    }

    /// Fails unless `date` lies `seconds` after some instant of this window.
    ///
    /// A date may have lost its fraction on the way, so it may be up to a second too early.
    pub(super) fn plus(self, seconds: f64, what: &str, date: Instant) -> Result<()> {
        let (after_begin, after_end) = (date.since(self.begin), date.since(self.end));
        if after_begin <= seconds - 1.0 || after_end > seconds {
            bail!(
                "{what}: expected {seconds} s from then on, got {after_begin:.6} s after the \
                 request began and {after_end:.6} s after its end"
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window() -> Window {
        let begin = Instant::parse("2026-01-01T00:00:00.250000Z").unwrap();
        let end = Instant::parse("2026-01-01T00:00:00.500000+00:00").unwrap();
        Window { begin, end }
    }

    fn is_a_minute_after(text: &str) -> bool {
        window().plus(60.0, "date", Instant::parse(text).unwrap()).is_ok()
    }

    #[test]
    fn a_date_agrees_to_the_second() {
        assert!(is_a_minute_after("2026-01-01T00:01:00.300000Z"));
        assert!(is_a_minute_after("2026-01-01T01:01:00.300000+01:00"));
        assert!(is_a_minute_after("2026-01-01T00:01:00Z"));
        assert!(!is_a_minute_after("2026-01-01T00:01:01Z"));
        assert!(!is_a_minute_after("2026-01-01T00:00:59.200000Z"));
    }
}
