//! How dates without a zone are meant.

use std::fmt::Debug;
use std::sync::Arc;

use crate::{Span, Timestamp};

/// How a Django site that shares the sessions writes dates.
///
/// # Django
///
/// The setting `USE_TZ`, and with it `TIME_ZONE`.
#[derive(Clone, Debug, Default)]
pub enum DateStorage {
    /// In UTC: `USE_TZ = True`, the default from Django 5.0 on.
    #[default]
    Utc,
    /// In local time without a zone: `USE_TZ = False`.
    Local(Arc<dyn Zone>),
}

impl DateStorage {
    /// The instant that a date without a zone means; the date is given as if it were in UTC.
    #[must_use]
    pub fn instant(&self, naive: Timestamp) -> Timestamp {
        match self {
            Self::Utc => naive,
            Self::Local(zone) => zone.instant(naive),
        }
    }

    /// The date without a zone that stands for an instant, given as if it were in UTC.
    #[must_use]
    pub fn naive(&self, at: Timestamp) -> Timestamp {
        match self {
            Self::Utc => at,
            Self::Local(zone) => at + zone.offset(at),
        }
    }
}

/// A time zone; `lodger-backends` has those of the IANA database.
pub trait Zone: Debug + Send + Sync + 'static {
    /// How far local time is ahead of UTC at an instant.
    fn offset(&self, at: Timestamp) -> Span;

    /// The instant of a local date, which is given as if it were in UTC. Of two the earlier; of a
    /// date that a clock leapt over, the instant it would have been without the leap.
    fn instant(&self, local: Timestamp) -> Timestamp;
}
