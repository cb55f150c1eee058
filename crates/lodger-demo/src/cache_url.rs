//! The URL of a cache server.

use lodger::cache_layout::CacheLayout;

use crate::percent;
use crate::store_url::StoreUrlError;

/// Where a cache server is, and how sessions lie in it. It may hold a password, so it is never shown.
pub(crate) struct CacheUrl {
    pub(crate) server: CacheServer,
    pub(crate) format: Format,
    url: String,
    key_prefix: Option<String>,
    version: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CacheServer {
    Redis,
    RedisCluster,
    Memcached,
}

/// In whose format the sessions are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Lodger,
    Django,
}

impl CacheUrl {
    /// Reads a URL whose parameters `format`, `key_prefix` and `version` are ours: the client does
    /// not see them. `None`: it is no cache's.
    pub(crate) fn parse(text: &str) -> Result<Option<Self>, StoreUrlError> {
        let Some((scheme, rest)) = text.split_once(':') else { return Ok(None) };
        let (server, example) = match scheme {
            "redis" => (CacheServer::Redis, "redis://host:6379/"),
            "rediss" => (CacheServer::Redis, "rediss://host:6379/"),
            "redis+cluster" => (CacheServer::RedisCluster, "redis+cluster://host:6379,host:6380/"),
            "memcached" => (CacheServer::Memcached, "memcached://host:11211/"),
            _ => return Ok(None),
        };
        let (address, query) = text.split_once('?').unwrap_or((text, ""));
        if !names_server(rest) {
            return Err(StoreUrlError::NoServer(example));
        }
        let mut url = Self {
            server,
            format: Format::Lodger,
            url: address.to_owned(),
            key_prefix: None,
            version: None,
        };
        let mut others = Vec::new();
        let mut format = None;
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match name {
                "format" => set(&mut format, "format", read_format(value)?)?,
                "key_prefix" => set(&mut url.key_prefix, "key_prefix", read_prefix(value)?)?,
                "version" => set(&mut url.version, "version", read_version(value)?)?,
                _ => others.push(pair),
            }
        }
        if !others.is_empty() {
            url.url = format!("{address}?{}", others.join("&"));
        }
        url.format = format.unwrap_or(Format::Lodger);
        if url.format == Format::Lodger && url.version.is_some() {
            return Err(StoreUrlError::VersionOfNone);
        }
        Ok(Some(url))
    }

    /// What the client connects to.
    pub(crate) fn as_str(&self) -> &str {
        &self.url
    }

    /// How sessions lie in a store of its own.
    pub(crate) fn layout(&self) -> CacheLayout {
        self.with_names(match self.format {
            Format::Lodger => CacheLayout::lodger(),
            Format::Django => CacheLayout::django(),
        })
    }

    /// How sessions lie in front of a database.
    pub(crate) fn front_layout(&self) -> CacheLayout {
        self.with_names(match self.format {
            Format::Lodger => CacheLayout::lodger_cached_db(),
            Format::Django => CacheLayout::django_cached_db(),
        })
    }

    fn with_names(&self, mut layout: CacheLayout) -> CacheLayout {
        if let Some(prefix) = &self.key_prefix {
            layout = layout.with_prefix(prefix);
        }
        if let Some(version) = self.version {
            layout = layout.with_version(version);
        }
        layout
    }
}

/// Whether a host, a socket or the like follows the user and the password.
fn names_server(rest: &str) -> bool {
    let rest = rest.split_once('?').map_or(rest, |(rest, _)| rest);
    let Some(rest) = rest.strip_prefix("//") else { return false };
    let server = rest.rsplit_once('@').map_or(rest, |(_, server)| server);
    !server.split('/').next().unwrap_or_default().is_empty()
}

fn set<T>(place: &mut Option<T>, name: &'static str, value: T) -> Result<(), StoreUrlError> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(StoreUrlError::Twice(name)),
    }
}

fn read_format(value: &str) -> Result<Format, StoreUrlError> {
    match value {
        "lodger" => Ok(Format::Lodger),
        "django" => Ok(Format::Django),
        _ => Err(StoreUrlError::Format),
    }
}

/// memcached takes no such key, and with Redis it is a mistake as well.
fn read_prefix(value: &str) -> Result<String, StoreUrlError> {
    let prefix = percent::decoded(value);
    let fits = |character: char| !character.is_whitespace() && !character.is_control();
    if prefix.chars().all(fits) { Ok(prefix) } else { Err(StoreUrlError::KeyPrefix) }
}

fn read_version(value: &str) -> Result<i64, StoreUrlError> {
    value.parse().map_err(|_| StoreUrlError::Version)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<CacheUrl, StoreUrlError> {
        CacheUrl::parse(url).map(|url| url.expect("a cache's scheme"))
    }

    fn read(url: &str) -> CacheUrl {
        parse(url).unwrap()
    }

    #[test]
    fn the_client_sees_none_of_our_parameters() {
        for (url, left) in [
            ("redis://u:p@h:1/2", "redis://u:p@h:1/2"),
            ("redis://h/?format=django", "redis://h/"),
            (
                "redis://h/?protocol=resp3&format=django&key_prefix=a&x",
                "redis://h/?protocol=resp3&x",
            ),
            ("memcached://a:1,b:2?version=7&format=django", "memcached://a:1,b:2"),
        ] {
            assert_eq!(read(url).as_str(), left);
        }
    }

    #[test]
    fn the_layout_is_lodgers_unless_djangos_is_asked_for() {
        let layout = |url: &str| read(url).layout();
        assert_eq!(layout("redis://h/"), CacheLayout::lodger());
        assert_eq!(layout("redis://h/?format=lodger"), CacheLayout::lodger());
        assert_eq!(
            layout("redis://h/?key_prefix=shop%3A"),
            CacheLayout::lodger().with_prefix("shop:")
        );
        let url = "redis://h/?format=django&key_prefix=site1&version=7";
        let named = |layout: CacheLayout| layout.with_prefix("site1").with_version(7);
        assert_eq!(layout(url), named(CacheLayout::django()));
        assert_eq!(read(url).front_layout(), named(CacheLayout::django_cached_db()));
        assert_eq!(read("redis://h/").front_layout(), CacheLayout::lodger_cached_db());
    }

    #[test]
    fn a_parameter_that_means_nothing_is_refused() {
        for (query, error) in [
            ("format=", StoreUrlError::Format),
            ("format=Django", StoreUrlError::Format),
            ("format=django&format=django", StoreUrlError::Twice("format")),
            ("key_prefix=a&key_prefix=b", StoreUrlError::Twice("key_prefix")),
            ("key_prefix=with%20blank", StoreUrlError::KeyPrefix),
            ("key_prefix=%00", StoreUrlError::KeyPrefix),
            ("format=django&version=", StoreUrlError::Version),
            ("format=django&version=1.5", StoreUrlError::Version),
            ("version=7", StoreUrlError::VersionOfNone),
        ] {
            let url = format!("redis://u:canary@h/?{query}");
            assert_eq!(parse(&url).err(), Some(error), "{query}");
        }
    }

    #[test]
    fn a_server_is_named_behind_user_and_password() {
        for rest in ["//h", "//h:1/", "//u:p@h/1", "//u:p/w@h", "//a:1,b:2", "//[::1]:1/"] {
            assert!(names_server(rest), "{rest}");
        }
        for rest in ["", "h", "//", "///1", "//u:p@", "//u:p@/1", "/h", "//?h"] {
            assert!(!names_server(rest), "{rest}");
        }
    }
}
