//! The store.

use std::sync::Arc;

use lodger_core::{
    Created, Cursor, Cycled, DateStorage, Loaded, SessionData, SessionDict, SessionRecord,
    SessionStore, StoreError, StoredKey, Swapped, Swept, Timestamp, Touched, Version, Write,
};
use lodger_entity::{SessionModel, session};
use sea_orm::sea_query::Query;
use sea_orm::{DatabaseConnection, StatementBuilder};

use super::connect::connect;
use super::direct::Direct;
use super::failure::{Asked, failure, is_lost_race};
use super::given_up::{GivenUp, Watched};
use super::row::{Layout, fits, require_fit};
use super::statements::{Content, Load, Replaced, Statements, Swap};

/// How often a deletion is repeated that was undone by others.
const DELETE_ATTEMPTS: usize = 5;

/// Sessions in a table, Django's `django_session` unless a model of your own is named.
///
/// # Security
///
/// The rows hold the keys as they are, as Django's do: who can read the table can take over every
/// live session.
///
/// # Django
///
/// The `db` engine. A model of your own is [`SessionModel`], Django's `AbstractBaseSession`.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use lodger_backends::db::DbStore;
///
/// let store = DbStore::connect("postgres://user:password@localhost/site").await?;
/// // or with a model of your own:
/// let store = store.with_model::<lodger_entity::account_session::Entity>();
/// // or over a connection there is already:
/// let store = DbStore::new(store.connection().clone());
/// # Ok(())
/// # }
/// ```
pub struct DbStore<M: SessionModel = session::Entity> {
    pub(super) db: Watched,
    pub(super) layout: Arc<Layout<M>>,
    statements: Direct<M>,
}

impl DbStore {
    /// Over a connection there is already, in the table `django_session`.
    #[must_use]
    pub fn new(db: DatabaseConnection) -> Self {
        Self::for_model(db)
    }

    /// Connects, without a ping before each query and without logging statements, which would show
    /// keys.
    ///
    /// A SQLite file is switched to write-ahead logging, which stays with the file; other programs,
    /// Django too, go on to work with it.
    ///
    /// # Errors
    ///
    /// When the URL is none, or the database cannot be reached. The error does not show the URL.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        Ok(Self::over(connect(url).await?, DateStorage::Utc))
    }

    /// Over a connection there is already, in the table of another model.
    #[must_use]
    pub fn for_model<M: SessionModel>(db: DatabaseConnection) -> DbStore<M> {
        DbStore::over(Watched::new(db, GivenUp::default()), DateStorage::Utc)
    }
}

impl<M: SessionModel> DbStore<M> {
    /// With dates as a sharing Django writes them; default UTC. Give the settings the same.
    ///
    /// On SQLite and MySQL local dates are compared as they stand on the clock, so that in the hour
    /// which the clock shows twice a session may end up to an hour early or late; Django has the same
    /// limit.
    ///
    /// # Django
    ///
    /// `USE_TZ` and `TIME_ZONE`.
    #[must_use]
    pub fn with_date_storage(self, storage: DateStorage) -> Self {
        Self::over(self.db, storage)
    }

    /// On the same connection, in the table of another model.
    #[must_use]
    pub fn with_model<N: SessionModel>(self) -> DbStore<N> {
        DbStore::over(self.db, self.layout.storage.clone())
    }

    /// The connection.
    #[must_use]
    pub fn connection(&self) -> &DatabaseConnection {
        &self.db.db
    }

    fn over(db: Watched, storage: DateStorage) -> Self {
        let layout = Arc::new(Layout::new(db.db.get_database_backend(), storage));
        let statements = Direct { db: db.clone(), layout: Arc::clone(&layout) };
        Self { db, layout, statements }
    }

    /// How many rows a statement changed; `None` if it was undone because another one was faster.
    async fn execute(&self, statement: &impl StatementBuilder) -> Result<Option<u64>, StoreError> {
        match self.db.execute(statement).await {
            Ok(done) => Ok(Some(done.rows_affected())),
            Err(error) if is_lost_race(&error) => Ok(None),
            Err(error) => Err(failure(&error, &self.layout.table(), Asked::Write)),
        }
    }

    /// How many rows a deletion removed. One that was undone is repeated: it takes nothing away from
    /// whoever was faster.
    async fn remove(&self, delete: &impl StatementBuilder) -> Result<u64, StoreError> {
        for _ in 0..DELETE_ATTEMPTS {
            if let Some(rows) = self.execute(delete).await? {
                return Ok(rows);
            }
        }
        Err(StoreError::unavailable("others kept the rows from being deleted"))
    }

    /// After a write that matched no row: what is there?
    async fn found_instead(
        &self,
        key: &StoredKey,
        now: Timestamp,
    ) -> Result<Option<Loaded>, StoreError> {
        SessionStore::load(self, key, now).await
    }

