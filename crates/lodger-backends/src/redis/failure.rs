//! What a failure means for a session.
//!
//! A server's own words may quote a name or a value, so none of them is passed on; its code is.

use std::io;

use lodger_core::StoreError;
use redis::{RedisError, ServerError};

/// What was asked of the server.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// To tell something: without a reply, surely nothing was changed.
    Read,
    /// To change something: without a reply, it may have been.
    Write,
}

/// Why there is no reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// Nothing was sent.
    Unsent(String),
    /// Something was sent, and the reply did not come.
    Lost(String),
}

impl Failure {
    pub(super) fn unsent(reason: impl Into<String>) -> Self {
        Self::Unsent(reason.into())
    }

    pub(super) fn lost(reason: impl Into<String>) -> Self {
        Self::Lost(reason.into())
    }

    /// What it means for what was asked.
    pub(super) fn into_error(self, asked: Asked) -> StoreError {
        match (self, asked) {
            (Self::Unsent(reason), _) | (Self::Lost(reason), Asked::Read) => {
                StoreError::unavailable(reason)
            }
            (Self::Lost(reason), Asked::Write) => StoreError::unknown(reason),
        }
    }
}

/// The server answered something that the protocol does not foresee.
pub(super) fn unexpected(asked: Asked) -> StoreError {
    Failure::lost("the Redis server answered something else than what was asked").into_error(asked)
}

/// Why no connection was made; without the URL, which may hold a password.
pub(super) fn unreachable(error: &io::Error) -> Failure {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<tokio_rustls::rustls::Error>());
    let why = match tls {
        Some(tokio_rustls::rustls::Error::InvalidCertificate(_)) => {
            "its certificate is not trusted".to_owned()
        }
        Some(_) => "it speaks no TLS that we speak".to_owned(),
        None => error.kind().to_string(),
    };
    Failure::unsent(format!("the Redis server cannot be reached: {why}"))
}

/// Why a server let nobody in, though it can be reached.
pub(super) fn turned_away(error: &RedisError) -> Failure {
    use redis::ErrorKind;
    Failure::unsent(match (error.kind(), error.code()) {
        (ErrorKind::AuthenticationFailed, _) => reason("WRONGPASS"),
        // Of the greetings, only the choice of a database is answered so.
        (_, Some("ERR")) => "the Redis server refused the number of the database: \
            there is none, or the user lacks +select"
            .to_owned(),
        (_, Some(code)) => reason(code),
        (ErrorKind::Io, _) => "the Redis server closed the connection at once".to_owned(),
        _ => "the Redis server refused the connection, or the number of the database".to_owned(),
    })
}

/// An error that is the reply to what was asked.
///
/// A server that refuses in words of its own has applied nothing. A proxy may answer in others after
/// a write got through.
pub(super) fn refusal(error: &ServerError, asked: Asked) -> StoreError {
    let code = code(error);
    let text = error.details().unwrap_or_default();
    let is_of_script = ["running script", "user_script"].iter().any(|words| text.contains(words));
    let reason = reason(code);
    if asked == Asked::Read || remedy(code).is_some() || code == "ERR" && is_of_script {
        return StoreError::unavailable(reason);
    }
    StoreError::unknown(reason)
}

/// The code of an error. In a script older servers have their own, and name the cause in the text.
pub(super) fn code(error: &ServerError) -> &str {
    const CAUSES: [(&str, &str); 6] = [
        ("WRONGTYPE", "WRONGTYPE"),
        ("OOM", "OOM"),
        ("READONLY", "READONLY"),
        ("MISCONF", "MISCONF"),
        ("NOPERM", "NOPERM"),
        ("The user executing the script can't run", "NOPERM"),
    ];
    let code = error.code();
    if code != "ERR" {
        return code;
    }
    let text = error.details().unwrap_or_default();
    let cause = CAUSES.into_iter().find(|(words, _)| text.contains(words));
    cause.map_or(code, |(_, cause)| cause)
}

