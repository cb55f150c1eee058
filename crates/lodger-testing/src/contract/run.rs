//! Running one check as one test.

use std::future::Future;

use tokio::runtime::{Builder, Runtime};

use super::{Checked, Fixture, Subject};

/// Makes the fixture, checks, and takes the fixture away; for the macro.
///
/// # Panics
///
/// When the contract is broken.
pub fn run<F, C, R>(fixture: impl Future<Output = F>, check: C)
where
    F: Fixture,
    C: FnOnce(Subject<F::Store>) -> R,
    R: Future<Output = Checked> + Send + 'static,
{
    runtime().block_on(async {
        let fixture = fixture.await;
        let Some(subject) = fixture.subject() else { return };
        finish(check(subject), fixture.close()).await;
    });
}

/// What each test runs on.
pub(crate) fn runtime() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build()
        .expect("a runtime can be started")
}

/// Checks, and takes the fixture away also when the check fails.
///
/// # Panics
///
/// When the contract is broken.
pub(crate) async fn finish<R>(check: R, close: impl Future<Output = ()>)
where
    R: Future<Output = Checked> + Send + 'static,
{
    // In a task of its own, so that a panic does not skip the taking away.
    let result = tokio::spawn(check).await;
    close.await;
    match result {
        Ok(Ok(())) => {}
        Ok(Err(violation)) => panic!("{violation}"),
        Err(failure) => std::panic::resume_unwind(failure.into_panic()),
    }
}
