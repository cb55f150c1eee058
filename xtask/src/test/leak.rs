use std::fs;

use anyhow::{Context, Result};

use crate::program;

/// The texts that all keys and secrets of the tests have one of in them, one a line.
const CANARIES: &str = "tests/data/canaries.txt";

/// Looks for keys and secrets in what tests print and log.
#[derive(Debug)]
pub(super) struct Leaks {
    canaries: Vec<String>,
    found: Vec<String>,
}

impl Leaks {
    pub(super) fn read_canaries() -> Result<Self> {
        let path = program::root().join(CANARIES);
        let text = fs::read_to_string(&path).with_context(|| format!("no {}", path.display()))?;
        Ok(Self::of(&text))
    }

    fn of(canaries: &str) -> Self {
        let canaries = canaries.lines().filter(|line| !line.is_empty()).map(str::to_owned);
        Self { canaries: canaries.collect(), found: Vec::new() }
    }

    /// Looks at a line that was printed, or that a test says was logged.
    pub(super) fn look(&mut self, line: &str) {
        if self.canaries.iter().any(|canary| line.contains(canary)) {
            self.found.push(line.to_owned());
        }
    }

    pub(super) fn found(&self) -> &[String] {
        &self.found
    }
}

/// Tells what a run prints for people from what passed tests printed, which is of use to nobody but
/// whoever looks for leaks.
#[derive(Debug, Default)]
pub(super) struct Shown {
    within_passed: bool,
}

impl Shown {
    /// Whether a line is to be shown.
    pub(super) fn shows(&mut self, line: &str) -> bool {
        if line == "successes:" {
            self.within_passed = true;
        } else if line == "failures:" || line.starts_with("test result: ") {
            self.within_passed = false;
        }
        !self.within_passed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_with_a_canary_is_a_leak() {
        let mut leaks = Leaks::of("canary\nother\n\n");
        for line in ["harmless", "key=canary0", "", "another", "Canary"] {
            leaks.look(line);
        }
        assert_eq!(leaks.found(), ["key=canary0", "another"]);
    }

    #[test]
    fn what_passed_tests_printed_is_not_shown() {
        let mut shown = Shown::default();
        let output = "test a ... ok\n\nsuccesses:\n\n---- a stdout ----\nnoise\n\nsuccesses:\n    a\n\
                      \nfailures:\n\n---- b stdout ----\nwhy\n\ntest result: FAILED. 1 passed\n\
                      successes:\n    c\ntest result: ok. 1 passed";
        let lines: Vec<&str> =
            output.lines().filter(|line| shown.shows(line) && !line.is_empty()).collect();
        assert_eq!(
            lines,
            [
                "test a ... ok",
                "failures:",
                "---- b stdout ----",
                "why",
                "test result: FAILED. 1 passed",
                "test result: ok. 1 passed",
            ]
        );
    }
}
