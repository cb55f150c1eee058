//! Tasks that begin at the same moment.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::Barrier;

use crate::contract::Violation;

/// Runs so many tasks at once, and gives their results in order.
pub(crate) async fn together<T, F>(
    tasks: usize,
    task: impl Fn(usize) -> F,
) -> Result<Vec<T>, Violation>
where
    T: Send + 'static,
    F: Future<Output = Result<T, Violation>> + Send + 'static,
{
    let barrier = Arc::new(Barrier::new(tasks));
    let spawn = |number| {
        let (barrier, task) = (Arc::clone(&barrier), task(number));
        tokio::spawn(async move {
            barrier.wait().await;
            task.await
        })
    };
    let handles: Vec<_> = (0..tasks).map(spawn).collect();
    let mut results = Vec::new();
    for handle in handles {
        let finished = handle.await.map_err(|_| Violation::new(9, "a call panicked"))?;
        results.push(finished?);
    }
    Ok(results)
}
