//! Waiting until replicas know what has ended.

use std::time::Duration;

use lodger_core::StoreError;
use redis::{Cmd, Value};

/// How many replicas the end of a key waits for, and how long.
#[derive(Clone, Copy)]
pub(super) struct Replicas {
    pub(super) number: u32,
    pub(super) timeout: Duration,
}

impl Replicas {
    /// What waits for them to have all that the same connection wrote.
    pub(super) fn wait(self) -> Cmd {
        let mut wait = redis::cmd("WAIT");
        // Zero is for ever.
        wait.arg(self.number).arg(self.timeout.as_millis().max(1).to_string());
        wait
    }

    /// Whether they have it, by the reply to [`wait`](Self::wait).
    ///
    /// # Errors
    ///
    /// `Unknown` if fewer have it than were asked for: the leader has it.
    pub(super) fn have_it(self, reply: &Value) -> Result<(), StoreError> {
        let Self { number, .. } = self;
        match reply {
            Value::Int(replicas) if *replicas >= i64::from(number) => Ok(()),
            Value::Int(replicas) => Err(StoreError::unknown(format!(
                "done on the Redis leader, and on {replicas} of {number} replicas in time"
            ))),
            _ => Err(StoreError::unknown("done on the Redis leader, which refused to WAIT")),
        }
    }
}
