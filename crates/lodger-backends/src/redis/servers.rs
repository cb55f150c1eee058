//! Asking whatever there is: one server, or a Cluster.

use std::sync::Arc;

use lodger_core::StoreError;
use redis::{ServerError, ServerErrorKind, Value};
use tokio::time::Instant;

use super::cluster::Cluster;
use super::connect::Connector;
use super::failure::{Asked, refusal, unexpected};
use super::link::Link;
use super::question::{Question, Verdict};
use super::script::Program;
use super::url::Place;

/// One server, or a Cluster. Clones share the connections.
#[derive(Clone)]
pub(super) enum Servers {
    One(Arc<Link>),
    Cluster(Arc<Cluster>),
}

impl Servers {
    pub(super) fn new(place: &Place, connector: Arc<Connector>) -> Self {
        match &place.nodes[..] {
            [node] if !place.is_cluster => Self::One(Arc::new(Link::new(node.clone(), connector))),
            nodes => Self::Cluster(Arc::new(Cluster::new(nodes.to_vec(), connector))),
        }
    }

    pub(super) fn is_cluster(&self) -> bool {
        matches!(self, Self::Cluster(_))
    }

    /// The replies to the commands of a question.
    pub(super) async fn ask(&self, question: &Question<'_>) -> Result<Vec<Value>, StoreError> {
        let replies = self.replies(question).await?;
        match error(&replies) {
            Some(error) => Err(refusal(error, question.asked)),
            None => Ok(replies),
        }
    }

    /// The reply to the one command of a question.
    pub(super) async fn ask_one(&self, question: &Question<'_>) -> Result<Value, StoreError> {
        let mut replies = self.ask(question).await?;
        replies.pop().ok_or_else(|| unexpected(question.asked))
    }

    /// Runs a program on names, all of one slot.
    pub(super) async fn run(
        &self,
        program: &Program,
        names: &[&str],
        arguments: &[&[u8]],
        asked: Asked,
        until: Instant,
    ) -> Result<Verdict, StoreError> {
        let name = names.first().copied().unwrap_or_default();
        let known = Question::new(name, program.by_hash(names, arguments), asked, until);
        let mut replies = self.replies(&known).await?;
        if error(&replies).and_then(ServerError::kind) == Some(ServerErrorKind::NoScript) {
            // So it surely did nothing.
            let new = Question::new(name, program.by_code(names, arguments), asked, until);
            replies = self.replies(&new).await?;
        }
        if let Some(error) = error(&replies) {
            return Err(refusal(error, asked));
        }
        replies.pop().and_then(Verdict::read).ok_or_else(|| unexpected(asked))
    }

    /// The same with errors of the server among them.
    pub(super) async fn replies(&self, question: &Question<'_>) -> Result<Vec<Value>, StoreError> {
        let replies = match self {
            Self::One(link) => {
                let sent = link.send(&question.commands, question.line, question.until).await;
                if let Ok(replies) = &sent
                    && error(replies).and_then(ServerError::kind) == Some(ServerErrorKind::ReadOnly)
                {
                    // After a failover the same name may lead to the new leader.
                    link.renew();
                }
                sent
            }
            Self::Cluster(cluster) => cluster.send(question).await,
        };
        replies.map_err(|failure| failure.into_error(question.asked))
    }
}

/// The first error among replies.
pub(super) fn error(replies: &[Value]) -> Option<&ServerError> {
    replies.iter().find_map(|reply| match reply {
        Value::ServerError(error) => Some(error),
        _ => None,
    })
}
