//! The store.

use std::sync::Arc;
use std::time::Duration;

use lodger_core::{
    Created, Cursor, Cycled, Loaded, SessionDict, SessionRecord, SessionStore, StoreError,
    StoredKey, Swapped, Swept, Timestamp, Touched, Version, Write,
};
use redis::Value;
use tokio::time::Instant;

use super::connect::Connector;
use super::failure::{Asked, unexpected};
use super::question::{Question, Terms, Verdict};
use super::replicas::Replicas;
use super::script::{Program, READ, SWAP, TOUCH};
use super::servers::Servers;
use super::tls;
use super::url::Place;
use super::value::{end, millis, version};
use crate::cache_layout::{CacheLayout, time_to_live};
use crate::patience::bounded;
use crate::settling::Settling;

/// Sessions in Redis or Valkey, single or Cluster. Clones share the connections.
///
/// In the form that Django has, a value carries no `expire_date`: it has the one that the server's
/// clock gives it, so `now` is of no account there.
///
/// # Cancel safety
///
/// Every call may be dropped; what it has sent by then is done or not done, and a cycle in a Cluster,
/// which takes several steps, goes on by itself.
///
/// # Security
///
/// The names hold the keys as they are, as Django's do. Values are not trusted: whatever else lies
/// under a session's name is data that no codec accepts.
///
/// # Django
///
/// The `cache` engine on a cache of class `RedisCache`, with [`CacheLayout::django`] and a codec for
/// pickles.
///
/// ```no_run
/// # fn example(url: &str) -> Result<(), lodger_core::StoreError> {
/// use lodger_backends::cache_layout::CacheLayout;
/// use lodger_backends::redis::RedisStore;
///
/// let store = RedisStore::connect("redis://user:password@localhost/0")?;
/// let cluster = RedisStore::connect("rediss+cluster://user:password@one:7000,two:7000/")?;
/// let django = RedisStore::connect(url)?.with_layout(CacheLayout::django());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RedisStore {
    pub(super) servers: Servers,
    pub(super) layout: CacheLayout,
    place: Arc<Place>,
    connector: Arc<Connector>,
    deadline: Duration,
    pub(super) replicas: Option<Replicas>,
    pub(super) settling: Arc<Settling>,
}

impl RedisStore {
    /// Reads a URL, and connects when a session is first asked for, so that a program starts also
    /// while the server is away. Give it a runtime of tokio then.
    ///
    /// | URL | |
    /// |---|---|
    /// | `redis://user:password@host:6379/0` | one server, and the number of a database |
    /// | `rediss://…` | the same with TLS |
    /// | `redis+cluster://user:password@one:7000,two:7000/` | a Cluster, by some of its servers |
    /// | `rediss+cluster://…` | the same with TLS |
    ///
    /// `valkey` and `valkeys` stand for `redis` and `rediss`. User and password are percent-encoded,
    /// and either may be left out.
    ///
    /// # Errors
    ///
    /// When it is no such URL. The error does not show it.
    pub fn connect(url: &str) -> Result<Self, StoreError> {
        let place = Place::read(url)?;
        let connector = Arc::new(Connector::new(place.login.clone(), place.has_tls));
        Ok(Self {
            servers: Servers::new(&place, Arc::clone(&connector)),
            layout: CacheLayout::lodger(),
            place: Arc::new(place),
            connector,
            deadline: Duration::from_secs(2),
            replicas: None,
            settling: Arc::default(),
        })
    }

    /// How names and values look; default [`CacheLayout::lodger`].
    #[must_use]
    pub fn with_layout(self, layout: CacheLayout) -> Self {
        Self { layout, ..self }
    }

    /// How long a call may take, connecting included; default 2 s.
    ///
    /// A write whose deadline passes after it was sent is `Unknown`.
    #[must_use]
    pub fn with_deadline(self, deadline: Duration) -> Self {
        Self { deadline: bounded(deadline), ..self }
    }

