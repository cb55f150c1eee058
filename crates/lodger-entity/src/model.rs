//! What a user's own table must offer to hold sessions.

use sea_orm::EntityTrait;

/// A SeaORM entity whose rows are sessions.
///
/// The contract:
///
/// 1. the primary key is the one column [`session_key_column`](Self::session_key_column), a text of
///    at least 40 characters that nothing increments;
/// 2. [`session_data_column`](Self::session_data_column) is a text without limit;
/// 3. [`expire_date_column`](Self::expire_date_column) is a `DateTimeUtc`, with an index, since
///    expired rows are looked for by it;
/// 4. every further column is nullable or set by [`fill`](Self::fill), because the store knows the
///    three columns only.
///
/// [`schema::create_table`](crate::schema::create_table) gives the table's definition, and refuses
/// an entity that breaks rule 1.
///
/// # Django
///
/// `AbstractBaseSession`; [`fill`](Self::fill) is the db store's `create_model_instance`.
///
/// ```
/// mod team_session {
///     use lodger_entity::SessionModel;
///     use sea_orm::{ActiveValue, entity::prelude::*};
///
///     #[sea_orm::model]
///     #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
///     #[sea_orm(table_name = "teams_teamsession")]
///     pub struct Model {
///         #[sea_orm(primary_key, auto_increment = false, column_type = "String(StringLen::N(40))")]
///         pub session_key: String,
///         #[sea_orm(column_type = "Text")]
///         pub session_data: String,
///         #[sea_orm(indexed)]
///         pub expire_date: DateTimeUtc,
///         #[sea_orm(indexed, column_type = "String(StringLen::N(64))", nullable)]
///         pub team: Option<String>,
///     }
///
///     impl ActiveModelBehavior for ActiveModel {}
///
///     impl SessionModel for Entity {
///         fn session_key_column() -> Column { Column::SessionKey }
///         fn session_data_column() -> Column { Column::SessionData }
///         fn expire_date_column() -> Column { Column::ExpireDate }
///
///         fn fill(model: &mut ActiveModel, fields: &dyn Fn(&str) -> Option<String>) {
///             model.team = ActiveValue::Set(fields("team"));
///         }
///     }
/// }
///
/// let statements =
///     lodger_entity::schema::create_table::<team_session::Entity>(sea_orm::DbBackend::Sqlite)?;
/// assert!(statements[0].contains(r#""team" varchar(64) NULL"#));
/// # Ok::<(), lodger_entity::schema::SchemaError>(())
/// ```
pub trait SessionModel: EntityTrait {
    /// The column of the session's key.
    fn session_key_column() -> Self::Column;

    /// The column of the encoded data.
    fn session_data_column() -> Self::Column;

    /// The column of the instant from which the session no longer exists.
    fn expire_date_column() -> Self::Column;

    /// Sets the further columns of `model` from the session's decoded fields.
    ///
    /// The store calls it for every row that it is about to write whole, after it has set the three
    /// columns; what it leaves unset is not written. `fields` gives a text field's decoded text, any
    /// other value's JSON text, and `None` for a field that is absent. A model without further
    /// columns leaves it out.
    ///
    /// # Django
    ///
    /// `SessionStore.create_model_instance(data)`.
    fn fill(model: &mut Self::ActiveModel, fields: &dyn Fn(&str) -> Option<String>) {
        // A model of the three columns has nothing to fill.
        let _ = (model, fields);
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::{
        ActiveModelTrait, ActiveValue, ColumnTrait, DbBackend, IdenStatic, Iterable, QueryTrait,
        Value,
        sea_query::{Query, SimpleExpr},
    };

    use super::*;
    use crate::{account_session, session};

    /// What a store does with any model: an INSERT of the values that are set.
    fn insert<M: SessionModel>(account: Option<&str>) -> String {
        let mut model = <M::ActiveModel as ActiveModelTrait>::default();
        model.set(M::session_key_column(), Value::from("abcdefgh"));
        model.set(M::session_data_column(), Value::from("data"));
        M::fill(&mut model, &|name| account.filter(|_| name == "_auth_user_id").map(str::to_owned));
        let mut columns = Vec::new();
        let mut values: Vec<SimpleExpr> = Vec::new();
        for column in M::Column::iter() {
            if let ActiveValue::Set(value) = model.get(column) {
                columns.push(column);
                values.push(value.into());
            }
        }
        let statement = Query::insert()
            .into_table(M::default().table_ref())
            .columns(columns)
            .values_panic(values)
            .take();
        DbBackend::Sqlite.build(&statement).to_string()
    }

    #[test]
    fn generic_code_writes_the_set_columns_of_any_model() {
        assert_eq!(
            insert::<session::Entity>(Some("42")),
            r#"INSERT INTO "django_session" ("session_key", "session_data") VALUES ('abcdefgh', 'data')"#
        );
        assert_eq!(
            insert::<account_session::Entity>(Some("42")),
            r#"INSERT INTO "lodger_accountsession" ("session_key", "session_data", "account_id") VALUES ('abcdefgh', 'data', 42)"#
        );
        assert_eq!(
            insert::<account_session::Entity>(None),
            r#"INSERT INTO "lodger_accountsession" ("session_key", "session_data", "account_id") VALUES ('abcdefgh', 'data', NULL)"#
        );
    }

    #[test]
    fn generic_code_names_table_and_columns() {
        fn names<M: SessionModel>() -> (String, [String; 3]) {
            let columns =
                [M::session_key_column(), M::session_data_column(), M::expire_date_column()];
            let query = M::find().build(DbBackend::Sqlite).to_string();
            assert!(columns.iter().all(|column| query.contains(column.as_str())), "{query}");
            assert!(columns[2].def().get_column_type().is_date_time(), "{query}");
            (M::default().table_name().to_owned(), columns.map(|column| column.as_str().to_owned()))
        }
        trait IsDateTime {
            fn is_date_time(&self) -> bool;
        }
        impl IsDateTime for sea_orm::ColumnType {
            fn is_date_time(&self) -> bool {
                matches!(self, Self::TimestampWithTimeZone)
            }
        }
        let columns = ["session_key", "session_data", "expire_date"].map(str::to_owned);
        assert_eq!(names::<session::Entity>(), ("django_session".to_owned(), columns.clone()));
        assert_eq!(
            names::<account_session::Entity>(),
            ("lodger_accountsession".to_owned(), columns)
        );
    }
}
