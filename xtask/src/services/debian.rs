use std::fs;
use std::path::PathBuf;

/// Where Debian keeps PostgreSQL's programs, newest version first.
pub(super) fn postgres_folders() -> Vec<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    newest_first(versions.map(|version| version.path()).collect())
        .into_iter()
        .map(|version| version.join("bin"))
        .collect()
}

fn newest_first(mut folders: Vec<PathBuf>) -> Vec<PathBuf> {
    let version = |folder: &PathBuf| {
        folder.file_name().and_then(|name| name.to_str()?.parse::<f64>().ok()).unwrap_or(0.0)
    };
    folders.sort_by(|left, right| version(right).total_cmp(&version(left)));
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_as_numbers() {
        let folders = ["/p/9.6", "/p/15", "/p/17", "/p/readme"].map(PathBuf::from).to_vec();
        let sorted = newest_first(folders);
        assert_eq!(sorted, ["/p/17", "/p/15", "/p/9.6", "/p/readme"].map(PathBuf::from));
    }
}
