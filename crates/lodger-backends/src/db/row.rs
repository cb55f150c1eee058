//! A row of any session model, built without SeaORM's own saving.

use lodger_core::{DateStorage, SessionDict, StoreError, StoredKey, Timestamp};
use lodger_entity::SessionModel;
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{ActiveModelTrait, ActiveValue, ColumnTrait, DbBackend, IdenStatic, Iterable, Value};

/// The longest key the column holds, in characters.
const MAX_KEY: usize = 40;

/// How rows of a model are written on a database.
pub(super) struct Layout<M> {
    pub(super) backend: DbBackend,
    pub(super) storage: DateStorage,
    model: std::marker::PhantomData<fn() -> M>,
}

impl<M: SessionModel> Layout<M> {
    pub(super) fn new(backend: DbBackend, storage: DateStorage) -> Self {
        Self { backend, storage, model: std::marker::PhantomData }
    }

    pub(super) fn table(&self) -> String {
        M::default().table_name().to_owned()
    }

    pub(super) fn date(&self, at: Timestamp) -> Value {
        super::date::bind(at, self.backend, &self.storage)
    }

    /// The row's columns but for its key, with their values: the data, the date, and what the model
    /// fills from the fields.
    pub(super) fn columns(
        &self,
        session_data: &str,
        expire_date: Timestamp,
        fields: &SessionDict,
    ) -> Vec<(M::Column, SimpleExpr)> {
        let text = |name: &str| {
            let value = fields.get_json(name)?;
            Some(value.decode().unwrap_or_else(|_| value.as_str().to_owned()))
        };
        let mut model = <M::ActiveModel as ActiveModelTrait>::default();
        M::fill(&mut model, &text);
        let ours = [M::session_key_column(), M::session_data_column(), M::expire_date_column()];
        let mut columns = vec![
            (M::session_data_column(), Expr::val(session_data)),
            (M::expire_date_column(), Expr::val(self.date(expire_date))),
        ];
        for column in M::Column::iter() {
            if ours.iter().any(|own| own.as_str() == column.as_str()) {
                continue;
            }
            if let ActiveValue::Set(value) | ActiveValue::Unchanged(value) = model.get(column) {
                columns.push((column, column.save_as(Expr::val(value))));
            }
        }
        columns
    }

    /// The row with exactly this key. MySQL's default collation ignores case and blanks at the end,
    /// so the bytes are compared as well; the first comparison finds the row by its index.
    pub(super) fn has_key(&self, key: &StoredKey) -> SimpleExpr {
        let column = M::session_key_column();
        let found = Expr::col(column).eq(key.expose());
        match self.backend {
            DbBackend::MySql => found.and(bytes_equal(column, key.expose())),
            _ => found,
        }
    }

    /// The live row with exactly this key.
    pub(super) fn is_live(&self, key: &StoredKey, now: Timestamp) -> SimpleExpr {
        self.has_key(key).and(Expr::col(M::expire_date_column()).gt(self.date(now)))
    }

    /// The live row with exactly this key and exactly these data.
    pub(super) fn is_version(&self, key: &StoredKey, data: &str, now: Timestamp) -> SimpleExpr {
        let column = M::session_data_column();
        let same = match self.backend {
            DbBackend::MySql => bytes_equal(column, data),
            _ => Expr::col(column).eq(data),
        };
        self.is_live(key, now).and(same)
    }
}

fn bytes_equal<C: ColumnTrait>(column: C, text: &str) -> SimpleExpr {
    Expr::cust_with_exprs("BINARY ? = ?", [Expr::col(column), Expr::val(text)])
}

/// Whether the column can hold this key; one that it cannot is nobody's, and no query is needed. All
/// keys that Django or Lodger make are ASCII, and a table in another character set than the
/// connection's answers anything else with an error.
pub(super) fn fits(key: &StoredKey) -> bool {
    let text = key.expose();
    text.len() <= MAX_KEY && text.bytes().all(|byte| matches!(byte, 1..=0x7F))
}

/// Refuses to write under a key that the column cannot hold.
pub(super) fn require_fit(key: &StoredKey) -> Result<(), StoreError> {
    if fits(key) {
        Ok(())
    } else {
        Err(StoreError::unavailable(format!(
            "the table holds keys of at most {MAX_KEY} ASCII characters"
        )))
    }
}
