//! Each statement by itself.

use std::sync::Arc;

use lodger_core::{StoreError, StoredKey};
use lodger_entity::SessionModel;
use sea_orm::sea_query::{OnConflict, Query};
use sea_orm::{DbBackend, IdenStatic, SqlErr};

use super::failure::{Asked, failure, is_broken, is_lost_race};
use super::given_up::Watched;
use super::row::Layout;
use super::statements::{Content, Found, Load, Replaced, Statements, Swap};

/// Asks the database for each thing in a statement of its own.
pub(super) struct Direct<M> {
    pub(super) db: Watched,
    pub(super) layout: Arc<Layout<M>>,
}

impl<M: SessionModel> Direct<M> {
    fn read_failure(&self, error: &sea_orm::DbErr) -> StoreError {
        failure(error, &self.layout.table(), Asked::Read)
    }

    fn write_failure(&self, error: &sea_orm::DbErr) -> StoreError {
        failure(error, &self.layout.table(), Asked::Write)
    }

    async fn load(&self, load: Load) -> Result<Option<Found>, StoreError> {
        let layout = &self.layout;
        let (data, date) = (M::session_data_column(), M::expire_date_column());
        let select = Query::select()
            .columns([data, date])
            .from(M::default().table_ref())
            .and_where(layout.is_live(&load.key, load.now))
            .take();
        let row = match self.db.query_one(&select).await {
            // Reading again does no harm, and the next connection may be a whole one.
            Err(error) if is_broken(&error) => self.db.query_one(&select).await,
            result => result,
        };
        let row = row.map_err(|error| self.read_failure(&error))?;
        row.map(|row| {
            Ok(Found {
                session_data: row.try_get("", data.as_str())?,
                expire_date: super::date::read(
                    &row,
                    date.as_str(),
                    layout.backend,
                    &layout.storage,
                )?,
            })
        })
        .transpose()
        .map_err(|error| self.read_failure(&error))
    }

    async fn create(&self, row: Content) -> Result<bool, StoreError> {
        let mut columns = self.layout.columns(&row.session_data, row.expire_date, &row.fields);
        columns.push((M::session_key_column(), row.key.expose().into()));
        let (columns, values): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
        let mut insert = Query::insert()
            .into_table(M::default().table_ref())
            .columns(columns)
            .values_panic(values)
            .take();
        // A plain INSERT that fails would end a transaction on PostgreSQL; on MySQL there is no other.
        if self.layout.backend != DbBackend::MySql {
            insert.on_conflict(OnConflict::column(M::session_key_column()).do_nothing().to_owned());
        }
        match self.db.execute(&insert).await {
            Ok(done) => Ok(done.rows_affected() == 1),
            Err(error) if self.is_taken(&error, &row.key).await? => Ok(false),
            Err(error) => Err(self.write_failure(&error)),
        }
    }

    async fn swap(&self, swap: Swap) -> Result<Replaced, StoreError> {
        let Swap { key, version, content, now } = swap;
        let mut columns =
            self.layout.columns(&content.session_data, content.expire_date, &content.fields);
        if content.key != key {
            columns.push((M::session_key_column(), content.key.expose().into()));
        }
        let update = Query::update()
            .table(M::default().table_ref())
            .values(columns)
            .and_where(self.layout.is_version(&key, &version, now))
            .take();
        match self.db.execute(&update).await {
            Ok(done) if done.rows_affected() == 1 => Ok(Replaced::Done),
            Ok(_) => Ok(Replaced::Unmatched),
            Err(error) if is_lost_race(&error) => Ok(Replaced::Unmatched),
            Err(error) if self.is_taken(&error, &content.key).await? => Ok(Replaced::Taken),
            Err(error) => Err(self.write_failure(&error)),
        }
    }

    /// Whether a statement failed because this key is in use, and not on some other unique column
    /// that a model may have.
    async fn is_taken(&self, error: &sea_orm::DbErr, key: &StoredKey) -> Result<bool, StoreError> {
        if !matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) {
            return Ok(false);
        }
        let select = Query::select()
            .column(M::session_key_column())
            .from(M::default().table_ref())
            .and_where(self.layout.has_key(key))
            .take();
        let row = self.db.query_one(&select).await.map_err(|error| self.read_failure(&error))?;
        Ok(row.is_some())
    }
}

impl<M: SessionModel> Statements for Direct<M> {
    async fn load_many(&self, loads: Vec<Load>) -> Vec<Result<Option<Found>, StoreError>> {
        let mut found = Vec::with_capacity(loads.len());
        for load in loads {
            found.push(self.load(load).await);
        }
        found
    }

    async fn create_many(&self, rows: Vec<Content>) -> Vec<Result<bool, StoreError>> {
        let mut created = Vec::with_capacity(rows.len());
        for row in rows {
            created.push(self.create(row).await);
        }
        created
    }

    async fn swap_many(&self, swaps: Vec<Swap>) -> Vec<Result<Replaced, StoreError>> {
        let mut replaced = Vec::with_capacity(swaps.len());
        for swap in swaps {
            replaced.push(self.swap(swap).await);
        }
        replaced
    }
}
