//! Which fault meets which backend.

use std::path::PathBuf;

use anyhow::{Result, bail};
use futures_util::future::LocalBoxFuture;
use serde::Serialize;

use super::backend::Backend::{self, *};
use super::dice::Dice;
use super::row::{Cost, Row, Tally, Tier};
use super::stage::{Missing, Stage};
use super::{
    application, clock, cluster, copy, cut, database, disk, forged, giving_up, key, kill,
    memory_limit, panics, planted, power, secret, sweeping, wire,
};

/// A kind of fault.
pub struct Fault {
    /// Its name in the table and as an argument.
    pub name: &'static str,
    /// What it counts as in the sum below the table.
    pub kind: Kind,
    /// Where it is inflicted.
    pub on: &'static [Backend],
    /// What it may cost, as far as the tier of a backend does not keep it.
    pub may_lose: fn(Backend) -> Cost,
    inflict: for<'a> fn(&'a Stage) -> LocalBoxFuture<'a, Result<Tally>>,
}

/// What is summed up over all faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A process that was killed.
    Kill,
    /// A connection that was cut.
    Cut,
    /// Anything else.
    Other,
}

/// What is inflicted, and where.
#[derive(Default)]
pub struct Plan {
    /// The faults of these names; all, if there are none.
    pub faults: Vec<String>,
    /// The backends of these names; all, if there are none.
    pub backends: Vec<String>,
    /// Whether a small part of each is enough.
    pub quick: bool,
    /// What the numbers in no order come from.
    pub seed: u64,
    /// The program `chaos` of this package.
    pub program: PathBuf,
}

/// What became of one fault on one backend.
#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Line {
    /// It was inflicted.
    Row {
        /// What was counted.
        #[serde(flatten)]
        row: Row,
        /// What it counts as.
        kind: Kind,
        /// What a promise forbids of it.
        forbidden: Vec<String>,
    },
    /// It could not be inflicted here.
    Skip {
        /// The fault.
        fault: &'static str,
        /// The backend.
        backend: &'static str,
        /// Why.
        reason: String,
    },
}

/// Nothing.
const fn nothing(_: Backend) -> Cost {
    Cost::Nothing
}

/// What lies in memory alone.
fn memory(backend: Backend) -> Cost {
    if backend.tier() < Tier::T2 { Cost::Saves } else { Cost::Nothing }
}

/// What had not been copied, but for ends, which had.
const fn saves(_: Backend) -> Cost {
    Cost::Saves
}

/// Whatever had not been copied.
const fn writes(_: Backend) -> Cost {
    Cost::Writes
}

macro_rules! fault {
    ($name:literal, $kind:ident, $on:expr, $may_lose:expr, $inflict:path) => {
        Fault {
            name: $name,
            kind: Kind::$kind,
            on: &$on,
            may_lose: $may_lose,
            inflict: |stage| Box::pin($inflict(stage)),
        }
    };
}

/// What keeps sessions by itself.
const STORES: [Backend; 9] =
    [Memory, Sqlite, File, Postgres, Mariadb, RedisAof, Redis, RedisCluster, Memcached];
/// One of each kind.
const KINDS: [Backend; 7] = [Memory, Sqlite, File, Postgres, Mariadb, Redis, Memcached];
/// Those of them that keep sessions encoded.
const ENCODED: [Backend; 6] = [Sqlite, File, Postgres, Mariadb, Redis, Memcached];
/// What is spoken to over a wire.
const SERVERS: [Backend; 4] = [Postgres, Mariadb, Redis, Memcached];
/// Those of them that keep rows.
const DATABASES: [Backend; 2] = [Postgres, Mariadb];
/// Caches in front of a database.
const CACHED: [Backend; 2] = [CachedDb, CachedDbRedis];

/// What keeps sessions that have expired until they are cleared, and can be reached by two processes.
const CLEARED: [Backend; 4] = [Sqlite, File, Postgres, Mariadb];

/// What is on a disk of the application's own.
const FILES: [Backend; 2] = [Sqlite, File];

