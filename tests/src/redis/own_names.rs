//! A store whose names are all of one test.

use anyhow::{Context, Result};
use lodger_backends::redis::RedisStore;
use lodger_core::{
    Created, Cursor, Cycled, Loaded, SessionDict, SessionRecord, SessionStore, StoreError,
    StoredKey, Swapped, Swept, Timestamp, Touched, Version, Write,
};
use redis::aio::MultiplexedConnection;

use super::admin;

/// A store, and what all of its names begin with.
#[derive(Clone)]
pub struct OwnNames {
    pub(super) store: RedisStore,
    pub(super) url: String,
    pub(super) prefix: String,
}

impl OwnNames {
    /// Removes all that lies under its names, and gives the number.
    ///
    /// # Errors
    ///
    /// When a server is not there.
    pub async fn remove_all(&self) -> Result<u64> {
        let mut removed = 0;
        for node in nodes(&self.url) {
            removed += self.remove_from(&node).await.context("a node of the shared servers")?;
        }
        Ok(removed)
    }

    /// All that lies under its names, names and values.
    ///
    /// # Errors
    ///
    /// When a server is not there.
    pub async fn everything(&self) -> Result<String> {
        let mut all = String::new();
        for node in nodes(&self.url) {
            let mut redis = admin(&node).await?;
            for name in self.names_on(&mut redis).await? {
                // On a replica this fails; its leader is asked, too.
                let value = redis::cmd("GET").arg(&name).query_async(&mut redis).await;
                let value: Vec<u8> = value.unwrap_or_default();
                all += &String::from_utf8_lossy(&[name, value].concat());
            }
        }
        Ok(all)
    }

    async fn remove_from(&self, node: &str) -> Result<u64> {
        let mut redis = admin(node).await?;
        let mut removed = 0;
        for name in self.names_on(&mut redis).await? {
            // On a replica this fails; its leader is asked, too.
            let unlinked = redis::cmd("UNLINK").arg(name).query_async(&mut redis).await;
            removed += unlinked.unwrap_or(0_u64);
        }
        Ok(removed)
    }

    async fn names_on(&self, redis: &mut MultiplexedConnection) -> Result<Vec<Vec<u8>>> {
        let (mut cursor, mut names) = (0_u64, Vec::new());
        loop {
            let mut scan = redis::cmd("SCAN");
            scan.arg(cursor).arg("MATCH").arg(format!("{}*", self.prefix)).arg("COUNT").arg(1000);
            let more: Vec<Vec<u8>>;
            (cursor, more) = scan.query_async(redis).await?;
            names.extend(more);
            if cursor == 0 {
                return Ok(names);
            }
        }
    }
}

/// The URLs of all nodes that a URL names.
fn nodes(url: &str) -> Vec<String> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest).trim_end_matches('/');
    let (user, hosts) = rest.rsplit_once('@').unwrap_or(("", rest));
    let url = |host| match user {
        "" => format!("redis://{host}/"),
        user => format!("redis://{user}@{host}/"),
    };
    hosts.split(',').map(url).collect()
}

/// Everything is the store's.
impl SessionStore for OwnNames {
    fn has_django_layout(&self) -> bool {
        self.store.has_django_layout()
    }

    async fn load(&self, key: &StoredKey, now: Timestamp) -> Result<Option<Loaded>, StoreError> {
        self.store.load(key, now).await
    }

    async fn create(
        &self,
        record: SessionRecord,
        fields: SessionDict,
        now: Timestamp,
    ) -> Result<Created, StoreError> {
        self.store.create(record, fields, now).await
    }

    async fn swap(
        &self,
        key: &StoredKey,
        version: &Version,
        write: Write,
        now: Timestamp,
    ) -> Result<Swapped, StoreError> {
        SessionStore::swap(&self.store, key, version, write, now).await
    }

    async fn touch(
        &self,
        key: &StoredKey,
        version: &Version,
        expire_date: Timestamp,
        now: Timestamp,
    ) -> Result<Touched, StoreError> {
        self.store.touch(key, version, expire_date, now).await
    }

    async fn cycle(
        &self,
        old: &StoredKey,
        version: &Version,
        new: &StoredKey,
        write: Write,
        now: Timestamp,
    ) -> Result<Cycled, StoreError> {
        self.store.cycle(old, version, new, write, now).await
    }

    async fn delete(&self, key: &StoredKey) -> Result<bool, StoreError> {
        self.store.delete(key).await
    }

    async fn clear_expired(
        &self,
        now: Timestamp,
        limit: u64,
        cursor: Option<Cursor>,
    ) -> Result<Swept, StoreError> {
        self.store.clear_expired(now, limit, cursor).await
    }
}
