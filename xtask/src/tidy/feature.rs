use super::source::Source;

/// A feature adds API and never changes what code does: it is asked for where a module or a name
/// is declared, and nowhere else.
pub(super) fn check(files: &[Source]) -> Vec<String> {
    files
        .iter()
        .filter(|file| file.is_rust() && file.is_in("crates") && file.path.contains("/src/"))
        .flat_map(check_file)
        .collect()
}

fn check_file(file: &Source) -> Vec<String> {
    let lines: Vec<&str> = file.text.lines().collect();
    let mut findings = Vec::new();
    let mut number = 0;
    while number < lines.len() {
        let line = lines[number].trim_start();
        if line.starts_with("//") {
            number += 1;
            continue;
        }
        if line == "#[cfg(test)]" && starts_inline_module(&lines, number + 1) {
            number = end_of_module(&lines, number + 1);
            continue;
        }
        let is_attribute = line.starts_with("#[cfg(") || line.starts_with("#![cfg(");
        if is_attribute {
            let (attribute, end) = whole_attribute(&lines, number);
            let inner = attribute.starts_with("#!");
            if names_feature(&attribute) && (inner || !gates_declaration(&lines, end)) {
                findings.push(finding(file, number));
            }
            number = end.line;
        } else if line.contains("cfg!(") && names_feature(line) {
            findings.push(finding(file, number));
        }
        number += 1;
    }
    findings
}

fn finding(file: &Source, number: usize) -> String {
    format!("{}:{}: a feature may gate a `mod` or a `pub use` only", file.path, number + 1)
}

fn names_feature(attribute: &str) -> bool {
    let text: String = attribute.split_whitespace().collect();
    text.contains("feature=\"")
}

/// Where an attribute's last bracket stands.
#[derive(Clone, Copy)]
struct End {
    line: usize,
    column: usize,
}

/// The attribute that starts on a line, and its end.
fn whole_attribute(lines: &[&str], start: usize) -> (String, End) {
    let mut text = String::new();
    let mut depth = 0_usize;
    for (number, line) in lines.iter().enumerate().skip(start) {
        for (column, byte) in line.bytes().enumerate() {
            match byte {
                b'[' => depth += 1,
                b']' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        text.push_str(line[..=column].trim_start());
                        return (text, End { line: number, column });
                    }
                }
                _ => {}
            }
        }
        text.push_str(line.trim_start());
    }
    (text, End { line: lines.len(), column: 0 })
}

/// Whether a module or a re-export follows, with other attributes and comments between.
fn gates_declaration(lines: &[&str], end: End) -> bool {
    let rest = lines.get(end.line).and_then(|line| line.get(end.column + 1..)).unwrap_or("").trim();
    if !rest.is_empty() && !rest.starts_with("//") {
        return is_declaration(rest);
    }
    let mut number = end.line + 1;
    while let Some(line) = lines.get(number).map(|line| line.trim_start()) {
        if line.starts_with("#[") {
            number = whole_attribute(lines, number).1.line + 1;
        } else if line.starts_with("//") || line.is_empty() {
            number += 1;
        } else {
            return is_declaration(line);
        }
    }
    false
}

fn is_declaration(item: &str) -> bool {
    let public = item.strip_prefix("pub").map(|rest| match rest.strip_prefix('(') {
        Some(scope) => scope.split_once(')').map_or("", |(_, rest)| rest).trim_start(),
        None => rest.trim_start(),
    });
    public.is_some_and(|item| item.starts_with("use "))
        || public.unwrap_or(item).starts_with("mod ")
}

fn starts_inline_module(lines: &[&str], number: usize) -> bool {
    lines.get(number).is_some_and(|line| is_declaration(line.trim_start()) && line.ends_with('{'))
}

/// The line after a module's closing brace, which the formatter puts under its first letter.
fn end_of_module(lines: &[&str], start: usize) -> usize {
    let indentation = lines[start].len() - lines[start].trim_start().len();
    let closing = format!("{}}}", " ".repeat(indentation));
    let body = lines.iter().skip(start).position(|line| **line == closing);
    body.map_or(lines.len(), |length| start + length + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_found(text: &str) -> Vec<usize> {
        check(&[Source::new("crates/a/src/lib.rs", text)])
            .iter()
            .map(|finding| finding.split(':').nth(1).unwrap().parse().unwrap())
            .collect()
    }

    #[test]
    fn a_feature_may_gate_a_module_or_a_re_export() {
        let text = r#"
            #[cfg(feature = "db")]
            mod db;
            #[cfg(feature = "db")]
            /// Documented.
            #[cfg_attr(docsrs, doc(cfg(feature = "db")))]
            pub mod model;
            #[cfg(any(
                feature = "db",
                feature = "memory",
            ))]
            pub(crate) use crate::db::Store;
            #[cfg(feature = "axum")] pub use extract::Session;
        "#;
        assert!(lines_found(text).is_empty());
    }

    #[test]
    fn a_feature_that_gates_anything_else_is_found() {
        assert_eq!(lines_found("#[cfg(feature = \"db\")]\npub fn open() {}\n"), [1]);
        assert_eq!(lines_found("#[cfg(feature = \"db\")]\nuse sea_orm::X;\n"), [1]);
        assert_eq!(lines_found("#[cfg(all(test, feature = \"db\"))]\nimpl A {}\n"), [1]);
        assert_eq!(lines_found("#![cfg(feature = \"db\")]\nmod a;\n"), [1]);
        assert_eq!(lines_found("fn f() -> bool {\n    cfg!(feature = \"db\")\n}\n"), [2]);
    }

    #[test]
    fn tests_and_comments_are_left_alone() {
        let text = "\
            // #[cfg(feature = \"db\")]\n\
            #[cfg(test)]\n\
            mod tests {\n\
            \x20   #[cfg(feature = \"db\")]\n\
            \x20   fn a() {}\n\
            }\n\
            #[cfg(unix)]\n\
            fn b() {}\n\
            #[cfg(feature = \"db\")]\n\
            fn c() {}\n";
        assert_eq!(lines_found(text), [9]);
    }
}
