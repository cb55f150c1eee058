//! The entity `lodger_accountsession`.

use std::fmt;

use sea_orm::ActiveValue;
use sea_orm::entity::prelude::*;

use crate::SessionModel;

/// The field under which Django's `login` keeps the user's primary key, as text.
const ACCOUNT_FIELD: &str = "_auth_user_id";

/// A row of `lodger_accountsession`: a session, and whose it is.
///
/// `account_id` is filled at every write from the session's field `_auth_user_id`, and is null when
/// that is absent or no number of 32 bits: a visitor who is not logged in.
///
/// # Security
///
/// `Debug` leaves out the key and the data.
///
/// # Django
///
/// The model of the documentation's chapter on extending database-backed sessions, whose
/// `account_id` is `IntegerField(null=True, db_index=True)`. The table's name is what Django makes
/// of a model `AccountSession` in an app `lodger`: `<app>_<model>`, the model in lower case.
#[sea_orm::model]
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lodger_accountsession")]
pub struct Model {
    /// What identifies the session to its visitor; at most 40 characters.
    #[sea_orm(primary_key, auto_increment = false, column_type = "String(StringLen::N(40))")]
    pub session_key: String,
    /// The encoded data, as the codec wrote them.
    #[sea_orm(column_type = "Text")]
    pub session_data: String,
    /// The instant from which the session no longer exists.
    #[sea_orm(indexed)]
    pub expire_date: DateTimeUtc,
    /// The account that is logged in, if any.
    #[sea_orm(indexed)]
    pub account_id: Option<i32>,
}

impl Model {
    /// The session's key in clear text.
    ///
    /// # Security
    ///
    /// Whoever reads the result is the visitor: never write it to a log.
    ///
    /// # Django
    ///
    /// `str(session)`.
    #[must_use]
    pub fn expose_session_key(&self) -> &str {
        &self.session_key
    }
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccountSession")
            .field("session_key", &"redacted")
            .field("session_data", &"redacted")
            .field("expire_date", &self.expire_date)
            .field("account_id", &self.account_id)
            .finish()
    }
}

impl fmt::Debug for ModelEx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccountSession")
            .field("session_key", &"redacted")
            .field("session_data", &"redacted")
            .field("expire_date", &self.expire_date)
            .field("account_id", &self.account_id)
            .finish()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl SessionModel for Entity {
    fn session_key_column() -> Column {
        Column::SessionKey
    }

    fn session_data_column() -> Column {
        Column::SessionData
    }

    fn expire_date_column() -> Column {
        Column::ExpireDate
    }

    fn fill(model: &mut ActiveModel, fields: &dyn Fn(&str) -> Option<String>) {
        let account_id = fields(ACCOUNT_FIELD).and_then(|text| text.trim().parse().ok());
        // Set even when there is none: a session whose visitor logged out must lose its account.
        model.account_id = ActiveValue::Set(account_id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(fields: &[(&str, &str)]) -> ActiveValue<Option<i32>> {
        let mut model = <ActiveModel as ActiveModelTrait>::default();
        Entity::fill(&mut model, &|name| {
            fields.iter().find(|(field, _)| *field == name).map(|(_, text)| (*text).to_owned())
        });
        model.account_id
    }

    /// Django: CustomDatabaseSessionTests.test_extra_session_field
    #[test]
    fn the_account_comes_from_the_auth_field_and_is_null_without_it() {
        assert_eq!(filled(&[("_auth_user_id", "42")]), ActiveValue::Set(Some(42)));
        assert_eq!(filled(&[("other", "42")]), ActiveValue::Set(None));
    }

    #[test]
    fn what_is_no_number_of_the_columns_width_is_null() {
        for text in ["", "abc", "4.5", "2147483648", "null", "[1]"] {
            assert_eq!(filled(&[("_auth_user_id", text)]), ActiveValue::Set(None), "{text}");
        }
    }

    /// Promise 12
    #[test]
    fn debug_shows_neither_key_nor_data() {
        let row = Model {
            session_key: "2b1189a188b44ad18c35e113ac6ceead".to_owned(),
            session_data: "secret data".to_owned(),
            expire_date: DateTimeUtc::UNIX_EPOCH,
            account_id: Some(7),
        };
        for text in [format!("{row:?}"), format!("{:?}", ModelEx::from(row))] {
            assert!(!text.contains("2b1189a1") && !text.contains("secret"), "{text}");
            assert!(text.contains("account_id: Some(7)"), "{text}");
        }
    }
}
