use std::collections::BTreeSet;

use super::source::Source;
use super::test_map::{attributes_above, is_function};

/// The page whose table has a row for each promise.
const PAGE: &str = "docs/promises.md";

/// How many there are.
const LAST: u32 = 16;

/// Every promise that the sources name is one, and has its row on the page, if there is a page. Each
/// row of the page has a test, and each test that a row names holds that promise.
pub(super) fn check(files: &[Source]) -> Vec<String> {
    let page = files.iter().find(|file| file.path == PAGE);
    let rows = page.map(|page| rows(&page.text));
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.is_rust()) {
        for (number, line) in file.text.lines().enumerate() {
            for promise in named(line.trim()) {
                let what = match promise.parse::<u32>() {
                    Ok(promise) if !(1..=LAST).contains(&promise) => "there is none".to_owned(),
                    Ok(promise) if rows.as_ref().is_some_and(|rows| !rows.contains(&promise)) => {
                        format!("no row in {PAGE}")
                    }
                    Ok(_) => continue,
                    Err(_) => "no number".to_owned(),
                };
                findings.push(format!("{}:{}: promise {promise}: {what}", file.path, number + 1));
            }
        }
    }
    findings.extend(page.map(|page| check_tests(&page.text, files)).unwrap_or_default());
    findings
}

/// A test is named on the page as `path/to/file.rs: its_name` in backticks, in a row that begins with
/// the promise's number; a promise may have several rows.
fn check_tests(page: &str, files: &[Source]) -> Vec<String> {
    let mut findings = Vec::new();
    let mut held = BTreeSet::new();
    for (number, line) in page.lines().enumerate() {
        let Some(promise) = row(line) else { continue };
        for name in line.split('`').skip(1).step_by(2) {
            let Some((path, test)) = name.split_once(".rs: ") else { continue };
            let file = files.iter().find(|file| file.path == format!("{path}.rs"));
            match file {
                None => findings.push(format!("{PAGE}:{}: {name}: no such file", number + 1)),
                Some(file) if !holds(&file.text, test, promise) => {
                    findings.push(format!("{PAGE}:{}: {name}: no test of it", number + 1));
                }
                Some(_) => {
                    held.insert(promise);
                }
            }
        }
    }
    let without = rows(page).into_iter().filter(|promise| !held.contains(promise));
    findings.extend(without.map(|promise| format!("{PAGE}: promise {promise}: no test")));
    findings
}

/// Whether a test of this name says above it that it holds the promise.
fn holds(text: &str, test: &str, promise: u32) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let says = format!("/// Promise {promise}");
    (0..lines.len()).any(|number| {
        is_function(lines[number], test)
            && attributes_above(&lines, number).any(|line| line == says)
    })
}

/// What follows the word in a comment: at the beginning of a doc comment, or anywhere in brackets.
fn named(line: &str) -> Vec<&str> {
    if !line.starts_with("//") {
        return Vec::new();
    }
    let first = line.strip_prefix("/// Promise ").and_then(|rest| rest.split(' ').next());
    let within = line.split("(promise ").skip(1).filter_map(|rest| rest.split(')').next());
    first.into_iter().chain(within).collect()
}

/// The numbers in the first column of the tables.
fn rows(page: &str) -> BTreeSet<u32> {
    page.lines().filter_map(row).collect()
}

/// The number in the first column of a row.
fn row(line: &str) -> Option<u32> {
    line.strip_prefix('|')?.split('|').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: [&str; 7] = [
        "/// Promise 1",
        "    /// Promise 2",
        "/// So it is (promise 17).",
        "// (promise 3)",
        "/// Promise 0",
        "/// Promise x",
        "let a = \"(promise 99)\";",
    ];

    #[test]
    fn a_promise_that_nobody_made_is_found() {
        assert_eq!(
            check(&[Source::new("a.rs", &LINES.join("\n"))]),
            [
                "a.rs:3: promise 17: there is none",
                "a.rs:5: promise 0: there is none",
                "a.rs:6: promise x: no number",
            ]
        );
    }

    #[test]
    fn a_promise_without_a_row_is_found_once_there_is_a_page() {
        let page = "| # | promise |\n|---|---|\n| 1 | `a.rs: a` |\n| 3 | `a.rs: c` |\n";
        let text = "/// Promise 1\nfn a() {}\n/// Promise 2\nfn b() {}\n/// Promise 3\nfn c() {}\n";
        let files = [Source::new(PAGE, page), Source::new("a.rs", text)];
        assert_eq!(check(&files), ["a.rs:3: promise 2: no row in docs/promises.md"]);
    }

    #[test]
    fn a_row_without_a_test_that_holds_its_promise_is_found() {
        let page = "\
            | 1 | `a.rs: a`, `a.rs: gone` |\n\
            | 2 | `a.rs: a` |\n\
            | 3 | nothing |\n\
            | 3 | `b.rs: a` |\n";
        let text = "/// Promise 1\n/// Promise 3\n#[test]\nfn a() {}\n\nfn gone() {}\n";
        let files = [Source::new(PAGE, page), Source::new("a.rs", text)];
        assert_eq!(
            check(&files),
            [
                "docs/promises.md:1: a.rs: gone: no test of it",
                "docs/promises.md:2: a.rs: a: no test of it",
                "docs/promises.md:4: b.rs: a: no such file",
                "docs/promises.md: promise 2: no test",
                "docs/promises.md: promise 3: no test",
            ]
        );
    }
}
