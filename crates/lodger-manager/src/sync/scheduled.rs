//! The same under a schedule. A reply's channel stays tokio's: it wakes whoever waits, whatever runs
//! that, and tokio tries its steps itself.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use shuttle::future::JoinHandle;
pub(crate) use shuttle::future::yield_now;
pub(crate) use shuttle::sync::{Mutex, MutexGuard, PoisonError};

/// A task that has come to no end.
pub(crate) struct Ended;

/// What waits for a task; dropping it ends nothing.
pub(crate) struct Task<T>(JoinHandle<Option<T>>);

impl<T> Future for Task<T> {
    type Output = Result<T, Ended>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let joined = Pin::new(&mut self.0).poll(context);
        joined.map(|result| result.ok().flatten().ok_or(Ended))
    }
}

/// Starts a task; a panic ends it, and nothing else.
pub(crate) fn spawn<F>(future: F) -> Task<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    let mut future = Some(Box::pin(future));
    let caught = poll_fn(move |context| {
        let running = future.as_mut().expect("a task that has ended is not run again");
        let polled = catch_unwind(AssertUnwindSafe(|| running.as_mut().poll(context)));
        match polled {
            Ok(polled) => polled.map(Some),
            // What the task held goes with it, as in tokio.
            Err(_) => Poll::Ready(future.take().map(drop).and(None)),
        }
    });
    Task(shuttle::future::spawn(caught))
}

/// Lets others go first.
pub(crate) async fn sleep(_: Duration) {
    yield_now().await;
}

/// Time that has passed.
pub(crate) struct Elapsed;

/// Waits as long as it takes.
pub(crate) async fn timeout<F: Future>(_: Duration, future: F) -> Result<F::Output, Elapsed> {
    Ok(future.await)
}
