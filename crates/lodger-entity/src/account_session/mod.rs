//! A model with one column more than Django's: the account that is logged in.
//!
//! It shows how a [`SessionModel`](crate::SessionModel) of your own is made, and is ready for use
//! where "all sessions of this account" must be one indexed query.

mod entity;

pub use entity::{
    ActiveModel, ActiveModelEx, Column, Entity, Model, ModelEx, PrimaryKey, Relation,
};