    /// Which certificates to trust with TLS, in the form PEM; default those that this machine trusts.
    ///
    /// # Errors
    ///
    /// When it holds none.
    pub fn with_root_certificates(self, pem: &[u8]) -> Result<Self, StoreError> {
        let connector = Arc::new(self.connector.with_roots(tls::roots(pem)?));
        let servers = Servers::new(&self.place, Arc::clone(&connector));
        Ok(Self { servers, connector, ..self })
    }

    /// Has whatever ends a key, a deletion or a change of key, wait until so many replicas have it, at
    /// most so long; default none.
    ///
    /// A failover then seldom brings back what had ended: a server that is cut off may still lead
    /// for a moment. Fewer replicas than wanted are the error `Unknown`, though the key has ended on
    /// the leader. A deletion may be asked for again; after a change of key neither the old key
    /// nor the new one is live. Each such call takes a connection of its own, which it holds up, and
    /// may take so much longer than the deadline of other calls: the limit `store_call` has to leave
    /// room for both.
    #[must_use]
    pub fn with_replicas_waited_for(self, number: u32, timeout: Duration) -> Self {
        Self { replicas: Some(Replicas { number, timeout: bounded(timeout) }), ..self }
    }

    fn terms(&self, asked: Asked) -> Terms {
        Terms::new(asked, Instant::now() + self.deadline)
    }

    /// How a key is ended.
    fn terms_of_an_end(&self) -> Terms {
        let Terms { asked, until, .. } = self.terms(Asked::Write);
        let until = self.replicas.map_or(until, |replicas| until + replicas.timeout);
        Terms { asked, until, replicas: self.replicas }
    }

    /// Sends one command, once.
    pub(super) async fn ask(
        &self,
        name: &str,
        command: redis::Cmd,
        asked: Asked,
    ) -> Result<Value, StoreError> {
        self.servers.ask(&Question { name, command, terms: self.terms(asked) }).await
    }

    /// Runs a program that writes, once.
    pub(super) async fn write(
        &self,
        program: &Program,
        names: &[&str],
        arguments: &[&[u8]],
    ) -> Result<Verdict, StoreError> {
        self.servers.run(program, names, arguments, self.terms(Asked::Write)).await
    }

    /// Runs a program that ends a key, once, and waits for replicas if so asked.
    pub(super) async fn end(
        &self,
        program: &Program,
        names: &[&str],
        arguments: &[&[u8]],
    ) -> Result<Verdict, StoreError> {
        self.servers.run(program, names, arguments, self.terms_of_an_end()).await
    }

    /// Removes what is under a name, and waits for replicas if so asked.
    pub(super) async fn remove(&self, name: &str) -> Result<bool, StoreError> {
        let mut command = redis::cmd("DEL");
        command.arg(name);
        match self.servers.ask(&Question { name, command, terms: self.terms_of_an_end() }).await? {
            Value::Int(removed) => Ok(removed > 0),
            _ => Err(unexpected(Asked::Write)),
        }
    }

    /// `SET` with a lifetime, only where nothing is if so asked; whether it was done.
    pub(super) async fn set(
        &self,
        name: &str,
        value: &[u8],
        lifetime: &[u8],
        only: Option<&str>,
    ) -> Result<bool, StoreError> {
        let mut command = redis::cmd("SET");
        command.arg(name).arg(value).arg("PX").arg(lifetime).arg(only);
        match self.ask(name, command, Asked::Write).await? {
            Value::Okay => Ok(true),
            Value::Nil => Ok(false),
            _ => Err(unexpected(Asked::Write)),
        }
    }

    /// What is under a name, and until when the server keeps it, in one round trip.
    pub(super) async fn read(
        &self,
        name: &str,
        now: Timestamp,
    ) -> Result<Option<(Vec<u8>, Timestamp)>, StoreError> {
        if self.layout.is_django() {
            let read = self.servers.run(&READ, &[name], &[], self.terms(Asked::Read)).await?;
            return match read {
                Verdict::Other(value, left) => Ok(Some((value, end(left, now)))),
                Verdict::Nothing => Ok(None),
                _ => Err(unexpected(Asked::Read)),
            };
        }
        let mut command = redis::cmd("GET");
        command.arg(name);
        match self.ask(name, command, Asked::Read).await? {
            Value::BulkString(value) => Ok(Some((value, Timestamp::MAX))),
            Value::Nil => Ok(None),
            _ => Err(unexpected(Asked::Read)),
        }
    }
}

