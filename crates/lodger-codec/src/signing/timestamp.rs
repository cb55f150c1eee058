//! The whole second at which a text was signed, behind its last colon.

use lodger_core::Timestamp;

use super::base62;

/// The stamp of a text that takes the place of one stamped `loaded`: the later of now and the
/// next second after that, so that two texts in a row never carry the same.
pub(crate) fn stamp(now: Timestamp, loaded: Option<i64>) -> i64 {
    let now = now.as_secs();
    loaded.map_or(now, |loaded| now.max(loaded.saturating_add(1)))
}

/// Appends a colon and the stamp.
pub(crate) fn push(stamp: i64, out: &mut String) {
    out.push(':');
    base62::push(stamp, out);
}

/// Splits a text into what was stamped and the stamp; `None` if it carries no stamp.
pub(crate) fn split(stamped: &str) -> Option<(&str, i64)> {
    let (value, stamp) = stamped.rsplit_once(':')?;
    Some((value, base62::parse(stamp)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_never_repeats_the_one_before_it() {
        let now = Timestamp::from_micros(1_700_000_000_999_999);
        assert_eq!(stamp(now, None), 1_700_000_000);
        assert_eq!(stamp(now, Some(1_600_000_000)), 1_700_000_000);
        assert_eq!(stamp(now, Some(1_700_000_000)), 1_700_000_001);
        assert_eq!(stamp(now, Some(1_800_000_000)), 1_800_000_001);
        assert_eq!(stamp(now, Some(i64::MAX)), i64::MAX);
    }

    #[test]
    fn a_text_is_split_at_its_last_colon() {
        assert_eq!(split("a:b:1r31eq"), Some(("a:b", 1_700_000_000)));
        assert_eq!(split("a:-1"), Some(("a", -1)));
        for text in ["a", "a:", "a:!!", "a:é", ""] {
            assert_eq!(split(text), None, "{text}");
        }
    }
}
