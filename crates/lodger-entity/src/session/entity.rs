//! The entity `django_session`.

use std::fmt;

use sea_orm::entity::prelude::*;

use crate::SessionModel;

/// A row of `django_session`: one session as it is stored.
///
/// The columns carry no comment: a comment would reach MySQL's table definition, which would then
/// differ from Django's. What people call the columns is found in `verbose_name`.
///
/// # Security
///
/// `Debug` shows `expire_date` alone, since the key is a secret and the data may hold others.
///
/// # Django
///
/// `django.contrib.sessions.models.Session`. The model's text form (`__str__`) is no `Display`
/// here, because it is the key: ask for it by name, [`Model::expose_session_key`].
///
/// ```
/// use lodger_entity::session::Model;
/// use sea_orm::prelude::DateTimeUtc;
///
/// let row = Model {
///     session_key: "2b1189a188b44ad18c35e113ac6ceead".to_owned(),
///     session_data: "gA:1s:signature".to_owned(),
///     expire_date: DateTimeUtc::UNIX_EPOCH,
/// };
/// assert!(!format!("{row:?}").contains("2b1189a1"));
/// assert_eq!(row.expose_session_key(), "2b1189a188b44ad18c35e113ac6ceead");
/// ```
#[sea_orm::model]
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "django_session")]
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
        f.debug_struct("Session")
            .field("session_key", &"redacted")
            .field("session_data", &"redacted")
            .field("expire_date", &self.expire_date)
            .finish()
    }
}

impl fmt::Debug for ModelEx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("session_key", &"redacted")
            .field("session_data", &"redacted")
            .field("expire_date", &self.expire_date)
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
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "2b1189a188b44ad18c35e113ac6ceead";

    fn row() -> Model {
        Model {
            session_key: KEY.to_owned(),
            session_data: "secret data".to_owned(),
            expire_date: DateTimeUtc::UNIX_EPOCH,
        }
    }

    /// Promise 12
    #[test]
    fn debug_shows_neither_key_nor_data() {
        for text in [format!("{:?}", row()), format!("{:#?}", ModelEx::from(row()))] {
            assert!(!text.contains(KEY), "{text}");
            assert!(!text.contains("secret"), "{text}");
            assert!(text.contains("1970-01-01"), "{text}");
        }
    }

    /// Django: DatabaseSessionTests.test_session_str
    #[test]
    fn the_text_of_the_model_is_its_key_when_asked_for_by_name() {
        assert_eq!(row().expose_session_key(), KEY);
    }
}