/// For a key that no name can be made of; nothing lies under it.
pub(super) fn unnameable() -> StoreError {
    StoreError::unavailable("Redis keeps no session under a key that is so long, or has blanks")
}

impl SessionStore for RedisStore {
    fn has_django_layout(&self) -> bool {
        self.layout.is_django()
    }

    async fn load(&self, key: &StoredKey, now: Timestamp) -> Result<Option<Loaded>, StoreError> {
        let Some(name) = self.layout.name(key) else { return Ok(None) };
        self.settling.settled(&name, self.deadline).await?;
        let found = self.read(&name, now).await?;
        Ok(found.and_then(|(value, end)| self.loaded(key, value, end, now)))
    }

    async fn create(
        &self,
        record: SessionRecord,
        _fields: SessionDict,
        now: Timestamp,
    ) -> Result<Created, StoreError> {
        let SessionRecord { session_key, session_data, expire_date } = record;
        let name = self.layout.name(&session_key).ok_or_else(unnameable)?;
        let value = self.layout.record(expire_date, &session_data);
        let lifetime = millis(time_to_live(expire_date, now));
        Ok(match self.set(&name, &value, &lifetime, Some("NX")).await? {
            true => Created::Created(Some(version(value))),
            false => Created::Taken,
        })
    }

    async fn swap(
        &self,
        key: &StoredKey,
        stated: &Version,
        write: Write,
        now: Timestamp,
    ) -> Result<Swapped, StoreError> {
        let Some(name) = self.layout.name(key) else { return Ok(Swapped::Gone) };
        let Some((held, _)) = self.stated(stated, now) else {
            return Ok(self.load(key, now).await?.map_or(Swapped::Gone, Swapped::Moved));
        };
        let value = self.layout.record(write.expire_date, &write.session_data);
        let lifetime = millis(time_to_live(write.expire_date, now));
        match self.write(&SWAP, &[&name], &[held, &value, &lifetime]).await? {
            Verdict::Done => Ok(Swapped::Swapped(Some(version(value)))),
            other => Ok(self.found(key, other, now)?.map_or(Swapped::Gone, Swapped::Moved)),
        }
    }

    async fn touch(
        &self,
        key: &StoredKey,
        stated: &Version,
        expire_date: Timestamp,
        now: Timestamp,
    ) -> Result<Touched, StoreError> {
        let Some(name) = self.layout.name(key) else { return Ok(Touched::Gone) };
        let Some((held, data)) = self.stated(stated, now) else {
            return Ok(self.load(key, now).await?.map_or(Touched::Gone, Touched::Moved));
        };
        let lifetime = millis(time_to_live(expire_date, now));
        // Where the value says when it ends it is another one afterwards.
        let value = self.layout.record(expire_date, &data);
        let done = if self.layout.is_django() {
            self.write(&TOUCH, &[&name], &[held, &lifetime]).await?
        } else {
            self.write(&SWAP, &[&name], &[held, &value, &lifetime]).await?
        };
        match done {
            Verdict::Done => Ok(Touched::Touched(Some(version(value)))),
            other => Ok(self.found(key, other, now)?.map_or(Touched::Gone, Touched::Moved)),
        }
    }

    async fn cycle(
        &self,
        old: &StoredKey,
        stated: &Version,
        new: &StoredKey,
        write: Write,
        now: Timestamp,
    ) -> Result<Cycled, StoreError> {
        self.change_key(old, stated, new, write, now).await
    }

    async fn delete(&self, key: &StoredKey) -> Result<bool, StoreError> {
        match self.layout.name(key) {
            Some(name) => self.remove(&name).await,
            None => Ok(false),
        }
    }

    async fn clear_expired(
        &self,
        _now: Timestamp,
        _limit: u64,
        _cursor: Option<Cursor>,
    ) -> Result<Swept, StoreError> {
        // The server ends them by itself.
        Ok(Swept { deleted: 0, next: None })
    }
}