fn reason(code: &str) -> String {
    if let Some(remedy) = remedy(code) {
        return remedy.to_owned();
    }
    let plain = code.len() <= 20 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    let code = if plain { code } else { "of no known kind" };
    format!("the Redis server refused with code {code}")
}

/// What an operator can do about it; `None`: it is no code with which servers refuse before they have
/// done anything.
fn remedy(code: &str) -> Option<&'static str> {
    Some(match code {
        "OOM" => "the Redis server has reached maxmemory and takes no more data",
        "LOADING" => "the Redis server is still loading its data",
        "READONLY" => "the Redis server is a replica and takes no writes: name the leader",
        "CLUSTERDOWN" => "the Redis Cluster is down: it has no leader for some sessions",
        "MASTERDOWN" => "the Redis server is a replica that has lost its leader",
        "NOREPLICAS" => "the Redis server takes no writes since it has too few replicas",
        "MISCONF" => "the Redis server takes no writes since it cannot save its data: see its log",
        "NOAUTH" => "the Redis server wants a password: put user and password into the URL",
        "WRONGPASS" => "the Redis server refused user name or password",
        "NOPERM" => "the Redis user may not do what sessions need: see the documentation",
        "BUSY" => "the Redis server is busy with somebody's script",
        "WRONGTYPE" => "something else is kept under the session's name: use another prefix",
        "MOVED" | "ASK" => {
            "the Redis server is a node of a Cluster, or its nodes disagree: use redis+cluster://"
        }
        "TRYAGAIN" => "the Redis Cluster is moving the session: try again",
        "NOSCRIPT" => "the Redis server forgets scripts at once",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use redis::{Value, parse_redis_value};

    use super::*;

    fn error(line: &str) -> ServerError {
        match parse_redis_value(format!("-{line}\r\n").as_bytes()) {
            Ok(Value::ServerError(error)) => error,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn no_word_of_the_server_but_its_code_is_passed_on() {
        for (line, part) in [
            ("OOM command not allowed when used memory > 'maxmemory'. k3y", "maxmemory"),
            ("WRONGTYPE Operation against k3y", "another prefix"),
            ("ERR Error running script (call to f_1): -WRONGTYPE k3y", "another prefix"),
            ("ERR unknown command 'k3y'", "code ERR"),
            ("STRANGE k3y", "code STRANGE"),
            ("k3y", "no known kind"),
        ] {
            let text = refusal(&error(line), Asked::Read).to_string();
            assert!(text.contains(part) && !text.contains("k3y"), "{line}: {text}");
        }
    }

    #[test]
    fn what_a_proxy_may_have_said_leaves_a_write_unknown() {
        for (line, is_sure) in [
            ("OOM command not allowed when used memory > 'maxmemory'.", true),
            ("READONLY You can't write against a read only replica.", true),
            ("NOPERM this user has no permissions", true),
            ("ERR Error running script (call to f_1): @user_script:1: -OOM", true),
            ("ERR Error running script (call to f_1): @user_script:1: strange", true),
            ("ERR Server closed connection", false),
            ("STRANGE upstream", false),
            ("upstream failure", false),
        ] {
            let of_write = refusal(&error(line), Asked::Write);
            assert_eq!(matches!(of_write, StoreError::Unavailable { .. }), is_sure, "{line}");
            let of_read = refusal(&error(line), Asked::Read);
            assert!(matches!(of_read, StoreError::Unavailable { .. }), "{line}");
        }
    }

    #[test]
    fn a_write_without_a_reply_is_unknown_and_a_read_is_not() {
        let lost = Failure::lost("why");
        assert_eq!(lost.clone().into_error(Asked::Read), StoreError::unavailable("why"));
        assert_eq!(lost.into_error(Asked::Write), StoreError::unknown("why"));
        let unsent = Failure::unsent("why");
        assert_eq!(unsent.into_error(Asked::Write), StoreError::unavailable("why"));
    }
}
