//! What a run of the tests is told beside passed and failed.

use std::fs::OpenOptions;
use std::io::Write;

/// Makes it known that the test of this thread cannot run here; it is to end then.
pub fn skip(reason: &str) {
    let thread = std::thread::current();
    append("LODGER_SKIPS", &format!("{}: {reason}", thread.name().unwrap_or("unknown test")));
}

/// Makes it known how many cases of a kind a test has gone through.
pub fn count(what: &str, cases: usize) {
    append("LODGER_COUNTS", &format!("{what}: {cases}"));
}

/// Makes it known that something which was logged shows a key or a secret.
pub fn leak(what: &str) {
    append("LODGER_LEAKS", &what.replace('\n', " "));
}

/// Appends a line to the file that a variable of the environment names, if it does.
fn append(variable: &str, line: &str) {
    let Some(path) = std::env::var_os(variable) else { return };
    let file = OpenOptions::new().append(true).create(true).open(path);
    let written = file.and_then(|mut file| file.write_all(format!("{line}\n").as_bytes()));
    written.expect("the file of reports can be written");
}
