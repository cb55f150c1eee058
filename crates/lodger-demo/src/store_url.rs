//! Where the sessions are kept.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use thiserror::Error;

use crate::cache_url::CacheUrl;
use crate::database_url::DatabaseUrl;
use crate::percent;

/// The URL of a store. It may hold a password, so neither it nor a part of it is ever shown.
pub(crate) enum StoreUrl {
    /// `memory:`
    Memory,
    /// `sqlite:`, `postgres:`, `mysql:`
    Database(DatabaseUrl),
    /// `redis:`, `rediss:`, `redis+cluster:`, `memcached:`
    Cache(CacheUrl),
    /// `cached:` with the URL of a cache, a comma, and the URL of a database.
    CachedDb { front: FrontUrl, database: DatabaseUrl },
    /// `file:` with a folder.
    File(PathBuf),
    /// `cookie:`
    Cookie,
}

/// The cache in front of a database.
pub(crate) enum FrontUrl {
    Memory,
    Cache(CacheUrl),
}

/// Why a text is no URL of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum StoreUrlError {
    #[error(
        "the store's URL begins like none: take sqlite:, postgres:, mysql:, memory:, redis:, \
         rediss:, redis+cluster:, memcached:, file:, cookie: or cached:"
    )]
    Scheme,
    #[error("{0} takes nothing behind it")]
    Rest(&'static str),
    #[error("file: names no folder")]
    NoFolder,
    #[error("the URL names no server: it is to read like {0}")]
    NoServer(&'static str),
    #[error("cached: takes the URL of a cache, a comma, and the URL of a database")]
    NoDatabase,
    #[error(
        "before the comma of cached: stands no cache: take memory:, redis:, rediss:, \
         redis+cluster: or memcached:"
    )]
    NoCache,
    #[error("the parameter {0} is given twice")]
    Twice(&'static str),
    #[error("the parameter format is lodger or django")]
    Format,
    #[error("the parameter key_prefix holds a blank or a control character")]
    KeyPrefix,
    #[error("the parameter version is a whole number")]
    Version,
    #[error("the parameter version is Django's: it takes format=django")]
    VersionOfNone,
}

impl StoreUrl {
    /// The directory that the secret goes into: where the SQLite file or the folder of sessions lies,
    /// else the current one.
    pub(crate) fn directory(&self) -> PathBuf {
        match self {
            Self::Database(database) | Self::CachedDb { database, .. } => database.directory(),
            Self::File(folder) => parent(folder),
            Self::Memory | Self::Cache(_) | Self::Cookie => ".".into(),
        }
    }
}

/// The directory that a path lies in.
pub(crate) fn parent(path: &Path) -> PathBuf {
    let directory = path.parent().unwrap_or(Path::new(""));
    if directory.as_os_str().is_empty() { ".".into() } else { directory.to_owned() }
}

impl FromStr for StoreUrl {
    type Err = StoreUrlError;

    fn from_str(text: &str) -> Result<Self, StoreUrlError> {
        let (scheme, rest) = text.split_once(':').ok_or(StoreUrlError::Scheme)?;
        match scheme {
            "memory" => alone(rest, "memory:").map(|()| Self::Memory),
            "cookie" => alone(rest, "cookie:").map(|()| Self::Cookie),
            "file" => folder(rest).map(Self::File),
            "cached" => cached(rest),
            _ if DatabaseUrl::begins(text) => text.parse().map(Self::Database),
            _ => CacheUrl::parse(text)?.map(Self::Cache).ok_or(StoreUrlError::Scheme),
        }
    }
}

fn alone(rest: &str, scheme: &'static str) -> Result<(), StoreUrlError> {
    matches!(rest, "" | "//").then_some(()).ok_or(StoreUrlError::Rest(scheme))
}

fn folder(rest: &str) -> Result<PathBuf, StoreUrlError> {
    let path = rest.strip_prefix("//").unwrap_or(rest);
    if path.is_empty() { Err(StoreUrlError::NoFolder) } else { Ok(percent::decoded(path).into()) }
}

