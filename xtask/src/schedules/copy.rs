use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::defect::Defect;

/// What a checkout is compiled of.
const PARTS: [&str; 6] = ["Cargo.lock", "Cargo.toml", "crates", "migration", "tests", "xtask"];

/// A copy of a checkout, to be made defective.
pub(super) struct Copy {
    original: PathBuf,
    pub(super) folder: PathBuf,
}

impl Copy {
    pub(super) fn make(original: PathBuf, folder: PathBuf) -> Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        for part in PARTS {
            copy(&original.join(part), &folder.join(part))
                .with_context(|| format!("could not copy {part}"))?;
        }
        Ok(Self { original, folder })
    }

    pub(super) fn put_in(&self, defect: &Defect) -> Result<()> {
        let text = fs::read_to_string(self.original.join(defect.file))?;
        fs::write(self.folder.join(defect.file), defective(&text, defect)?)?;
        Ok(())
    }

    pub(super) fn put_right(&self, defect: &Defect) -> Result<()> {
        let text = fs::read_to_string(self.original.join(defect.file))?;
        fs::write(self.folder.join(defect.file), text)?;
        Ok(())
    }
}

/// The text of a file with a defect.
pub(super) fn defective(text: &str, defect: &Defect) -> Result<String> {
    let places = text.matches(defect.right).count();
    ensure!(places == 1, "{}: {} places in {}", defect.name, places, defect.file);
    Ok(text.replace(defect.right, defect.wrong))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    if from.is_file() {
        fs::copy(from, to)?;
    } else if from.is_dir() {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from)? {
            let name = entry?.file_name();
            copy(&from.join(&name), &to.join(&name))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::defect::DEFECTS;
    use super::*;
    use crate::program;

    #[test]
    fn every_defect_has_its_place_and_its_scenario() {
        let folder = program::root().join("crates/lodger-backends/tests/schedules");
        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
        let scenarios = read("memory.rs") + &read("queue.rs");
        for defect in DEFECTS {
            let text = fs::read_to_string(program::root().join(defect.file)).unwrap();
            assert_ne!(defective(&text, defect).unwrap(), text, "{}", defect.name);
            assert!(scenarios.contains(&format!("fn {}(", defect.scenario)), "{}", defect.name);
        }
        for scenario in scenarios.split("#[test]\nfn ").skip(1) {
            let name = scenario.split('(').next().unwrap();
            let fails = DEFECTS.iter().any(|defect| defect.scenario == name);
            assert!(fails, "nothing shows that {name} can fail");
        }
    }
}
