//! What real releases of Django were seen to do.

use lodger_codec::Formats;
use serde_json::Value;

/// The records of one file, all releases together.
pub struct Vectors {
    versions: Vec<String>,
    sections: Value,
}

impl Vectors {
    /// Reads `tests/data/django/<name>.json`.
    ///
    /// # Panics
    ///
    /// When the file is not there, or has another shape.
    #[must_use]
    pub fn read(name: &str) -> Self {
        let path = format!("{}/data/django/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).expect("the recorded file is there");
        let mut file: Value = serde_json::from_str(&text).expect("the recorded file is JSON");
        let versions = serde_json::from_value(file["versions"].take());
        Self {
            versions: versions.expect("the recorded file names its releases"),
            sections: file["sections"].take(),
        }
    }

    /// The releases, `6.1.3/py3.12` for instance, the newest last.
    #[must_use]
    pub fn versions(&self) -> &[String] {
        &self.versions
    }

    /// All records of a section.
    ///
    /// # Panics
    ///
    /// When there is no such section.
    #[must_use]
    pub fn section(&self, name: &str) -> &[Value] {
        self.sections[name].as_array().expect("the recorded file has the section")
    }

    /// The records of a section that the newest release gave.
    #[must_use]
    pub fn newest(&self, section: &str) -> Vec<&Value> {
        let newest = self.versions.len() - 1;
        self.section(section).iter().filter(|record| gave(record, newest)).collect()
    }
}

/// Whether a release, by its index, gave a record.
#[must_use]
pub fn gave(record: &Value, release: usize) -> bool {
    let releases = record["v"].as_array().expect("a record names its releases");
    releases.iter().any(|given| given.as_u64() == u64::try_from(release).ok())
}

/// What a release, by its name in the files, writes and reads unless it is told otherwise.
#[must_use]
pub fn formats_of(release: &str) -> Formats {
    let number: Vec<u32> = release.split(['.', '/']).map_while(|part| part.parse().ok()).collect();
    match number[..] {
        [1 | 2, ..] | [3, 0, ..] => Formats::LEGACY,
        [3, ..] => Formats::TRANSITION,
        _ => Formats::MODERN,
    }
}
