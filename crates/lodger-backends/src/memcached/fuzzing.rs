//! Doors for Lodger's own fuzzer to what reads a server's bytes. No API: they change at any time.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use lodger_core::{Loaded, StoreError, StoredKey, Timestamp};

use super::MemcachedStore;
use super::connection::{Reply, read_boot, read_reply};
use super::failure::{Asked, lost, refused, unreachable};
use super::mark::Boot;

/// The live record in a reply to a reading command, as a load gives it.
///
/// # Errors
///
/// When it is no such reply.
pub fn loaded(
    store: &MemcachedStore,
    key: &StoredKey,
    mut reply: &[u8],
    now: Timestamp,
) -> Result<Option<Loaded>, StoreError> {
    let boot = Boot { pid: 1, began: 1_600_000_000 };
    match at_once(read_reply(&mut reply, boot, store.client.largest_item)) {
        Ok(Reply::Value(item)) => Ok(store.loaded(key, &item, now)),
        Ok(Reply::Refused(refusal)) => Err(refused(refusal, Asked::Read)),
        Ok(Reply::Done(_) | Reply::Absent | Reply::Present | Reply::Moved) => Ok(None),
        Err(broken) => Err(lost(broken, Asked::Read)),
    }
}

/// The process that a server says it is, and since when it runs.
///
/// # Errors
///
/// When it does not say so.
pub fn boot(mut told: &[u8]) -> Result<(u64, i64), StoreError> {
    let boot = at_once(read_boot(&mut told)).map_err(unreachable)?;
    Ok((boot.pid, boot.began))
}

fn at_once<T>(work: impl Future<Output = T>) -> T {
    match pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => unreachable!("who reads memory never waits"),
    }
}
