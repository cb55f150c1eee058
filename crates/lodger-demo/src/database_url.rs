//! Where the sessions are kept.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The URL of a database. It may hold a password, so it is never shown.
#[derive(Clone)]
pub(crate) struct DatabaseUrl(String);

impl DatabaseUrl {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The file of a SQLite database; `None` for a server and for memory.
    pub(crate) fn sqlite_file(&self) -> Option<PathBuf> {
        let path = self.0.strip_prefix("sqlite:")?;
        let path = path.strip_prefix("//").unwrap_or(path);
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        (!path.is_empty() && path != ":memory:").then(|| percent_decoded(path).into())
    }

    /// The directory that the secret goes into: the SQLite file's, else the current one.
    pub(crate) fn directory(&self) -> PathBuf {
        let file = self.sqlite_file();
        let directory = file.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
        if directory.as_os_str().is_empty() { ".".into() } else { directory.to_owned() }
    }
}

impl FromStr for DatabaseUrl {
    type Err = Infallible;

    /// Takes any text; a SQLite file that is not there is made unless the URL says otherwise.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        let plain_file = text.starts_with("sqlite:") && !text.contains(['?']);
        let url = Self(text.to_owned());
        Ok(match url.sqlite_file() {
            Some(_) if plain_file => Self(format!("{text}?mode=rwc")),
            _ => url,
        })
    }
}

/// The path as the driver reads it.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let digits = tail.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        (rest, _) = match byte {
            Some(byte) if *first == b'%' => (&tail[2..], bytes.push(byte)),
            _ => (tail, bytes.push(*first)),
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
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
