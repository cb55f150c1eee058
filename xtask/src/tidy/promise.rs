use std::collections::BTreeSet;

use super::source::Source;

/// The page whose table has a row for each promise.
const PAGE: &str = "docs/promises.md";

/// How many there are.
const LAST: u32 = 16;

/// Every promise that the sources name is one, and has its row on the page, if there is a page.
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
    findings
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

/// The numbers in the first column of the table.
fn rows(page: &str) -> BTreeSet<u32> {
    let first = |line: &str| line.strip_prefix('|')?.split('|').next()?.trim().parse().ok();
    page.lines().filter_map(first).collect()
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
        let page = Source::new(PAGE, "| # | promise |\n|---|---|\n| 1 | a |\n| 3 | c |\n");
        let sources = Source::new("a.rs", "/// Promise 1\n/// Promise 2\n/// (promise 3)\n");
        assert_eq!(check(&[page, sources]), ["a.rs:2: promise 2: no row in docs/promises.md"]);
    }
}
