use std::path::PathBuf;

/// Where both sites keep their sessions.
#[derive(Clone, Debug)]
pub(super) enum Keeping {
    Table,
    Cache(Cache),
    CachedTable(Cache),
    Folder(PathBuf),
    Cookie,
}

/// A cache server and the names in it.
#[derive(Clone, Debug)]
pub(super) struct Cache {
    pub(super) server: String,
    pub(super) key_prefix: &'static str,
    pub(super) version: u32,
}

impl Keeping {
    /// The URL for `--store`.
    pub(super) fn store(&self, database: &str) -> String {
        match self {
            Self::Table => database.to_owned(),
            Self::Cache(cache) => cache.url(),
            Self::CachedTable(cache) => format!("cached:{},{database}", cache.url()),
            Self::Folder(folder) => format!("file:{}", folder.display()),
            Self::Cookie => "cookie:".to_owned(),
        }
    }

    /// What the Django site is told.
    pub(super) fn variables(&self) -> Option<(&'static str, String)> {
        match self {
            Self::Table | Self::Cookie => None,
            Self::Cache(cache) | Self::CachedTable(cache) => {
                Some(("INTEROP_CACHE_URL", cache.url()))
            }
            Self::Folder(folder) => Some(("INTEROP_FILE_PATH", folder.display().to_string())),
        }
    }

    /// The same cache under other names; without a cache the same.
    #[must_use]
    pub(super) fn with_key_prefix(mut self, key_prefix: &'static str) -> Self {
        if let Self::Cache(cache) | Self::CachedTable(cache) = &mut self {
            cache.key_prefix = key_prefix;
        }
        self
    }
}

impl Cache {
    /// With what Django has by default left out.
    fn url(&self) -> String {
        let Self { server, key_prefix, version } = self;
        let mut url = format!("{server}?format=django");
        if !key_prefix.is_empty() {
            url += &format!("&key_prefix={key_prefix}");
        }
        if *version != 1 {
            url += &format!("&version={version}");
        }
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_store_is_named_as_the_demo_takes_it() {
        let cache =
            Cache { server: "redis://u:p@h:1/".to_owned(), key_prefix: "site1", version: 7 };
        let plain = Cache { key_prefix: "", version: 1, ..cache.clone() };
        let store = |keeping: Keeping| keeping.store("postgres://h/d");
        assert_eq!(store(Keeping::Table), "postgres://h/d");
        assert_eq!(store(Keeping::Cache(plain)), "redis://u:p@h:1/?format=django");
        assert_eq!(
            store(Keeping::CachedTable(cache)),
            "cached:redis://u:p@h:1/?format=django&key_prefix=site1&version=7,postgres://h/d"
        );
        assert_eq!(store(Keeping::Folder("/a/b".into())), "file:/a/b");
    }
}
