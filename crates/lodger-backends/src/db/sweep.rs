//! Removing expired rows in bounded batches.

use lodger_core::Timestamp;
use lodger_entity::SessionModel;
use sea_orm::DbBackend;
use sea_orm::sea_query::{
    DeleteStatement, Expr, ExprTrait, LockBehavior, LockType, Order, Query, SelectStatement,
};

use super::row::Layout;

impl<M: SessionModel> Layout<M> {
    /// The statement that removes up to `limit` rows that ended before `now`, the oldest first.
    ///
    /// On PostgreSQL rows that a request is just writing are passed over: nobody waits.
    pub(super) fn sweep(&self, now: Timestamp, limit: u64) -> DeleteStatement {
        let date = M::expire_date_column();
        let expired = Expr::col(date).lt(self.date(now));
        let mut delete = Query::delete().from_table(M::default().table_ref()).take();
        let oldest = |row: &'static str| {
            Query::select()
                .expr(Expr::cust(row))
                .from(M::default().table_ref())
                .and_where(expired.clone())
                .order_by(date, Order::Asc)
                .limit(limit)
                .take()
        };
        match self.backend {
            DbBackend::MySql => {
                delete.and_where(expired).order_by(date, Order::Asc).limit(limit).take()
            }
            DbBackend::Postgres => {
                let mut rows: SelectStatement = oldest("ctid");
                rows.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
                let array = Expr::cust_with_exprs(
                    "ctid = ANY(ARRAY($1))",
                    [Expr::SubQuery(None, Box::new(rows.into()))],
                );
                delete.and_where(array).take()
            }
            _ => delete.and_where(Expr::cust("rowid").in_subquery(oldest("rowid"))).take(),
        }
    }
}
