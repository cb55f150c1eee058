use std::collections::BTreeMap;
use std::fmt;

use comfy_table::{CellAlignment, Table, presets};

use super::outcome::{Outcome, Verdict};

/// The tests counted by suite and backend.
#[derive(Debug, Default)]
pub(super) struct Tally {
    rows: BTreeMap<(String, String), Count>,
    total: Count,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) passed: usize,
    pub(super) failed: usize,
    pub(super) skipped: usize,
}

impl Count {
    fn add(&mut self, verdict: &Verdict) {
        match verdict {
            Verdict::Passed => self.passed += 1,
            Verdict::Failed => self.failed += 1,
            Verdict::Skipped(_) => self.skipped += 1,
        }
    }

    fn cells(self) -> [String; 3] {
        [self.passed, self.failed, self.skipped].map(|count| count.to_string())
    }
}

impl Tally {
    pub(super) fn of(outcomes: &[Outcome]) -> Self {
        let mut tally = Self::default();
        for outcome in outcomes {
            let row = (outcome.suite.clone(), outcome.backend());
            tally.rows.entry(row).or_default().add(&outcome.verdict);
            tally.total.add(&outcome.verdict);
        }
        tally
    }

    pub(super) fn total(&self) -> Count {
        self.total
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new();
        table.load_style(presets::UTF8_FULL_CONDENSED);
        table.set_header(["suite", "backend", "passed", "failed", "skipped"]);
        for ((suite, backend), count) in &self.rows {
            let mut cells = vec![suite.clone(), backend.clone()];
            cells.extend(count.cells());
            table.add_row(cells);
        }
        let mut cells = vec!["total".to_owned(), String::new()];
        cells.extend(self.total.cells());
        table.add_row(cells);
        for column in table.column_iter_mut().skip(2) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        table.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_counted_by_suite_and_backend() {
        let skipped = || Verdict::Skipped("why".to_owned());
        let tally = Tally::of(&[
            Outcome::new("a", "sqlite::x", Verdict::Passed),
            Outcome::new("a", "sqlite::y", Verdict::Failed),
            Outcome::new("a", "plain", Verdict::Passed),
            Outcome::new("b", "sqlite::x", skipped()),
        ]);
        assert_eq!(tally.total(), Count { passed: 2, failed: 1, skipped: 1 });
        let lines: Vec<String> = tally
            .to_string()
            .lines()
            .map(|line| {
                let cells = line.split(['│', '┆']).map(str::trim);
                cells.filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(" ")
            })
            .filter(|line| line.contains(char::is_alphanumeric))
            .collect();
        assert_eq!(
            lines,
            [
                "suite backend passed failed skipped",
                "a - 1 0 0",
                "a sqlite 1 1 0",
                "b sqlite 0 0 1",
                "total 2 1 1",
            ]
        );
    }
}
