//! What Django would not write is refused, with the column's name.

use lodger_entity::{SessionModel, schema::TableSchema};

/// An entity of the three columns, with a change.
macro_rules! entity {
    ($module:ident, $key:literal, [$($attribute:tt)*] $field:ident: $type:ty) => {
        #[expect(unreachable_pub, reason = "the entity's generated items must be as visible")]
        mod $module {
            use lodger_entity::SessionModel;
            use sea_orm::entity::prelude::*;

            #[sea_orm::model]
            #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
            #[sea_orm(table_name = "odd")]
            pub struct Model {
                #[sea_orm(primary_key, auto_increment = false, column_type = $key)]
                pub session_key: String,
                #[sea_orm(column_type = "Text")]
                pub session_data: String,
                pub expire_date: DateTimeUtc,
                #[sea_orm($($attribute)*)]
                pub $field: $type,
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
        }
    };
}

entity!(unlimited, "String(StringLen::None)", [indexed] more: i32);
entity!(short_key, "String(StringLen::N(39))", [indexed] more: i32);
entity!(number_key, "BigInteger", [indexed] more: i32);
entity!(bytes_key, "Blob", [indexed] more: i32);
entity!(fixed_key, "Char(Some(40))", [indexed] more: i32);
entity!(long_key, "String(StringLen::N(41))", [indexed] more: i32);
entity!(text_key, "Text", [indexed] more: i32);
entity!(unsigned, "String(StringLen::N(40))", [indexed] more: u32);
entity!(with_default, "String(StringLen::N(40))", [default_value = 1] more: i32);
entity!(with_extra, "String(StringLen::N(40))", [extra = "CHECK (more > 0)"] more: i32);
entity!(
    two_keys,
    "String(StringLen::N(40))",
    [primary_key, auto_increment = false] more: i32
);

fn message<M: SessionModel>() -> String {
    TableSchema::of::<M>().unwrap_err().to_string()
}

#[test]
fn what_django_would_not_write_is_refused_with_the_columns_name() {
    assert!(message::<unlimited::Entity>().contains("session_key of odd: String"));
    assert!(message::<unsigned::Entity>().contains("use a signed number"));
    assert!(message::<with_default::Entity>().contains("more of odd: a default"));
    assert!(message::<with_extra::Entity>().contains("more of odd: extra SQL"));
    assert!(message::<two_keys::Entity>().contains("the session key alone"));
}

#[test]
fn a_key_that_does_not_hold_a_session_key_is_refused() {
    let refused = "session_key of odd: a session key needs a text of at least 40 characters";
    assert!(message::<short_key::Entity>().contains(refused));
    assert!(message::<number_key::Entity>().contains(refused));
    assert!(message::<bytes_key::Entity>().contains(refused));
    assert!(message::<fixed_key::Entity>().contains("session_key of odd: Char"));
}

#[test]
fn a_key_that_holds_more_than_a_session_key_is_not_refused() {
    assert!(TableSchema::of::<long_key::Entity>().is_ok());
    assert!(TableSchema::of::<text_key::Entity>().is_ok());
}
