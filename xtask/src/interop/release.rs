use std::fmt;

use super::python::Version;

/// A series of Django releases.
///
/// The long-term releases that are still cared for, and the newest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Series {
    #[value(name = "4.2")]
    V4_2,
    #[value(name = "5.2")]
    V5_2,
    #[value(name = "6.1")]
    V6_1,
}

impl Series {
    pub(super) const ALL: [Self; 3] = [Self::V4_2, Self::V5_2, Self::V6_1];
    pub(super) const QUICK: Self = Self::V5_2;

    /// What pip is asked for: the series' newest release.
    pub(super) fn requirement(self) -> String {
        format!("Django~={self}.0")
    }

    /// The oldest and the newest Python that Django's release notes name for the series.
    pub(super) fn pythons(self) -> (Version, Version) {
        let (oldest, newest) = match self {
            Self::V4_2 => (8, 12),
            Self::V5_2 => (10, 14),
            Self::V6_1 => (12, 14),
        };
        (Version(3, oldest), Version(3, newest))
    }
}

impl fmt::Display for Series {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::V4_2 => "4.2",
            Self::V5_2 => "5.2",
            Self::V6_1 => "6.1",
        })
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn the_requirement_stays_within_the_series() {
        assert_eq!(Series::V4_2.requirement(), "Django~=4.2.0");
    }

    #[test]
    fn a_series_is_named_on_the_command_line_as_it_is_printed() {
        for series in Series::ALL {
            assert_eq!(Series::from_str(&series.to_string(), false), Ok(series));
        }
    }
}
