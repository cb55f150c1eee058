#![doc = include_str!("docs/guide.md")]

pub use lodger_codec::{DjangoCodec, EmptySecretKey, Formats, KeyRing, PickleCodec};
pub use lodger_core::{
    CommitError, DateStorage, EditError, Expiry, FieldError, InvalidSessionKey, JsonText,
    KeyStorage, Limits, LoadError, OnConflict, OnInterrupted, OnUndecodable, SameSite,
    SecurityLevel, SessionConflict, SessionDict, SessionInterrupted, SessionKey, Settings,
    SettingsError, Span, StoreError, Timestamp,
};
pub use lodger_manager::{ManagerBuilder, SessionManager};

pub use lodger_codec as codec;
pub use lodger_core as core;
pub use lodger_http as http;
pub use lodger_manager as manager;

#[cfg(any(feature = "redis", feature = "memcached"))]
pub use lodger_backends::cache_layout;
#[cfg(feature = "cached_db")]
pub use lodger_backends::cached_db;
#[cfg(feature = "db")]
pub use lodger_backends::db;
#[cfg(feature = "file")]
pub use lodger_backends::file;
#[cfg(feature = "memcached")]
pub use lodger_backends::memcached;
#[cfg(feature = "memory")]
pub use lodger_backends::memory;
#[cfg(feature = "redis")]
pub use lodger_backends::redis;
#[cfg(feature = "signed_cookies")]
pub use lodger_backends::signed_cookies;
#[cfg(feature = "db")]
pub use lodger_entity as entity;
#[cfg(feature = "tower")]
pub use lodger_tower as tower;

#[cfg(feature = "axum")]
pub mod axum;

#[cfg(all(doctest, feature = "axum", feature = "memory"))]
mod readme;
