//! Where the servers are, and who we are to them.

use lodger_core::StoreError;
use redis::{ConnectionAddr, IntoConnectionInfo, RedisConnectionInfo};

/// A server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Node {
    pub(super) host: String,
    pub(super) port: u16,
}

/// What a URL says.
pub(super) struct Place {
    pub(super) nodes: Vec<Node>,
    pub(super) is_cluster: bool,
    pub(super) has_tls: bool,
    /// User, password and number of the database. Its `Debug` is not to be trusted with them.
    pub(super) login: RedisConnectionInfo,
}

impl Place {
    /// Reads `redis://user:password@host:port/0`, with `rediss` for TLS, `valkey` and `valkeys` for
    /// the same, and `+cluster` behind these for a Cluster, of which several nodes may be named.
    pub(super) fn read(url: &str) -> Result<Self, StoreError> {
        let (scheme, rest) = url.split_once("://").ok_or_else(|| unreadable("it has no ://"))?;
        let (kind, is_cluster) = match scheme.strip_suffix("+cluster") {
            Some(kind) => (kind, true),
            None => (scheme, false),
        };
        let has_tls = match kind {
            "redis" | "valkey" => false,
            "rediss" | "valkeys" => true,
            _ => return Err(unreadable("it begins with neither redis:// nor redis+cluster://")),
        };
        if rest.contains('#') {
            return Err(unreadable("what follows a # is not supported"));
        }
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let (user, hosts) = match authority.rfind('@') {
            Some(at) => authority.split_at(at + 1),
            None => ("", authority),
        };
        let mut nodes = Vec::new();
        let mut login = None;
        for host in hosts.split(',') {
            let one = format!("redis://{user}{host}{path}").into_connection_info();
            let one = one.map_err(|_| unreadable("see the documentation for its form"))?;
            let ConnectionAddr::Tcp(host, port) = one.addr() else {
                return Err(unreadable("it names no host"));
            };
            nodes.push(Node { host: host.clone(), port: *port });
            login = Some(one.redis_settings().clone());
        }
        let login = login.ok_or_else(|| unreadable("it names no host"))?;
        if is_cluster && login.db() != 0 {
            return Err(unreadable("a Cluster has one database only"));
        }
        if !is_cluster && nodes.len() > 1 {
            return Err(unreadable("several hosts are for redis+cluster:// only"));
        }
        Ok(Self { nodes, is_cluster, has_tls, login })
    }
}

fn unreadable(why: &str) -> StoreError {
    StoreError::unavailable(format!("the URL of the Redis server cannot be read: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(place: &Place) -> Vec<String> {
        place.nodes.iter().map(|node| format!("{}:{}", node.host, node.port)).collect()
    }

    #[test]
    fn a_url_says_where_and_who() {
        let place = Place::read("redis://us%40er:p%2Fw@localhost/3").unwrap();
        assert_eq!(nodes(&place), ["localhost:6379"]);
        assert!(!place.is_cluster && !place.has_tls);
        assert_eq!(place.login.username(), Some("us@er"));
        assert_eq!(place.login.password(), Some("p/w"));
        assert_eq!(place.login.db(), 3);
        let place = Place::read("valkeys://[::1]:7000").unwrap();
        assert_eq!(nodes(&place), ["::1:7000"]);
        assert!(!place.is_cluster && place.has_tls);
        assert_eq!((place.login.username(), place.login.password()), (None, None));
    }

    #[test]
    fn a_cluster_has_several_nodes() {
        let place = Place::read("rediss+cluster://:secret@a:7001,b,c:7003/").unwrap();
        assert_eq!(nodes(&place), ["a:7001", "b:6379", "c:7003"]);
        assert!(place.is_cluster && place.has_tls);
        assert_eq!(place.login.password(), Some("secret"));
    }

    #[test]
    fn what_is_no_url_is_refused_without_being_shown() {
        for url in [
            "",
            "secret",
            "http://secret",
            "redis://",
            "redis://u:secret@",
            "redis://u:secret@h:port/",
            "redis://u:secret@a,b/",
            "redis://u:secret@h/x",
            "redis+cluster://u:secret@h/1",
            "redis+cluster://u:secret@a,,b/",
            "rediss://u:secret@h/#insecure",
            "redis+unix:///secret",
            "unix:///secret",
        ] {
            let Err(error) = Place::read(url) else { panic!("{url} was read") };
            let text = error.to_string();
            assert!(text.contains("cannot be read") && !text.contains("secret"), "{url}: {text}");
        }
    }
}