    async fn replace(
        &self,
        key: &StoredKey,
        version: &Version,
        new: &StoredKey,
        write: Write,
        now: Timestamp,
    ) -> Result<Replaced, StoreError> {
        let Some(version) = stated(version) else { return Ok(Replaced::Unmatched) };
        require_fit(new)?;
        let content = Content {
            key: new.clone(),
            session_data: text(&write.session_data)?.to_owned(),
            expire_date: write.expire_date,
            fields: write.fields,
        };
        let swap = Swap { key: key.clone(), version: version.to_owned(), content, now };
        only(self.statements.swap_many(vec![swap]).await)
    }
}

/// The text that a version stands for; `None` for another store's version.
fn stated(version: &Version) -> Option<&str> {
    version.data().and_then(SessionData::as_text)
}

fn text(data: &SessionData) -> Result<&str, StoreError> {
    data.as_text()
        .ok_or_else(|| StoreError::unavailable("the table holds text only: use another codec"))
}

/// The one answer to one question.
fn only<T>(answers: Vec<Result<T, StoreError>>) -> Result<T, StoreError> {
    answers.into_iter().next().expect("each question is answered")
}

impl<M: SessionModel> SessionStore for DbStore<M> {
    async fn load(&self, key: &StoredKey, now: Timestamp) -> Result<Option<Loaded>, StoreError> {
        if !fits(key) {
            return Ok(None);
        }
        let found = only(self.statements.load_many(vec![Load { key: key.clone(), now }]).await)?;
        Ok(found.map(|found| {
            let session_data = SessionData::from_text(found.session_data);
            Loaded {
                version: Some(Version::from_data(session_data.clone())),
                record: SessionRecord {
                    session_key: key.clone(),
                    session_data,
                    expire_date: found.expire_date,
                },
                decoded: None,
            }
        }))
    }

    async fn create(
        &self,
        record: SessionRecord,
        fields: SessionDict,
        _now: Timestamp,
    ) -> Result<Created, StoreError> {
        let SessionRecord { session_key: key, session_data, expire_date } = record;
        require_fit(&key)?;
        let row =
            Content { key, session_data: text(&session_data)?.to_owned(), expire_date, fields };
        Ok(match only(self.statements.create_many(vec![row]).await)? {
            true => Created::Created(Some(Version::from_data(session_data))),
            false => Created::Taken,
        })
    }

    async fn swap(
        &self,
        key: &StoredKey,
        version: &Version,
        write: Write,
        now: Timestamp,
    ) -> Result<Swapped, StoreError> {
        if !fits(key) {
            return Ok(Swapped::Gone);
        }
        let session_data = write.session_data.clone();
        if self.replace(key, version, key, write, now).await? == Replaced::Done {
            return Ok(Swapped::Swapped(Some(Version::from_data(session_data))));
        }
        Ok(self.found_instead(key, now).await?.map_or(Swapped::Gone, Swapped::Moved))
    }

    async fn touch(
        &self,
        key: &StoredKey,
        version: &Version,
        expire_date: Timestamp,
        now: Timestamp,
    ) -> Result<Touched, StoreError> {
        if !fits(key) {
            return Ok(Touched::Gone);
        }
        if let Some(data) = stated(version) {
            let update = Query::update()
                .table(M::default().table_ref())
                .value(M::expire_date_column(), self.layout.date(expire_date))
                .and_where(self.layout.is_version(key, data, now))
                .take();
            if self.execute(&update).await? == Some(1) {
                return Ok(Touched::Touched(Some(version.clone())));
            }
        }
        Ok(self.found_instead(key, now).await?.map_or(Touched::Gone, Touched::Moved))
    }

    async fn cycle(
        &self,
        old: &StoredKey,
        version: &Version,
        new: &StoredKey,
        write: Write,
        now: Timestamp,
    ) -> Result<Cycled, StoreError> {
        if !fits(old) {
            return Ok(Cycled::Gone);
        }
        let session_data = write.session_data.clone();
        match self.replace(old, version, new, write, now).await? {
            Replaced::Done => return Ok(Cycled::Cycled(Some(Version::from_data(session_data)))),
            Replaced::Taken => return Ok(Cycled::Taken),
            Replaced::Unmatched => {}
        }
        Ok(self.found_instead(old, now).await?.map_or(Cycled::Gone, Cycled::Moved))
    }

    async fn delete(&self, key: &StoredKey) -> Result<bool, StoreError> {
        if !fits(key) {
            return Ok(false);
        }
        let delete = Query::delete()
            .from_table(M::default().table_ref())
            .and_where(self.layout.has_key(key))
            .take();
        Ok(self.remove(&delete).await? > 0)
    }

    async fn clear_expired(
        &self,
        now: Timestamp,
        limit: u64,
        _cursor: Option<Cursor>,
    ) -> Result<Swept, StoreError> {
        let deleted = self.remove(&self.layout.sweep(now, limit)).await?;
        // The oldest go first, so every batch begins at the same end of the index.
        let next = (deleted >= limit.max(1)).then(|| Cursor::new("expired"));
        Ok(Swept { deleted, next })
    }
}
