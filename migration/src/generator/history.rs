//! The migrations that there are, on disk.

use std::{
    fs,
    path::{Path, PathBuf},
};

use chrono::NaiveDate;

use super::{GeneratorError, Snapshot, TableChange, migration_file};

/// The migrations of the package in a folder: `src/m….rs`, `src/migrations.rs`, `snapshots/`.
///
/// A migration is called `m<YYYYMMDD>_<NNNNNN>_<name>`: the day, a number that counts on, and what it
/// does. Names sort in the order of the migrations, also where a clock went back.
#[derive(Clone, Debug)]
pub struct History {
    root: PathBuf,
    versions: Vec<String>,
}

impl History {
    /// Reads the names of the migrations of the package in `root`.
    ///
    /// # Errors
    ///
    /// [`GeneratorError::Io`], and [`GeneratorError::OutOfOrder`] for a migration without its
    /// snapshot, a snapshot without its migration, or a list that does not name them all.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, GeneratorError> {
        let root = root.into();
        let versions = stems(&root.join("snapshots"), "json")?;
        let files = stems(&root.join("src"), "rs")?;
        let files: Vec<_> = files.into_iter().filter(|stem| is_version(stem)).collect();
        if files != versions {
            return Err(GeneratorError::OutOfOrder(format!(
                "the files are {files:?}, the snapshots {versions:?}"
            )));
        }
        let history = Self { root, versions };
        let list = history.list_path();
        if list.exists() && read(&list)? != migration_file::render_list(&history.versions) {
            return Err(GeneratorError::OutOfOrder(format!(
                "{} does not list the migrations that there are",
                list.display()
            )));
        }
        Ok(history)
    }

    /// The names of the migrations, oldest first.
    #[must_use]
    pub fn versions(&self) -> &[String] {
        &self.versions
    }

    /// The state that the last migration leads to; nothing before the first.
    ///
    /// # Errors
    ///
    /// [`GeneratorError::Io`], and [`GeneratorError::Snapshot`] for a file that was edited.
    pub fn last(&self) -> Result<Snapshot, GeneratorError> {
        let Some(version) = self.versions.last() else {
            return Ok(Snapshot::default());
        };
        let path = self.snapshot_path(version);
        serde_json::from_str(&read(&path)?)
            .map_err(|source| GeneratorError::Snapshot { path, source })
    }

    /// Refuses when the last state is not the one that is asked for.
    ///
    /// # Errors
    ///
    /// [`GeneratorError::Differs`] with what has changed, or the reason why it cannot be derived.
    pub fn check(&self, wanted: &Snapshot) -> Result<(), GeneratorError> {
        let changes = TableChange::between(&self.last()?, wanted)?;
        if changes.is_empty() {
            return Ok(());
        }
        let changes: Vec<_> = changes.iter().map(TableChange::name).collect();
        Err(GeneratorError::Differs { changes: changes.join(", ") })
    }

    /// Writes the migrations that lead to the state that is asked for, and returns their names.
    ///
    /// None when there is nothing to do. Every change is derived before the first file is written.
    ///
    /// # Errors
    ///
    /// [`GeneratorError::NotDerivable`], before anything is written, and [`GeneratorError::Io`].
    pub fn make(
        &mut self,
        wanted: &Snapshot,
        today: NaiveDate,
    ) -> Result<Vec<String>, GeneratorError> {
        let mut state = self.last()?;
        let mut files = Vec::new();
        for change in TableChange::between(&state, wanted)? {
            let version = self.next_version(&change.name(), today, files.len());
            let text = migration_file::render(&version, &change)?;
            match state.tables.iter_mut().find(|table| table.name == change.after.name) {
                Some(table) => *table = change.after,
                None => state.tables.push(change.after),
            }
            let snapshot = serde_json::to_string_pretty(&state).map_err(|source| {
                GeneratorError::Snapshot { path: self.snapshot_path(&version), source }
            })?;
            files.push((version, text, snapshot + "\n"));
        }
        for (version, text, snapshot) in &files {
            write(&self.root.join("src").join(format!("{version}.rs")), text)?;
            write(&self.snapshot_path(version), snapshot)?;
            self.versions.push(version.clone());
        }
        if !files.is_empty() {
            write(&self.list_path(), &migration_file::render_list(&self.versions))?;
        }
        Ok(files.into_iter().map(|(version, _, _)| version).collect())
    }

    fn next_version(&self, name: &str, today: NaiveDate, already: usize) -> String {
        let today = today.format("%Y%m%d").to_string();
        let last_day = self.versions.last().map_or("", |version| &version[1..9]);
        let day = today.as_str().max(last_day);
        let last_number: usize =
            self.versions.last().and_then(|version| version[10..16].parse().ok()).unwrap_or(0);
        format!("m{day}_{:06}_{name}", last_number + already + 1)
    }

    fn list_path(&self) -> PathBuf {
        self.root.join("src").join("migrations.rs")
    }

    fn snapshot_path(&self, version: &str) -> PathBuf {
        self.root.join("snapshots").join(format!("{version}.json"))
    }
}

/// Whether a file's name is a migration's: `m<8 digits>_<6 digits>_<name>`.
fn is_version(stem: &str) -> bool {
    let bytes = stem.as_bytes();
    bytes.len() > 17
        && bytes[0] == b'm'
        && bytes[1..9].iter().all(u8::is_ascii_digit)
        && bytes[9] == b'_'
        && bytes[10..16].iter().all(u8::is_ascii_digit)
        && bytes[16] == b'_'
        && stem.is_ascii()
}

/// The sorted names, without their ending, of the files of a folder that may be absent.
fn stems(folder: &Path, ending: &str) -> Result<Vec<String>, GeneratorError> {
    let io = |source| GeneratorError::Io { path: folder.to_owned(), source };
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut stems = Vec::new();
    for entry in fs::read_dir(folder).map_err(io)? {
        let path = entry.map_err(io)?.path();
        if path.extension().is_some_and(|found| found == ending)
            && let Some(stem) = path.file_stem().and_then(|stem| stem.to_str())
        {
            stems.push(stem.to_owned());
        }
    }
    stems.sort();
    Ok(stems)
}

fn read(path: &Path) -> Result<String, GeneratorError> {
    fs::read_to_string(path).map_err(|source| GeneratorError::Io { path: path.to_owned(), source })
}

fn write(path: &Path, text: &str) -> Result<(), GeneratorError> {
    let io = |source| GeneratorError::Io { path: path.to_owned(), source };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(io)?;
    }
    fs::write(path, text).map_err(io)
}
