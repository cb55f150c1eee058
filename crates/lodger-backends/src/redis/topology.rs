//! What the servers of a Cluster say about where the slots are.

use redis::{ServerError, Value};

use super::slot::SLOTS;
use super::url::Node;

/// Slots that follow each other, and the servers that have them, the leader first.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) nodes: Vec<Node>,
}

/// Reads the reply to `CLUSTER SLOTS` of one server; `None`: it is none.
pub(super) fn ranges(reply: &Value, teller: &Node) -> Option<Vec<Range>> {
    let Value::Array(ranges) = reply else { return None };
    ranges.iter().map(|one| range(one, teller)).collect()
}

fn range(reply: &Value, teller: &Node) -> Option<Range> {
    let Value::Array(parts) = reply else { return None };
    let [Value::Int(first), Value::Int(last), nodes @ ..] = &parts[..] else { return None };
    let (first, last) = (usize::try_from(*first).ok()?, usize::try_from(*last).ok()?);
    if last >= SLOTS {
        return None;
    }
    let nodes: Vec<Node> = nodes.iter().filter_map(|one| node(one, teller)).collect();
    (!nodes.is_empty()).then_some(Range { first, last, nodes })
}

fn node(reply: &Value, teller: &Node) -> Option<Node> {
    let Value::Array(parts) = reply else { return None };
    let [host, Value::Int(port), ..] = &parts[..] else { return None };
    let host = match host {
        Value::BulkString(host) => std::str::from_utf8(host).ok()?,
        Value::SimpleString(host) => host,
        Value::Nil => "",
        _ => return None,
    };
    // A server that does not know its own name means the one that it was reached by.
    let host = if host.is_empty() { &teller.host } else { host };
    (host != "?").then_some(Node { host: host.to_owned(), port: u16::try_from(*port).ok()? })
}

/// Where an error sends us: `MOVED 3999 127.0.0.1:6381`, and `ASK` likewise.
pub(super) fn redirect(error: &ServerError, teller: &Node) -> Option<Node> {
    let (_slot, address) = error.details()?.split_once(' ')?;
    let (host, port) = address.rsplit_once(':')?;
    let host = if host.is_empty() { &teller.host } else { host };
    Some(Node { host: host.to_owned(), port: port.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use redis::parse_redis_value;

    use super::*;

    fn server(host: &str, port: u16) -> Node {
        Node { host: host.to_owned(), port }
    }

    fn parsed(reply: &str) -> Value {
        parse_redis_value(reply.as_bytes()).unwrap()
    }

    #[test]
    fn slots_have_a_leader_and_replicas() {
        let reply = "*2\r\n\
            *4\r\n:0\r\n:8191\r\n*3\r\n$1\r\na\r\n:1\r\n$2\r\nid\r\n*3\r\n$1\r\nb\r\n:2\r\n$2\r\nid\r\n\
            *3\r\n:8192\r\n:16383\r\n*3\r\n$-1\r\n:3\r\n$2\r\nid\r\n";
        let ranges = ranges(&parsed(reply), &server("teller", 9)).unwrap();
        let first = Range { first: 0, last: 8191, nodes: vec![server("a", 1), server("b", 2)] };
        let second = Range { first: 8192, last: 16_383, nodes: vec![server("teller", 3)] };
        assert_eq!(ranges, [first, second]);
    }

    #[test]
    fn what_is_no_map_is_none() {
        for reply in [
            "+OK\r\n",
            "*1\r\n+OK\r\n",
            "*1\r\n*2\r\n:0\r\n:1\r\n",
            "*1\r\n*3\r\n:0\r\n:16384\r\n*2\r\n$1\r\na\r\n:1\r\n",
            "*1\r\n*3\r\n:-1\r\n:1\r\n*2\r\n$1\r\na\r\n:1\r\n",
            "*1\r\n*3\r\n:0\r\n:1\r\n*2\r\n$1\r\n?\r\n:1\r\n",
            "*1\r\n*3\r\n:0\r\n:1\r\n*2\r\n$1\r\na\r\n:65536\r\n",
        ] {
            assert_eq!(ranges(&parsed(reply), &server("teller", 9)), None, "{reply}");
        }
    }

    #[test]
    fn an_error_sends_us_elsewhere() {
        for (line, node) in [
            ("MOVED 3999 127.0.0.1:6381", Some(server("127.0.0.1", 6381))),
            ("ASK 1 :6381", Some(server("teller", 6381))),
            ("MOVED 1 ::1:6381", Some(server("::1", 6381))),
            ("MOVED", None),
            ("MOVED 1 host", None),
            ("MOVED 1 host:port", None),
        ] {
            let Value::ServerError(error) = parsed(&format!("-{line}\r\n")) else { panic!() };
            assert_eq!(redirect(&error, &server("teller", 9)), node, "{line}");
        }
    }
}
