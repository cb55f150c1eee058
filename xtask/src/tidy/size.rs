use super::source::Source;

const LONGEST: usize = 400;

/// No Rust file is longer than a reader's patience.
pub(super) fn check(files: &[Source]) -> Vec<String> {
    files
        .iter()
        .filter(|file| file.is_rust())
        .map(|file| (file, file.text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(file, lines)| format!("{}: {lines} lines, more than {LONGEST}", file.path))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rust_file_has_at_most_400_lines() {
        let files = [
            Source::new("a.rs", &"\n".repeat(400)),
            Source::new("b.rs", &"\n".repeat(401)),
            Source::new("c.json", &"\n".repeat(401)),
        ];
        assert_eq!(check(&files), ["b.rs: 401 lines, more than 400"]);
    }
}
