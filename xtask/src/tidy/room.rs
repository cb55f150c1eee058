use std::collections::BTreeSet;

use super::source::Source;

const FOLDERS: [&str; 4] = ["crates", "migration", "xtask", "tests"];

/// Names that say nothing of what is inside.
const NAMELESS: [&str; 6] = ["util", "utils", "helper", "helpers", "common", "misc"];

/// No file and no folder is called after the lack of a concept.
pub(super) fn check(files: &[Source]) -> Vec<String> {
    let rooms: BTreeSet<&str> = files
        .iter()
        .filter(|file| FOLDERS.iter().any(|folder| file.is_in(folder)))
        .flat_map(|file| prefixes(&file.path))
        .filter(|room| is_nameless(room))
        .collect();
    rooms.into_iter().map(|room| format!("{room}: the concept has no name yet")).collect()
}

/// The file's path and those of the folders that hold it.
fn prefixes(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(end, _)| &path[..end]).chain([path])
}

fn is_nameless(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split(['_', '-', '.']).any(|word| NAMELESS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_without_a_concept_is_found_once() {
        let files = [
            "crates/a/src/utils/x.rs",
            "crates/a/src/utils/y.rs",
            "tests/it/string_helper.rs",
            "xtask/src/utility.rs",
            "docs/common.md",
        ]
        .map(|path| Source::new(path, ""));
        assert_eq!(
            check(&files),
            [
                "crates/a/src/utils: the concept has no name yet",
                "tests/it/string_helper.rs: the concept has no name yet",
            ]
        );
    }
}
