//! What is asked of a server.

use redis::{Cmd, Value};
use tokio::time::Instant;

use super::failure::Asked;
use super::replicas::Replicas;

/// A command, and what it is about.
pub(super) struct Question<'a> {
    /// The name that it is about, which says where in a Cluster it is kept.
    pub(super) name: &'a str,
    pub(super) command: Cmd,
    pub(super) terms: Terms,
}

/// How something is asked.
#[derive(Clone, Copy)]
pub(super) struct Terms {
    pub(super) asked: Asked,
    /// When whoever asks stops waiting.
    pub(super) until: Instant,
    /// Who else has to have what is written.
    pub(super) replicas: Option<Replicas>,
}

impl Terms {
    pub(super) fn new(asked: Asked, until: Instant) -> Self {
        Self { asked, until, replicas: None }
    }
}

/// What a script that compares has found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// What was stated, and the write is done.
    Done,
    /// Something is under the new name.
    Taken,
    /// Another value, and how many milliseconds it has to live; -1: for ever.
    Other(Vec<u8>, i64),
    /// Nothing.
    Nothing,
}

impl Verdict {
    /// Reads a reply of one of our scripts; `None`: it is none.
    pub(super) fn read(reply: Value) -> Option<Self> {
        match reply {
            Value::Int(1) => Some(Self::Done),
            Value::Int(0) => Some(Self::Taken),
            Value::Nil => Some(Self::Nothing),
            Value::Array(parts) => match <[Value; 2]>::try_from(parts).ok()? {
                [Value::BulkString(value), Value::Int(left)] => Some(Self::Other(value, left)),
                _ => None,
            },
            _ => None,
        }
    }
}
