//! Whether a session is still there, for a cache in front of the table.

use lodger_core::{StoreError, StoredKey, Timestamp};
use lodger_entity::SessionModel;
use sea_orm::sea_query::{Expr, Query};

use super::DbStore;
use super::failure::{Asked, failure};
use super::row::fits;

impl<M: SessionModel> DbStore<M> {
    /// Whether a live row is under a key.
    pub(crate) async fn is_live(
        &self,
        key: &StoredKey,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        if !fits(key) {
            return Ok(false);
        }
        let select = Query::select()
            .expr(Expr::val(1))
            .from(M::default().table_ref())
            .and_where(self.layout.is_live(key, now))
            .take();
        let row = self.db.query_one(&select).await;
        let row = row.map_err(|error| failure(&error, &self.layout.table(), Asked::Read))?;
        Ok(row.is_some())
    }
}
