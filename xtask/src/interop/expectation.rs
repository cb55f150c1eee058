use std::fmt::Debug;

use anyhow::{Result, bail};

/// Fails, saying both, unless what was got is what was expected.
pub(super) fn expect<Got, Expected>(what: &str, got: Got, expected: Expected) -> Result<()>
where
    Got: Debug + PartialEq<Expected>,
    Expected: Debug,
{
    if got != expected {
        bail!("{what}: expected {}, got {}", short(&expected), short(&got));
    }
    Ok(())
}

/// Fails unless the fact holds.
pub(super) fn holds(what: &str, fact: bool) -> Result<()> {
    expect(what, fact, true)
}

/// A value that a terminal can still show.
fn short(value: &impl Debug) -> String {
    const LONGEST: usize = 1_000;
    let text = format!("{value:?}");
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}… ({} bytes)", &text[..end], text.len()),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disappointment_says_what_was_expected_and_what_came() {
        assert!(expect("sum", 4, 4).is_ok());
        let error = expect("sum", 5, 4).unwrap_err().to_string();
        assert_eq!(error, "sum: expected 4, got 5");
        assert!(holds("fact", false).is_err());
    }

    #[test]
    fn a_long_value_is_cut_between_characters() {
        let error = expect("text", "ü".repeat(2_000), String::new()).unwrap_err().to_string();
        assert!(error.len() < 2_200, "{}", error.len());
    }
}
