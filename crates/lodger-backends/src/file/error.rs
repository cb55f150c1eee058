//! When a folder cannot hold sessions.

use std::path::PathBuf;

use lodger_core::SettingsError;
use thiserror::Error;

/// A folder cannot hold sessions.
///
/// # Django
///
/// `ImproperlyConfigured`.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FolderError {
    /// Nothing is there.
    #[error("the folder for session files {path:?} does not exist: make it, for this user alone")]
    Missing {
        /// The folder.
        path: PathBuf,
    },
    /// Something else is there.
    #[error("the path for session files {path:?} is no folder")]
    NoFolder {
        /// The path.
        path: PathBuf,
    },
    /// It cannot be opened.
    #[error("the folder for session files {path:?} cannot be opened: {source}")]
    Unreadable {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Its file system has no locks, or no hard links.
    #[error(
        "the file system of {path:?} is none for session files, since it has no {lacks}: {source}"
    )]
    Unsuitable {
        /// The folder.
        path: PathBuf,
        /// What it does not have.
        lacks: &'static str,
        /// What was answered.
        source: std::io::Error,
    },
    /// The settings cannot work; the cookie's name begins the names of the files.
    #[error(transparent)]
    Settings(#[from] SettingsError),
}
