//! Where the servers are.

use lodger_core::StoreError;

/// The port of a server whose URL names none.
const PORT: u16 = 11211;

/// A server's host and port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// As it was written, but for the brackets of an IPv6 address: the choice of a server depends on
    /// it.
    host: String,
    port: u16,
}

impl Address {
    /// What to connect to.
    pub(super) fn target(&self) -> (&str, u16) {
        (&self.host, self.port)
    }

    /// The server's name among others, as pymemcache makes it.
    pub(super) fn name(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    fn parse(text: &str) -> Option<Self> {
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok()?),
            _ => (text, PORT),
        };
        let inner = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let readable = match inner {
            Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
            None => {
                let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
                !host.is_empty() && host.bytes().all(letter)
            }
        };
        (readable && port != 0).then(|| Self { host: inner.unwrap_or(host).to_owned(), port })
    }
}

/// The servers that a URL names, each once.
pub(super) fn parse(url: &str) -> Result<Vec<Address>, StoreError> {
    let invalid =
        || StoreError::unavailable("the URL is not of the form memcached://host:port,host:port/");
    let servers = url.strip_prefix("memcached://").ok_or_else(invalid)?;
    let servers = servers.strip_suffix('/').unwrap_or(servers);
    let mut addresses = Vec::new();
    for server in servers.split(',') {
        let address = Address::parse(server).ok_or_else(invalid)?;
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    Ok(addresses)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(url: &str) -> Option<Vec<String>> {
        Some(parse(url).ok()?.iter().map(Address::name).collect())
    }

    #[test]
    fn a_url_names_one_server_or_several() {
        for (url, servers) in [
            ("memcached://127.0.0.1:11212/", vec!["127.0.0.1:11212"]),
            ("memcached://cache", vec!["cache:11211"]),
            ("memcached://[::1]/", vec!["::1:11211"]),
            ("memcached://a:1,b_2.example-x:2,a:1/", vec!["a:1", "b_2.example-x:2"]),
            ("memcached://[fe80::2]:7,10.0.0.1", vec!["fe80::2:7", "10.0.0.1:11211"]),
        ] {
            assert_eq!(names(url).unwrap(), servers, "{url}");
        }
        assert_eq!(parse("memcached://[::1]:7/").unwrap()[0].target(), ("::1", 7));
    }

    #[test]
    fn other_urls_are_refused() {
        for url in [
            "",
            "memcached://",
            "memcached:///",
            "redis://host/",
            "memcached://host,/",
            "memcached://host:/",
            "memcached://host:0/",
            "memcached://host:65536/",
            "memcached://user:password@host/",
            "memcached://host/path",
            "memcached://::1/",
            "memcached://[nothing]/",
            "memcached://a b/",
        ] {
            let error = parse(url).expect_err(url);
            assert!(!error.to_string().contains("password"), "{error}");
        }
    }
}
