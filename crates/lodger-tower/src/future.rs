//! The response, and what it waits for.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::{Response, StatusCode};
use lodger_http::{Committing, Exchange, Finish, Verdict};
use pin_project_lite::pin_project;

pin_project! {
    /// The response of a [`SessionService`](crate::SessionService): the service's own, once the
    /// session is stored.
    ///
    /// # Cancel safety
    ///
    /// Dropped before the service has answered, nothing is stored; dropped while the session is
    /// being stored, the storing goes on.
    pub struct ResponseFuture<F, B, E> {
        exchange: Exchange,
        #[pin]
        stage: Stage<F, B, E>,
    }
}

pin_project! {
    /// # Internal invariant
    ///
    /// `answer` is there until the future is ready.
    #[project = StageProjection]
    enum Stage<F, B, E> {
        Answering { #[pin] answering: F },
        Committing { committing: Committing, answer: Option<Result<Response<B>, E>> },
    }
}

impl<F, B, E> ResponseFuture<F, B, E> {
    pub(crate) const fn new(answering: F, exchange: Exchange) -> Self {
        Self { exchange, stage: Stage::Answering { answering } }
    }
}

impl<F, B, E> Future for ResponseFuture<F, B, E>
where
    F: Future<Output = Result<Response<B>, E>>,
    B: Default,
{
    type Output = Result<Response<B>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            match this.stage.as_mut().project() {
                StageProjection::Answering { answering } => {
                    let answer = ready!(answering.poll(cx));
                    // An error is no response, but a flush holds all the same.
                    let status = match &answer {
                        Ok(response) => response.status(),
                        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
                    };
                    match this.exchange.finish(status) {
                        Finish::Done(verdict) => return Poll::Ready(judged(verdict, answer)),
                        Finish::Commit(committing) => {
                            this.stage.set(Stage::Committing { committing, answer: Some(answer) });
                        }
                    }
                }
                StageProjection::Committing { committing, answer } => {
                    let verdict = ready!(Pin::new(committing).poll(cx));
                    let answer = answer.take().expect("not polled again once it is ready");
                    return Poll::Ready(judged(verdict, answer));
                }
            }
        }
    }
}

fn judged<B: Default, E>(
    verdict: Verdict,
    answer: Result<Response<B>, E>,
) -> Result<Response<B>, E> {
    answer.map(|response| verdict.apply(response))
}

impl<F, B, E> fmt::Debug for ResponseFuture<F, B, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").field("exchange", &self.exchange).finish_non_exhaustive()
    }
}
