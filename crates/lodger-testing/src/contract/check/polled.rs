//! Calls that are given up.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use lodger_core::StoreError;

use crate::contract::Checked;

/// How often a call is polled before it is dropped; the last ones let most calls come to their end.
pub(crate) const POLLS: [u32; 8] = [0, 1, 2, 3, 4, 6, 10, 30];

/// Polls a call at most so often, with a little time after each, and drops it.
pub(crate) async fn polled<T>(
    polls: u32,
    call: impl Future<Output = Result<T, StoreError>> + Send,
) -> Checked {
    let mut call = pin!(call);
    for _ in 0..polls {
        let once = poll_fn(|context| Poll::Ready(call.as_mut().poll(context)));
        if let Poll::Ready(result) = once.await {
            result?;
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    Ok(())
}
