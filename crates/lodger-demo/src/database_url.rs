//! The URL of a database.

use std::path::PathBuf;
use std::str::FromStr;

use crate::percent;
use crate::store_url::{StoreUrlError, parent};

/// The URL of a database. It may hold a password, so it is never shown.
#[derive(Clone)]
pub(crate) struct DatabaseUrl(String);

const SCHEMES: [&str; 4] = ["sqlite", "postgres", "postgresql", "mysql"];

impl DatabaseUrl {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The file of a SQLite database; `None` for a server and for memory.
    pub(crate) fn sqlite_file(&self) -> Option<PathBuf> {
        let path = self.0.strip_prefix("sqlite:")?;
        let path = path.strip_prefix("//").unwrap_or(path);
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        (!path.is_empty() && path != ":memory:").then(|| percent::decoded(path).into())
    }

    /// The directory that the secret goes into: the SQLite file's, else the current one.
    pub(crate) fn directory(&self) -> PathBuf {
        self.sqlite_file().map_or(".".into(), |file| parent(&file))
    }

    /// Whether it keeps its data in memory: SQLite's, for trying things out.
    pub(crate) fn is_in_memory(&self) -> bool {
        self.0.starts_with("sqlite:") && self.sqlite_file().is_none()
    }

    /// Whether a text begins as the URL of a database does.
    pub(crate) fn begins(text: &str) -> bool {
        text.split_once(':').is_some_and(|(scheme, _)| SCHEMES.contains(&scheme))
    }
}

impl FromStr for DatabaseUrl {
    type Err = StoreUrlError;

    /// A SQLite file that is not there is made unless the URL says otherwise.
    fn from_str(text: &str) -> Result<Self, StoreUrlError> {
        let (scheme, rest) = text.split_once(':').ok_or(StoreUrlError::Scheme)?;
        let example = match scheme {
            "sqlite" => None,
            "postgres" | "postgresql" => Some("postgres://user@host/database"),
            "mysql" => Some("mysql://user@host/database"),
            _ => return Err(StoreUrlError::Scheme),
        };
        // What follows may be empty: a socket is named by a parameter.
        if let Some(example) = example.filter(|_| !rest.starts_with("//")) {
            return Err(StoreUrlError::NoServer(example));
        }
        let plain_file = text.starts_with("sqlite:") && !text.contains(['?']);
        let url = Self(text.to_owned());
        Ok(match url.sqlite_file() {
            Some(_) if plain_file => Self(format!("{text}?mode=rwc")),
            _ => url,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn directory(url: &str) -> PathBuf {
        url.parse::<DatabaseUrl>().unwrap().directory()
    }

    #[test]
    fn the_secret_goes_beside_the_sqlite_file() {
        assert_eq!(directory("sqlite://lodger-demo.sqlite3?mode=rwc"), Path::new("."));
        assert_eq!(directory("sqlite:///srv/site/db.sqlite3"), Path::new("/srv/site"));
        assert_eq!(directory("sqlite:data/db.sqlite3"), Path::new("data"));
        assert_eq!(directory("sqlite://my%20data/db.sqlite3?mode=rwc"), Path::new("my data"));
        assert_eq!(directory("sqlite://100%/a%zz/db"), Path::new("100%/a%zz"));
    }

    #[test]
    fn with_a_server_or_in_memory_it_goes_into_the_current_directory() {
        for url in ["postgres://u:p@host/a/b", "mysql://host/db", "sqlite::memory:"] {
            assert_eq!(directory(url), Path::new("."), "{url}");
        }
    }

    #[test]
    fn a_sqlite_file_is_made_unless_the_url_says_otherwise() {
        let read = |url: &str| url.parse::<DatabaseUrl>().unwrap().as_str().to_owned();
        assert_eq!(read("sqlite://a.db"), "sqlite://a.db?mode=rwc");
        assert_eq!(read("sqlite://a.db?mode=rw"), "sqlite://a.db?mode=rw");
        assert_eq!(read("sqlite::memory:"), "sqlite::memory:");
        assert_eq!(read("postgres://host/db"), "postgres://host/db");
    }
}
