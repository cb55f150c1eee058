//! Running one check as one test.

use std::future::Future;

use super::{Fixture, Subject};
use crate::contract::Checked;
use crate::contract::run::{finish, runtime};

/// Makes the fixture, checks, and takes the fixture away; for the macro.
///
/// # Panics
///
/// When the contract is broken.
pub fn run<F, C, R>(fixture: impl Future<Output = F>, check: C)
where
    F: Fixture,
    C: FnOnce(Subject<F::Cache>) -> R,
    R: Future<Output = Checked> + Send + 'static,
{
    runtime().block_on(async {
        let fixture = fixture.await;
        let Some(subject) = fixture.subject() else { return };
        finish(check(subject), fixture.close()).await;
    });
}
