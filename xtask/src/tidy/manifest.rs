use std::path::Path;

use super::source::Source;
use crate::metadata::Metadata;

/// Each package says what it is and under which licence, and takes the workspace's lints.
pub(super) fn check(metadata: &Metadata, files: &[Source], root: &Path) -> Vec<String> {
    let mut findings = Vec::new();
    for package in &metadata.packages {
        let is_blank = |field: &Option<String>| field.as_ref().is_none_or(|text| text.is_empty());
        if is_blank(&package.description) {
            findings.push(format!("{}: no description", package.name));
        }
        if is_blank(&package.license) {
            findings.push(format!("{}: no licence", package.name));
        }
        let manifest = files.iter().find(|file| root.join(&file.path) == package.manifest_path);
        if !manifest.is_some_and(|file| takes_workspace_lints(&file.text)) {
            findings.push(format!("{}: does not take the workspace's lints", package.name));
        }
    }
    findings
}

fn takes_workspace_lints(manifest: &str) -> bool {
    let mut section = "";
    manifest.lines().map(str::trim).any(|line| {
        if line.starts_with('[') {
            section = line;
        }
        let line: String = line.split_whitespace().collect();
        match section {
            "[lints]" => line == "workspace=true",
            "" => line == "lints.workspace=true",
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::Package;

    #[test]
    fn the_workspaces_lints_are_seen_in_their_section_only() {
        assert!(takes_workspace_lints("[package]\nname = \"a\"\n\n[lints]\nworkspace = true\n"));
        assert!(takes_workspace_lints("lints.workspace = true\n[package]\n"));
        assert!(!takes_workspace_lints("[lints]\n[dependencies]\nworkspace = true\n"));
        assert!(!takes_workspace_lints("[lints]\n# workspace = true\n"));
    }

    #[test]
    fn what_a_package_does_not_say_is_found() {
        let silent = Package {
            name: "silent".to_owned(),
            manifest_path: "/w/silent/Cargo.toml".into(),
            description: Some(String::new()),
            ..Package::default()
        };
        let spoken = Package {
            name: "spoken".to_owned(),
            manifest_path: "/w/spoken/Cargo.toml".into(),
            description: Some("Speaks".to_owned()),
            license: Some("MIT".to_owned()),
            ..Package::default()
        };
        let metadata = Metadata { packages: vec![silent, spoken], workspace_root: "/w".into() };
        let files = [
            Source::new("silent/Cargo.toml", "[package]\n"),
            Source::new("spoken/Cargo.toml", "[lints]\nworkspace = true\n"),
        ];
        assert_eq!(
            check(&metadata, &files, Path::new("/w")),
            [
                "silent: no description",
                "silent: no licence",
                "silent: does not take the workspace's lints",
            ]
        );
    }
}
