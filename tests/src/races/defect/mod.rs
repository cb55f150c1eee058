//! Seeded defects: what the checker must find, or it is broken.
//!
//! Each is a store, a cache, an engine or a site that does one thing wrong and all else as the real one
//! behind it. They live in this package, which is not published.

mod cache;
mod engine;
mod few_keys;
mod flawed_store;
mod hunt;
mod past;
mod site;

pub use hunt::{Caught, Hunt};

use std::fmt;

use lodger_testing::history::Code;

/// One thing that is done wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defect {
    /// A save writes whatever is there, and makes what is not.
    BlindUpsert,
    /// A swap does not look at the version.
    SwapIgnoresVersion,
    /// A touch of what is gone brings it back as it was loaded.
    TouchUpserts,
    /// A swap that finds nothing is acknowledged.
    GoneAcknowledged,
    /// A save is now and then acknowledged and dropped.
    SaveDropped,
    /// A save now and then fails as surely not done, and was done.
    FailedApplied,
    /// A creation takes a key that is in use.
    CreateOverwrites,
    /// A creation is now and then acknowledged and dropped.
    CreateDropped,
    /// A change of key leaves the old one alive.
    CycleLeavesOld,
    /// A change of key hands out a new one under which nothing is.
    CycleHandsOutDead,
    /// A change of key succeeds though another has won.
    CycleWinsTwice,
    /// A deletion is acknowledged before it is done.
    RevokeEarly,
    /// What has expired is loaded.
    ExpiredLoaded,
    /// A save moves the deadline that a session was told.
    DeadlineIgnored,
    /// A load that failed now and then says that there is nothing.
    ErrorAsAbsent,
    /// A load now and then gives another session's data.
    CrossTalk,
    /// A load is answered by a replica that is behind.
    StaleReplica,
    /// A deletion does not reach the cache in front of a database.
    DeleteForgetsCache,
    /// A cache is filled without a lease.
    FillWithoutLease,
    /// A write that may have been applied is now and then sent again.
    WriteResent,
    /// The response of a request that lost sets the cookie.
    LoserSetsCookie,
}

impl Defect {
    /// All of them.
    pub const ALL: [Self; 21] = [
        Self::BlindUpsert,
        Self::SwapIgnoresVersion,
        Self::TouchUpserts,
        Self::GoneAcknowledged,
        Self::SaveDropped,
        Self::FailedApplied,
        Self::CreateOverwrites,
        Self::CreateDropped,
        Self::CycleLeavesOld,
        Self::CycleHandsOutDead,
        Self::CycleWinsTwice,
        Self::RevokeEarly,
        Self::ExpiredLoaded,
        Self::DeadlineIgnored,
        Self::ErrorAsAbsent,
        Self::CrossTalk,
        Self::StaleReplica,
        Self::DeleteForgetsCache,
        Self::FillWithoutLease,
        Self::WriteResent,
        Self::LoserSetsCookie,
    ];

    /// The anomalies, one of which must be found.
    #[must_use]
    pub const fn shows_as(self) -> &'static [Code] {
        match self {
            Self::BlindUpsert => &[Code::An1, Code::An2, Code::An3],
            Self::SwapIgnoresVersion => &[Code::An1],
            Self::TouchUpserts => &[Code::An2, Code::An5],
            Self::GoneAcknowledged => &[Code::An3],
            Self::SaveDropped => &[Code::An9, Code::An1],
            Self::FailedApplied => &[Code::An14],
            Self::CreateOverwrites => &[Code::An6],
            Self::CreateDropped => &[Code::An9],
            Self::CycleLeavesOld | Self::CycleWinsTwice => &[Code::An7],
            Self::CycleHandsOutDead => &[Code::An8],
            Self::RevokeEarly => &[Code::An5],
            Self::ExpiredLoaded | Self::DeadlineIgnored => &[Code::An11],
            Self::ErrorAsAbsent => &[Code::An10],
            Self::CrossTalk => &[Code::An12],
            Self::StaleReplica => &[Code::An4],
            Self::DeleteForgetsCache => &[Code::An5, Code::An2],
            Self::FillWithoutLease => &[Code::An5, Code::An4, Code::An2],
            Self::WriteResent => &[Code::Order],
            Self::LoserSetsCookie => &[Code::An13],
        }
    }
}

/// Its name in words.
impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = String::new();
        for letter in format!("{self:?}").chars() {
            if letter.is_uppercase() && !words.is_empty() {
                words.push(' ');
            }
            words.extend(letter.to_lowercase());
        }
        f.pad(&words)
    }
}
