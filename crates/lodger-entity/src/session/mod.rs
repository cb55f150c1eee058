//! Django's own table, `django_session`: the model every store uses unless told otherwise.

mod entity;

pub use entity::{
    ActiveModel, ActiveModelEx, Column, Entity, Model, ModelEx, PrimaryKey, Relation,
};
