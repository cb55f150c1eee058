//! A Cluster: which of its servers to ask.

use std::collections::HashMap;
use std::slice;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use redis::{ServerErrorKind, Value};
use tokio::time::{Instant, sleep_until, timeout_at};

use super::connect::Connector;
use super::failure::{Asked, Failure};
use super::link::Link;
use super::question::{Question, Terms};
use super::servers::error;
use super::slot::{SLOTS, slot};
use super::topology::{Range, ranges, redirect};
use super::url::Node;

/// How often a question is sent that the servers say they have not answered.
const ATTEMPTS: usize = 16;
/// How long to wait for what is in transit between two servers.
const TRANSIT: Duration = Duration::from_millis(20);
/// How long what was read of the map is taken for the present state.
const FRESH: Duration = Duration::from_millis(50);
/// How long one server may take to tell the map.
const PATIENCE: Duration = Duration::from_millis(500);

/// A Cluster.
///
/// The routing is our own, since a question must be sent once only, and it must be known whether it
/// was: a client that searches for a new leader by itself answers all that is on its way with the
/// failure of its search, and has the other leaders' callers wait for it.
pub(super) struct Cluster {
    /// The servers that the URL names.
    seeds: Vec<Node>,
    connector: Arc<Connector>,
    map: RwLock<Map>,
    /// Held by whoever reads the map: when that was done last, and how it ended.
    reading: tokio::sync::Mutex<Option<(Instant, Result<(), Failure>)>>,
}

struct Map {
    /// The leader of each slot.
    leaders: Vec<Option<Arc<Link>>>,
    /// All servers that are known, leaders or not.
    links: HashMap<Node, Arc<Link>>,
}

/// Where a question goes next.
struct Way {
    link: Arc<Link>,
    /// Whether the server has to be told that it was recommended.
    asking: bool,
}

enum Tried {
    Settled(Result<Vec<Value>, Failure>),
    /// It was surely not done, and may be there.
    Elsewhere(Way),
}

impl Cluster {
    pub(super) fn new(seeds: Vec<Node>, connector: Arc<Connector>) -> Self {
        let map = Map { leaders: vec![None; SLOTS], links: HashMap::new() };
        Self { seeds, connector, map: RwLock::new(map), reading: tokio::sync::Mutex::default() }
    }

    /// Sends a question to the leader of its name.
    ///
    /// It is sent again only if it was not sent, or the server says that it has done nothing.
    pub(super) async fn send(
        self: &Arc<Self>,
        question: &Question<'_>,
    ) -> Result<Vec<Value>, Failure> {
        let slot = slot(question.name);
        let link = self.leader(slot, question.terms.until).await?;
        let mut way = Way { link, asking: false };
        for _ in 1..ATTEMPTS {
            match self.attempt(way, slot, question).await {
                Tried::Settled(sent) => return sent,
                Tried::Elsewhere(other) => way = other,
            }
        }
        way.send(question).await
    }

    async fn attempt(self: &Arc<Self>, way: Way, slot: usize, question: &Question<'_>) -> Tried {
        let (sent, until) = (way.send(question).await, question.terms.until);
        let redirected = match &sent {
            Err(Failure::Unsent(_)) => return self.other_leader(way, slot, until, sent).await,
            Err(Failure::Lost(_)) => None,
            Ok(replies) => error(replies).and_then(|error| Some((error.kind()?, error))),
        };
        match redirected {
            Some((kind @ (ServerErrorKind::Moved | ServerErrorKind::Ask), error)) => {
                let Some(node) = redirect(error, way.link.node()) else {
                    return Tried::Settled(sent);
                };
                if kind == ServerErrorKind::Ask {
                    return Tried::Elsewhere(Way { link: self.link(node), asking: true });
                }
                // Servers that have not heard each other's news yet send to and fro.
                if way.link.node() == &node || self.leads(slot, &node) {
                    pause(until).await;
                }
                let link = self.learn(slot, node);
                self.read_map_meanwhile();
                Tried::Elsewhere(Way { link, asking: false })
            }
            Some((ServerErrorKind::TryAgain, _)) => {
                pause(until).await;
                Tried::Elsewhere(way)
            }
            // It leads no longer.
            Some((ServerErrorKind::ReadOnly, _)) => self.other_leader(way, slot, until, sent).await,
            Some((ServerErrorKind::ClusterDown, _)) => {
                self.read_map_meanwhile();
                Tried::Settled(sent)
            }
            Some(_) => Tried::Settled(sent),
            None => {
                if sent.is_err() {
                    self.read_map_meanwhile();
                }
                Tried::Settled(sent)
            }
        }
    }

    /// Looks for another leader than the one that turned out to be none.
    async fn other_leader(
        &self,
        way: Way,
        slot: usize,
        until: Instant,
        sent: Result<Vec<Value>, Failure>,
    ) -> Tried {
        if self.read_map(until).await.is_ok()
            && let Some(leader) = &self.map().leaders[slot]
            && !Arc::ptr_eq(leader, &way.link)
        {
            return Tried::Elsewhere(Way { link: Arc::clone(leader), asking: false });
        }
        Tried::Settled(sent)
    }