/// All faults.
pub const FAULTS: &[Fault] = &[
    fault!(
        "server-killed",
        Kill,
        [Postgres, Mariadb, RedisAof, Redis, Memcached],
        memory,
        kill::killed
    ),
    fault!(
        "server-restarted",
        Other,
        [Postgres, Mariadb, RedisAof, Redis, Memcached],
        memory,
        kill::restarted
    ),
    fault!("application-killed", Kill, FILES, nothing, application::killed),
    fault!(
        "application-killed-at-each-step",
        Kill,
        FILES,
        nothing,
        application::killed_at_each_step
    ),
    fault!(
        "application-killed-under-open-umask",
        Kill,
        [File],
        nothing,
        application::killed_under_open_umask
    ),
    fault!("power-cut", Other, FILES, nothing, power::cut),
    fault!("power-cut-at-each-step", Other, FILES, nothing, power::cut_at_each_step),
    fault!("power-cut-after-flush-error", Other, FILES, nothing, power::cut_after_flush_error),
    fault!("disk-full", Other, FILES, nothing, disk::full),
    fault!("writes-cut-short", Other, FILES, nothing, disk::cut_short),
    fault!("write-error", Other, FILES, nothing, disk::write_error),
    fault!("read-error", Other, FILES, nothing, disk::read_error),
    fault!("planted", Other, [File], nothing, planted::planted),
    fault!("connection-cut-at-each-byte", Cut, SERVERS, nothing, cut::within_calls),
    fault!("connecting-cut-at-each-byte", Cut, SERVERS, nothing, cut::while_connecting),
    fault!("bytes-late", Other, SERVERS, nothing, wire::late),
    fault!("bytes-too-late", Other, SERVERS, nothing, wire::too_late),
    fault!("bytes-dribble", Other, SERVERS, nothing, wire::dribbles),
    fault!("replies-dropped", Other, SERVERS, nothing, wire::replies_dropped),
    fault!("requests-stalled", Other, SERVERS, nothing, wire::requests_stalled),
    fault!("replies-stalled", Other, SERVERS, nothing, wire::replies_stalled),
    fault!("memory-full", Other, [Redis], nothing, memory_limit::full),
    fault!("memory-evicted", Other, [Redis, Memcached], memory, memory_limit::evicted),
    fault!("item-too-large", Other, [Memcached], nothing, memory_limit::item_too_large),
    fault!("connections-ended", Other, DATABASES, nothing, database::connections_ended),
    fault!("connections-exhausted", Other, DATABASES, nothing, database::connections_exhausted),
    fault!("rows-locked", Other, DATABASES, nothing, database::rows_locked),
    fault!("rows-locked-too-long", Other, DATABASES, nothing, database::rows_locked_too_long),
    fault!("deadlock", Other, [Mariadb], nothing, database::deadlock),
    fault!("database-busy", Other, [Sqlite], nothing, database::busy),
    fault!("database-busy-too-long", Other, [Sqlite], nothing, database::busy_too_long),
    fault!("leader-killed", Kill, [RedisCluster], writes, cluster::leader_killed),
    fault!("uncopied-leader-killed", Kill, [RedisCluster], writes, cluster::uncopied_leader_killed),
    fault!(
        "uncopied-leader-killed-ends-waited-for",
        Kill,
        [RedisCluster],
        saves,
        cluster::uncopied_leader_killed_ends_waited_for
    ),
    fault!("slot-moved", Other, [RedisCluster], nothing, cluster::slot_moved),
    fault!("future-dropped", Other, STORES, nothing, giving_up::future_dropped),
    fault!("handler-panics", Other, KINDS, nothing, panics::handler_panics),
    fault!("key-collides", Other, STORES, nothing, key::collides),
    fault!("rng-fails", Other, KINDS, nothing, key::rng_fails),
    fault!("clock-jumps", Other, KINDS, nothing, clock::jumps),
    fault!("secret-rotated", Other, ENCODED, nothing, secret::rotated),
    fault!("cache-killed", Other, CACHED, nothing, copy::killed),
    fault!("cache-flushed", Other, CACHED, nothing, copy::flushed),
    fault!("cache-cut", Cut, CACHED, nothing, copy::cut),
    fault!("cache-stalled", Other, CACHED, nothing, copy::stalled),
    fault!("cache-evicts", Other, CACHED, nothing, copy::evicts),
    fault!("cache-poisoned", Other, CACHED, nothing, forged::poisoned),
    fault!("cache-lies", Other, CACHED, nothing, forged::lies),
    fault!("cache-lies-ends-verified", Other, CACHED, nothing, forged::lies_and_ends_are_verified),
    fault!("cached-database-killed", Kill, [CachedDbPostgres], nothing, copy::database_killed),
    fault!("cached-database-busy", Other, CACHED, nothing, copy::database_busy),
    fault!("cached-application-killed", Kill, CACHED, nothing, copy::application_killed),
    fault!(
        "swept-under-traffic",
        Other,
        [Memory, Sqlite, File, Postgres, Mariadb],
        nothing,
        sweeping::swept
    ),
    fault!("sweeper-killed", Kill, CLEARED, nothing, sweeping::sweeper_killed),
];

impl Plan {
    /// Inflicts what was chosen, and tells each line as soon as it is known.
    ///
    /// # Errors
    ///
    /// When a name is none.
    pub async fn run(&self, mut tell: impl FnMut(Line)) -> Result<()> {
        self.check()?;
        for fault in FAULTS {
            for backend in fault.on {
                if chosen(&self.faults, fault.name) && chosen(&self.backends, backend.name()) {
                    tell(self.inflict(fault, *backend).await);
                }
            }
        }
        Ok(())
    }

    /// Inflicts one fault on one backend.
    pub async fn inflict(&self, fault: &Fault, backend: Backend) -> Line {
        let (quick, program) = (self.quick, self.program.clone());
        let stage = Stage { backend, dice: Dice::new(self.seed), quick, program };
        let (fault_name, backend_name) = (fault.name, backend.name());
        let tally = match (fault.inflict)(&stage).await {
            Ok(tally) => tally,
            Err(error) if error.is::<Missing>() => {
                let reason = error.to_string();
                return Line::Skip { fault: fault_name, backend: backend_name, reason };
            }
            // A store that does not come back breaks a promise, and is no reason to leave the others.
            Err(error) => Tally::failed(format!("{error:#}")),
        };
        let (tier, may_lose) = (backend.tier(), (fault.may_lose)(backend));
        let row = Row { fault: fault_name, backend: backend_name, tier, may_lose, tally };
        Line::Row { forbidden: row.forbidden(), kind: fault.kind, row }
    }

    fn check(&self) -> Result<()> {
        let faults = FAULTS.iter().map(|fault| fault.name);
        known(&self.faults, &faults.collect::<Vec<_>>())?;
        known(&self.backends, &Backend::ALL.map(Backend::name))
    }
}

fn chosen(names: &[String], name: &str) -> bool {
    names.is_empty() || names.iter().any(|chosen| chosen == name)
}

fn known(names: &[String], all: &[&str]) -> Result<()> {
    match names.iter().find(|name| !all.contains(&name.as_str())) {
        Some(name) => bail!("{name} is none of {}", all.join(", ")),
        None => Ok(()),
    }
}
