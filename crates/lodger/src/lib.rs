#![doc = include_str!("docs/guide.md")]

pub use lodger_codec::{DjangoCodec, EmptySecretKey, Formats, KeyRing};
pub use lodger_core::{
    CommitError, DateStorage, EditError, Expiry, FieldError, InvalidSessionKey, JsonText, Limits,
    LoadError, OnInterrupted, OnUndecodable, SameSite, SessionDict, SessionInterrupted, SessionKey,
    Settings, SettingsError, Span, StoreError, Timestamp,
};
pub use lodger_manager::{ManagerBuilder, SessionManager};

pub use lodger_codec as codec;
pub use lodger_core as core;
pub use lodger_http as http;
pub use lodger_manager as manager;

#[cfg(feature = "db")]
pub use lodger_backends::db;
#[cfg(feature = "memory")]
pub use lodger_backends::memory;
#[cfg(feature = "db")]
pub use lodger_entity as entity;
#[cfg(feature = "tower")]
pub use lodger_tower as tower;

#[cfg(feature = "axum")]
pub mod axum;

#[cfg(all(doctest, feature = "axum", feature = "memory"))]
mod readme;
