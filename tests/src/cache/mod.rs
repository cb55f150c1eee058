//! Caches in front of a database.

mod fixture;
mod moody_cache;

pub use fixture::{CachedDbFixture, over_cached_db};
pub use moody_cache::{Mood, MoodyCache};
