//! Deleting, and waiting until replicas have done so too.

use std::time::Duration;

use lodger_core::StoreError;
use redis::Value;

use super::failure::{Asked, refusal, unexpected};
use super::question::{Line, Question};
use super::store::RedisStore;

/// How many replicas a deletion waits for, and how long.
#[derive(Clone, Copy)]
pub(super) struct Replicas {
    pub(super) number: u32,
    pub(super) timeout: Duration,
}

impl RedisStore {
    /// Removes what is under a name, and waits for replicas if so asked.
    pub(super) async fn remove(&self, name: &str) -> Result<bool, StoreError> {
        let mut command = redis::cmd("DEL");
        command.arg(name);
        let Some(Replicas { number, timeout }) = self.replicas else {
            return removed(&self.ask(name, command, Asked::Write).await?);
        };
        let mut wait = redis::cmd("WAIT");
        // Zero is for ever.
        wait.arg(number).arg(timeout.as_millis().max(1).to_string());
        let question = Question {
            name,
            commands: vec![command, wait],
            asked: Asked::Write,
            until: self.until() + timeout,
            line: Line::Own,
        };
        let replies = self.servers.replies(&question).await?;
        match &replies[..] {
            [Value::ServerError(error), _] => Err(refusal(error, Asked::Write)),
            [done, Value::Int(replicas)] if *replicas >= i64::from(number) => removed(done),
            [_, Value::Int(replicas)] => Err(StoreError::unknown(format!(
                "deleted on the Redis leader, and on {replicas} of {number} replicas in time"
            ))),
            _ => Err(StoreError::unknown("deleted on the Redis leader, which refused to WAIT")),
        }
    }
}

fn removed(reply: &Value) -> Result<bool, StoreError> {
    match reply {
        Value::Int(removed) => Ok(*removed > 0),
        _ => Err(unexpected(Asked::Write)),
    }
}
