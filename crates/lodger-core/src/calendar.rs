//! Instants from and to chrono's.

use chrono::{DateTime, Utc};

use crate::Timestamp;

impl From<DateTime<Utc>> for Timestamp {
    fn from(date: DateTime<Utc>) -> Self {
        Self::of_utc(date)
    }
}

impl From<Timestamp> for DateTime<Utc> {
    fn from(at: Timestamp) -> Self {
        at.to_utc()
    }
}
