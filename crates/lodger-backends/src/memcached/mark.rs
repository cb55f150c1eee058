//! What is compared when a value is replaced.

use std::str::FromStr;

use lodger_core::{SessionData, Timestamp, Version};

/// Which process a server is. Its numbers begin again when it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Boot {
    pub(super) pid: u64,
    /// In seconds since the epoch.
    pub(super) began: i64,
}

/// One value of all that a server ever kept: no two have the same mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// The server's number for the value, its `cas`.
    pub(super) cas: u64,
    pub(super) boot: Boot,
}

/// A mark, and the end of the record that it stands for: a swap of what has expired must not succeed,
/// though the server still keeps it.
///
/// As a [`Version`] it is a text of numbers, which nobody else is to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stated {
    pub(super) mark: Mark,
    pub(super) expire_date: Timestamp,
}

impl Stated {
    pub(super) fn version(self) -> Version {
        let Mark { cas, boot } = self.mark;
        let end = self.expire_date.as_micros();
        let text = format!("{cas} {} {} {end}", boot.pid, boot.began);
        Version::from_data(SessionData::from_text(text))
    }

    /// `None` for the version of another store, which is none here.
    pub(super) fn of(version: &Version) -> Option<Self> {
        let mut numbers = version.data()?.as_text()?.split(' ');
        let stated = Self {
            mark: Mark {
                cas: next(&mut numbers)?,
                boot: Boot { pid: next(&mut numbers)?, began: next(&mut numbers)? },
            },
            expire_date: Timestamp::from_micros(next(&mut numbers)?),
        };
        numbers.next().is_none().then_some(stated)
    }
}

fn next<'a, N: FromStr>(numbers: &mut impl Iterator<Item = &'a str>) -> Option<N> {
    numbers.next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_states_what_it_was_made_of() {
        let boot = Boot { pid: 7, began: 1_700_000_000 };
        for (cas, expire_date) in [(1, Timestamp::MIN), (u64::MAX, Timestamp::MAX)] {
            let stated = Stated { mark: Mark { cas, boot }, expire_date };
            assert_eq!(Stated::of(&stated.version()), Some(stated));
        }
    }

    #[test]
    fn versions_of_other_stores_state_nothing() {
        for text in ["", "1", "1 2 3", "1 2 3 4 5", "1 2 3 x", "-1 2 3 4", "a:b:c"] {
            let version = Version::from_data(SessionData::from_text(text));
            assert_eq!(Stated::of(&version), None, "{text}");
        }
        assert_eq!(Stated::of(&Version::from_number(1)), None);
    }
}