/// The nodes of a Cluster have commas between them, too: the database's URL begins at the first comma
/// that one can follow.
fn cached(rest: &str) -> Result<StoreUrl, StoreUrlError> {
    let mut commas = rest.match_indices(',').map(|(index, _)| index);
    let comma = commas.find(|index| DatabaseUrl::begins(&rest[index + 1..]));
    let comma = comma.ok_or(StoreUrlError::NoDatabase)?;
    let (front, database) = (&rest[..comma], rest[comma + 1..].parse()?);
    let front = match front.strip_prefix("memory:") {
        Some(rest) => alone(rest, "memory:").map(|()| FrontUrl::Memory)?,
        None => CacheUrl::parse(front)?.map(FrontUrl::Cache).ok_or(StoreUrlError::NoCache)?,
    };
    Ok(StoreUrl::CachedDb { front, database })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache_url::Format;

    fn refused(url: &str) -> StoreUrlError {
        url.parse::<StoreUrl>().err().unwrap_or_else(|| panic!("{url} is a store's URL"))
    }

    fn directory(url: &str) -> PathBuf {
        url.parse::<StoreUrl>().unwrap().directory()
    }

    #[test]
    fn every_kind_of_store_is_named_by_its_scheme() {
        let parse = |url: &str| url.parse::<StoreUrl>().unwrap();
        assert!(matches!(parse("memory:"), StoreUrl::Memory));
        assert!(matches!(parse("cookie:"), StoreUrl::Cookie));
        for url in ["sqlite:a.db", "sqlite::memory:", "postgres://h/d", "mysql://h/d"] {
            assert!(matches!(parse(url), StoreUrl::Database(_)), "{url}");
        }
        for url in ["redis://h/", "rediss://h", "redis+cluster://a,b", "memcached://a,b"] {
            assert!(matches!(parse(url), StoreUrl::Cache(_)), "{url}");
        }
    }

    #[test]
    fn a_folder_is_named_as_a_path_or_in_a_url() {
        for (url, path) in [
            ("file:sessions", "sessions"),
            ("file://sessions", "sessions"),
            ("file:///srv/my%20sessions", "/srv/my sessions"),
            ("file:/srv/a,b?c", "/srv/a,b?c"),
        ] {
            let parsed: StoreUrl = url.parse().unwrap();
            assert!(matches!(parsed, StoreUrl::File(folder) if folder == Path::new(path)), "{url}");
        }
        assert_eq!(refused("file:"), StoreUrlError::NoFolder);
        assert_eq!(refused("file://"), StoreUrlError::NoFolder);
    }

    #[test]
    fn a_cached_database_is_split_where_the_database_begins() {
        let cluster = "cached:redis+cluster://u:p,w@a:1,b:2/?format=django,postgres://u:a,b@h/d";
        let StoreUrl::CachedDb { front: FrontUrl::Cache(cache), database } =
            cluster.parse().unwrap()
        else {
            panic!("the front is a cache");
        };
        assert_eq!(cache.as_str(), "redis+cluster://u:p,w@a:1,b:2/");
        assert_eq!(cache.format, Format::Django);
        assert_eq!(database.as_str(), "postgres://u:a,b@h/d");
        let memory: StoreUrl = "cached:memory:,sqlite:a.db".parse().unwrap();
        assert!(matches!(memory, StoreUrl::CachedDb { front: FrontUrl::Memory, .. }));
    }

    #[test]
    fn the_secret_goes_beside_what_is_kept_on_this_machine() {
        for (url, place) in [
            ("sqlite://data/db.sqlite3", "data"),
            ("cached:memory:,sqlite:data/db.sqlite3", "data"),
            ("file:data/sessions", "data"),
            ("file:sessions", "."),
            ("file:/srv/sessions/", "/srv"),
            ("redis://host/", "."),
            ("memory:", "."),
            ("cookie:", "."),
        ] {
            assert_eq!(directory(url), Path::new(place), "{url}");
        }
    }

    #[test]
    fn what_names_no_store_is_refused_and_never_shown() {
        for (url, error) in [
            ("", StoreUrlError::Scheme),
            ("canary", StoreUrlError::Scheme),
            ("gopher://canary@host/", StoreUrlError::Scheme),
            ("Redis://canary@host/", StoreUrlError::Scheme),
            ("memory:canary", StoreUrlError::Rest("memory:")),
            ("cookie:canary", StoreUrlError::Rest("cookie:")),
            ("redis://:canary@/", StoreUrlError::NoServer("redis://host:6379/")),
            ("cached:", StoreUrlError::NoDatabase),
            ("cached:redis://canary@host/", StoreUrlError::NoDatabase),
            ("cached:redis://canary@host/,memory:", StoreUrlError::NoDatabase),
            ("cached:,sqlite:canary.db", StoreUrlError::NoCache),
            ("cached:file:canary,sqlite:canary.db", StoreUrlError::NoCache),
            ("cached:memory:canary,sqlite:a.db", StoreUrlError::Rest("memory:")),
            (
                "cached:memcached:,postgres://h/d",
                StoreUrlError::NoServer("memcached://host:11211/"),
            ),
            ("postgres:canary", StoreUrlError::NoServer("postgres://user@host/database")),
        ] {
            assert_eq!(refused(url), error, "{url}");
            assert!(!error.to_string().contains("canary"), "{error}");
        }
    }
}
