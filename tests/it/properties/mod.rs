//! What holds for whatever the generator makes up; `PROPTEST_CASES` says how often it tries.

mod replay;

mod model;
mod step;

mod calendar;
mod expiry;
mod lifetime;

use proptest::test_runner::{Config, TestRunner};

/// A runner of a part of the cases that were asked for, at least one.
fn runner(part: u32) -> TestRunner {
    let config = Config::default();
    let cases = (config.cases / part).max(1);
    TestRunner::new(Config { cases, failure_persistence: None, ..config })
}