    async fn leader(&self, slot: usize, until: Instant) -> Result<Arc<Link>, Failure> {
        let known = || self.map().leaders[slot].clone();
        if let Some(leader) = known() {
            return Ok(leader);
        }
        self.read_map(until).await?;
        known().ok_or_else(|| Failure::unsent("the Redis Cluster has no leader for some sessions"))
    }

    fn leads(&self, slot: usize, node: &Node) -> bool {
        self.map().leaders[slot].as_ref().is_some_and(|leader| leader.node() == node)
    }

    fn link(&self, node: Node) -> Arc<Link> {
        let mut map = self.map_mut();
        map.link(node, &self.connector)
    }

    fn learn(&self, slot: usize, node: Node) -> Arc<Link> {
        let mut map = self.map_mut();
        let link = map.link(node, &self.connector);
        map.leaders[slot] = Some(Arc::clone(&link));
        link
    }

    fn read_map_meanwhile(self: &Arc<Self>) {
        let cluster = Arc::clone(self);
        tokio::spawn(async move {
            let until = Instant::now() + PATIENCE * 4;
            // Who needs it will ask again.
            let _ = cluster.read_map(until).await;
        });
    }

    /// Reads which server leads which slot, unless somebody has just done so.
    async fn read_map(&self, until: Instant) -> Result<(), Failure> {
        let now = Instant::now();
        let late = || Failure::unsent("no server of the Redis Cluster can be reached in time");
        let mut last = timeout_at(until, self.reading.lock()).await.map_err(|_| late())?;
        if let Some((at, ended)) = &*last
            && *at + FRESH > now
        {
            return ended.clone();
        }
        let mut ended = Err(late());
        let asking = Box::pin(async {
            for link in self.tellers() {
                ended = self.ask_for_map(&link).await;
                if ended.is_ok() {
                    break;
                }
            }
        });
        // Who has little time left says nothing of the servers, and others ask for themselves.
        if timeout_at(until, asking).await.is_ok() {
            *last = Some((Instant::now(), ended.clone()));
        }
        ended
    }

    async fn ask_for_map(&self, link: &Link) -> Result<(), Failure> {
        let mut command = redis::cmd("CLUSTER");
        command.arg("SLOTS");
        // Whatever became of it, the question that needs it was not sent.
        let unsent = |failure| match failure {
            Failure::Unsent(reason) | Failure::Lost(reason) => Failure::Unsent(reason),
        };
        let terms = Terms::new(Asked::Read, Instant::now() + PATIENCE);
        let replies = link.send(&[command], &terms).await.map_err(unsent)?;
        let ranges = replies.first().and_then(|reply| ranges(reply, link.node()));
        let ranges = ranges.filter(|ranges| !ranges.is_empty()).ok_or_else(|| {
            Failure::unsent("the Redis server leads in no Cluster, or its user may not be told")
        })?;
        self.map_mut().replace(&ranges, &self.seeds, &self.connector);
        Ok(())
    }

    /// Whom to ask for the map, those first who are likely to answer.
    fn tellers(&self) -> Vec<Arc<Link>> {
        let mut map = self.map_mut();
        for seed in &self.seeds {
            map.link(seed.clone(), &self.connector);
        }
        let mut links: Vec<Arc<Link>> = map.links.values().cloned().collect();
        links.sort_by_key(|link| !link.is_connected());
        links
    }

    fn map(&self) -> RwLockReadGuard<'_, Map> {
        self.map.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn map_mut(&self) -> RwLockWriteGuard<'_, Map> {
        self.map.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Map {
    fn link(&mut self, node: Node, connector: &Arc<Connector>) -> Arc<Link> {
        let new = || Arc::new(Link::new(node.clone(), Arc::clone(connector)));
        Arc::clone(self.links.entry(node.clone()).or_insert_with(new))
    }

    /// Puts what a server said in the place of what was known.
    fn replace(&mut self, ranges: &[Range], seeds: &[Node], connector: &Arc<Connector>) {
        let mut leaders = vec![None; SLOTS];
        for Range { first, last, nodes } in ranges {
            let links: Vec<_> =
                nodes.iter().map(|node| self.link(node.clone(), connector)).collect();
            for leader in leaders.iter_mut().take(last + 1).skip(*first) {
                *leader = links.first().cloned();
            }
        }
        self.leaders = leaders;
        self.links.retain(|node, _| {
            seeds.contains(node) || ranges.iter().any(|range| range.nodes.contains(node))
        });
    }
}

impl Way {
    async fn send(&self, question: &Question<'_>) -> Result<Vec<Value>, Failure> {
        let Question { command, terms, .. } = question;
        if !self.asking {
            return self.link.send(slice::from_ref(command), terms).await;
        }
        let both = [redis::cmd("ASKING"), command.clone()];
        let mut replies = self.link.send(&both, terms).await?;
        replies.remove(0);
        Ok(replies)
    }
}

async fn pause(until: Instant) {
    sleep_until((Instant::now() + TRANSIT).min(until)).await;
}
