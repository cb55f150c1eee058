//! Asking whatever there is: one server, or a Cluster.

use std::slice;
use std::sync::Arc;

use lodger_core::StoreError;
use redis::{ServerError, ServerErrorKind, Value};

use super::cluster::Cluster;
use super::connect::Connector;
use super::failure::{refusal, unexpected};
use super::link::Link;
use super::question::{Question, Terms, Verdict};
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

    /// The reply to a question.
    pub(super) async fn ask(&self, question: &Question<'_>) -> Result<Value, StoreError> {
        reply(self.replies(question).await?, question.terms)
    }

    /// Runs a program on names, all of one slot.
    pub(super) async fn run(
        &self,
        program: &Program,
        names: &[&str],
        arguments: &[&[u8]],
        terms: Terms,
    ) -> Result<Verdict, StoreError> {
        let name = names.first().copied().unwrap_or_default();
        let known = Question { name, command: program.by_hash(names, arguments), terms };
        let mut replies = self.replies(&known).await?;
        if error(&replies).and_then(ServerError::kind) == Some(ServerErrorKind::NoScript) {
            // So it surely did nothing.
            let new = Question { name, command: program.by_code(names, arguments), terms };
            replies = self.replies(&new).await?;
        }
        Verdict::read(reply(replies, terms)?).ok_or_else(|| unexpected(terms.asked))
    }

    /// What servers answer, errors of theirs among it.
    async fn replies(&self, question: &Question<'_>) -> Result<Vec<Value>, StoreError> {
        let Question { command, terms, .. } = question;
        let replies = match self {
            Self::One(link) => {
                let sent = link.send(slice::from_ref(command), terms).await;
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
        replies.map_err(|failure| failure.into_error(terms.asked))
    }
}

/// The reply to a command, if the replicas that were waited for have what it wrote.
fn reply(replies: Vec<Value>, terms: Terms) -> Result<Value, StoreError> {
    let mut replies = replies.into_iter();
    let reply = match replies.next() {
        Some(Value::ServerError(error)) => return Err(refusal(&error, terms.asked)),
        reply => reply.ok_or_else(|| unexpected(terms.asked))?,
    };
    if let (Some(replicas), Some(waited)) = (terms.replicas, replies.next()) {
        replicas.have_it(&waited)?;
    }
    Ok(reply)
}

/// The first error among replies.
pub(super) fn error(replies: &[Value]) -> Option<&ServerError> {
    replies.iter().find_map(|reply| match reply {
        Value::ServerError(error) => Some(error),
        _ => None,
    })
}
