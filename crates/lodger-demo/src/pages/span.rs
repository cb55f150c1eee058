//! How long something takes, in words.

use lodger::Span;

const UNITS: [(i64, &str); 4] = [(86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")];

/// The two largest units of a span; a negative one is no time.
pub(crate) fn in_words(span: Span) -> String {
    let mut rest = span.whole_seconds().max(0);
    let mut words = Vec::new();
    for (length, unit) in UNITS {
        let (count, remainder) = (rest / length, rest % length);
        rest = remainder;
        if count > 0 {
            words.push(format!("{count} {unit}{}", if count == 1 { "" } else { "s" }));
        } else if !words.is_empty() {
            // "1 day 5 seconds" would sound more exact than it is.
            break;
        }
        if words.len() == 2 {
            break;
        }
    }
    if words.is_empty() { "no time".to_owned() } else { words.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_neighbouring_units_are_enough() {
        let words = |seconds| in_words(Span::from_secs(seconds));
        assert_eq!(words(1_209_600), "14 days");
        assert_eq!(words(1_209_599), "13 days 23 hours");
        assert_eq!(words(86_405), "1 day");
        assert_eq!(words(3661), "1 hour 1 minute");
        assert_eq!(words(59), "59 seconds");
        assert_eq!(words(0), "no time");
        assert_eq!(words(-5), "no time");
    }
}
