use std::path::Path;

use super::source::Source;
use crate::metadata::{Metadata, Package};

/// The page that maps each of Django's session tests to ours.
const PAGE: &str = "docs/django.md";

/// The package whose macro writes the store contract's tests into other packages.
const CONTRACT: &str = "lodger-testing";

/// Every test that the page names exists.
///
/// A test is named `package::path::to::test` in backticks. In the package `lodger`, whose names
/// look like paths of its API, it has the segment `it` or `tests`.
pub(super) fn check(metadata: &Metadata, files: &[Source], root: &Path) -> Vec<String> {
    let Some(page) = files.iter().find(|file| file.path == PAGE) else { return Vec::new() };
    let mut findings = Vec::new();
    for (number, line) in page.text.lines().enumerate() {
        for name in line.split('`').skip(1).step_by(2) {
            let Some((package, test)) = test_name(name) else { continue };
            let reason = match metadata.package(package) {
                None => "no such package",
                Some(package) if !has_test(metadata, package, test, files, root) => "no such test",
                Some(_) => continue,
            };
            findings.push(format!("{PAGE}:{}: {name}: {reason}", number + 1));
        }
    }
    findings
}

/// The package and the function's name, if this is a test's name.
fn test_name(name: &str) -> Option<(&str, &str)> {
    let (package, path) = name.split_once("::")?;
    let is_name = |text: &str, more: &[char]| {
        !text.is_empty()
            && text.chars().all(|letter| letter.is_ascii_alphanumeric() || more.contains(&letter))
    };
    if !path.split("::").all(|segment| is_name(segment, &['_'])) || !is_name(package, &['-']) {
        return None;
    }
    let is_ours = package.starts_with("lodger-")
        || package == "lodger" && path.split("::").any(|part| part == "it" || part == "tests");
    is_ours.then(|| (package, path.rsplit("::").next().unwrap_or(path)))
}

fn has_test(
    metadata: &Metadata,
    package: &Package,
    test: &str,
    files: &[Source],
    root: &Path,
) -> bool {
    let in_package = |package: &Package, found: fn(&str, &str) -> bool| {
        files
            .iter()
            .filter(|file| file.is_rust() && root.join(&file.path).starts_with(package.folder()))
            .any(|file| found(&file.text, test))
    };
    let runs_contract = || package.dependencies.iter().any(|on| on.name == CONTRACT);
    let contract = || metadata.package(CONTRACT);
    in_package(package, defines_test)
        || runs_contract() && contract().is_some_and(|contract| in_package(contract, defines))
}

/// Whether a function of this name stands under a test attribute, or is handed to a macro that makes
/// one test for each backend of it.
fn defines_test(text: &str, name: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let found = |number: usize| {
        is_function(lines[number], name)
            && (attributes_above(&lines, number).any(is_test_attribute)
                || is_instantiated(&lines, name))
    };
    (0..lines.len()).any(found)
}

/// Whether the name stands in a macro call such as `on_every_store!(…);`.
fn is_instantiated(lines: &[&str], name: &str) -> bool {
    let mut within = false;
    lines.iter().any(|line| {
        within |= line.starts_with("on_") && line.contains("!(");
        let listed = within && line.split([',', '(', ')']).any(|word| word.trim() == name);
        within &= !line.ends_with(");");
        listed
    })
}

fn defines(text: &str, name: &str) -> bool {
    text.lines().any(|line| is_function(line.trim(), name))
}

pub(super) fn is_function(line: &str, name: &str) -> bool {
    let before_name = line.split_once("fn ").filter(|(before, _)| {
        before.split_whitespace().all(|word| word == "async" || word.starts_with("pub"))
    });
    before_name
        .and_then(|(_, rest)| rest.strip_prefix(name))
        .is_some_and(|rest| rest.starts_with(['(', '<']))
}

/// The lines between an item and the one before it.
pub(super) fn attributes_above<'a>(
    lines: &'a [&'a str],
    item: usize,
) -> impl Iterator<Item = &'a str> {
    let ends_item = |line: &str| {
        !line.starts_with("//") && (line.is_empty() || line.ends_with(['{', '}', ';']))
    };
    lines[..item].iter().rev().copied().take_while(move |line| !ends_item(line))
}

/// `#[test]`, `#[tokio::test(flavor = "multi_thread")]`
fn is_test_attribute(line: &str) -> bool {
    let Some(attribute) = line.strip_prefix("#[") else { return false };
    let path = attribute.split(['(', ']']).next().unwrap_or("");
    path.rsplit("::").next().is_some_and(|last| last.trim() == "test")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::Dependency;

    #[test]
    fn a_test_is_told_from_other_code() {
        let named = |name| test_name(name).map(|(_, test)| test);
        assert_eq!(named("lodger-core::it::session::a_fresh_one"), Some("a_fresh_one"));
        assert_eq!(named("lodger::it::flow::a"), Some("a"));
        assert_eq!(named("lodger::axum::Session"), None);
        assert_eq!(named("lodger_core::Session"), None);
        assert_eq!(named("SessionTestsMixin.test_save"), None);
        assert_eq!(named("lodger-core::<T as X>::a"), None);
    }

    #[test]
    fn a_test_is_a_function_under_a_test_attribute() {
        let text = "
            #[test]
            /// Django: X.test_y; with a semicolon;
            fn plain() {}
            fn without() {}
            #[tokio::test(flavor = \"multi_thread\")]
            async fn on_a_runtime() {}
            proptest! {
                #[test]
                fn property(x in 0..3) {}
            }
            on_every_store!(
                on_a_store,
            );
            async fn on_a_store<S: SessionStore>(store: S) {}
            on_every_database!(on_a_database);
            async fn on_a_database<S: SessionStore>(store: S) {}
        ";
        for name in ["plain", "on_a_runtime", "property", "on_a_store", "on_a_database"] {
            assert!(defines_test(text, name), "{name}");
        }
        for name in ["without", "plai", "absent"] {
            assert!(!defines_test(text, name), "{name}");
        }
    }

    #[test]
    fn a_named_test_that_does_not_exist_is_found() {
        let package = |name: &str, on: &[&str]| Package {
            name: name.to_owned(),
            manifest_path: format!("/w/crates/{name}/Cargo.toml").into(),
            dependencies: on
                .iter()
                .map(|name| Dependency { name: name.to_string(), ..Dependency::default() })
                .collect(),
            ..Package::default()
        };
        let packages = vec![
            package("lodger-core", &[]),
            package("lodger-backends", &[CONTRACT]),
            package(CONTRACT, &[]),
        ];
        let metadata = Metadata { packages, workspace_root: "/w".into() };
        let page = "\
            | `T.test_a` | `lodger-core::it::a` |\n\
            | `T.test_b` | `lodger-core::it::b`, `lodger-none::it::a` |\n\
            | `T.test_c` | `lodger-backends::it::sqlite::c` |\n\
            | `T.test_d` | `lodger-core::it::c` |\n";
        let files = [
            Source::new(PAGE, page),
            Source::new("crates/lodger-core/tests/it/main.rs", "#[test]\nfn a() {}\n"),
            Source::new("crates/lodger-backends/src/lib.rs", "#[test]\nfn b() {}\n"),
            Source::new("crates/lodger-testing/src/lib.rs", "pub async fn c(store: &S) {}\n"),
        ];
        assert_eq!(
            check(&metadata, &files, Path::new("/w")),
            [
                "docs/django.md:2: lodger-core::it::b: no such test",
                "docs/django.md:2: lodger-none::it::a: no such package",
                "docs/django.md:4: lodger-core::it::c: no such test",
            ]
        );
    }
}
