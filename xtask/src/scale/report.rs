use std::fmt;

use anyhow::{Context, Result};

/// What clearing took.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Report {
    pub(super) cleared: u64,
    milliseconds: u64,
    /// The most memory that the process had before, and in the end, in KiB.
    memory: [u64; 2],
}

impl Report {
    /// Reads the lines `cleared N in MS` and `memory KIB KIB`.
    pub(super) fn parse(printed: &str) -> Result<Self> {
        let numbers: Vec<u64> =
            printed.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        let &[cleared, milliseconds, before, after] = numbers.as_slice() else {
            return None.with_context(|| format!("no report: {printed}"));
        };
        Ok(Self { cleared, milliseconds, memory: [before, after] })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cleared, milliseconds, memory: [before, after] } = self;
        let seconds = std::time::Duration::from_millis(*milliseconds).as_secs_f64();
        write!(f, "cleared {cleared} expired session files in {seconds:.1} s; ")?;
        write!(f, "peak memory {after} KiB, {} KiB more than before", after - before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_read_and_told() {
        let report = Report::parse("cleared 10 in 1500\nmemory 4000 4100\n").unwrap();
        assert_eq!(
            report.to_string(),
            "cleared 10 expired session files in 1.5 s; \
             peak memory 4100 KiB, 100 KiB more than before"
        );
        assert!(Report::parse("cleared 10 in 1500\n").is_err());
    }
}
