//! The recorded files, and the count of what was checked of them.

use std::io::Write as _;
use std::path::PathBuf;
use std::{env, fs};

use serde::Deserialize as _;
use serde::de::DeserializeOwned;
use serde_json::Value;

fn text(name: &str) -> String {
    let path: PathBuf =
        [env!("CARGO_MANIFEST_DIR"), "../../tests/data/django", name].iter().collect();
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A whole file.
pub(super) fn read(name: &str) -> Value {
    serde_json::from_str(&text(name)).expect("the recorded files are JSON")
}

/// One section of a file.
pub(super) fn section<T: DeserializeOwned>(file: &Value, name: &str) -> T {
    T::deserialize(&file["sections"][name]).expect("a section has one form")
}

/// The releases to which the indexes of a file refer.
pub(super) fn versions(file: &Value) -> Vec<String> {
    Vec::deserialize(&file["versions"]).expect("the versions are texts")
}

/// A secret key of the recordings: `K1`, `K2` or `K3`.
pub(super) fn secret(name: &str) -> String {
    let cases = read("cases.json");
    cases["secret_keys"][name].as_str().expect("the key is named so").to_owned()
}

/// Says how many records of a file were checked, and appends it to the file that `LODGER_COUNTS`
/// names.
pub(super) fn count(name: &str, records: usize) {
    assert!(records > 0, "{name} holds no record");
    let line = format!("vectors {name}: {records}");
    say(&line);
    if let Some(path) = env::var_os("LODGER_COUNTS") {
        let file = fs::OpenOptions::new().append(true).create(true).open(path);
        // One write, so that tests that run beside each other keep their lines whole.
        let written = file.and_then(|mut file| file.write_all(format!("{line}\n").as_bytes()));
        written.expect("the file of counts can be written");
    }
}

/// Prints a line whatever becomes of the test.
pub(super) fn say(line: &str) {
    writeln!(std::io::stderr(), "{line}").expect("the standard error is open");
}
