use std::fmt;

use comfy_table::{Table, presets};

/// How every scenario ended in every cell.
#[derive(Debug)]
pub(super) struct Matrix {
    scenarios: Vec<String>,
    columns: Vec<Column>,
}

/// One Django release with one engine.
#[derive(Debug)]
struct Column {
    title: String,
    verdicts: Vec<Verdict>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Passed,
    Failed,
    Skipped,
    /// The scenario makes no sense with the engine.
    NotApplicable,
}

/// The cells of a matrix, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Totals {
    pub(super) passed: usize,
    pub(super) failed: usize,
    pub(super) skipped: usize,
    pub(super) not_applicable: usize,
}

impl Matrix {
    pub(super) fn new(scenarios: Vec<String>) -> Self {
        Self { scenarios, columns: Vec::new() }
    }

    /// Adds a column: a verdict for each scenario, in their order.
    pub(super) fn add(&mut self, title: String, verdicts: Vec<Verdict>) {
        debug_assert_eq!(verdicts.len(), self.scenarios.len());
        self.columns.push(Column { title, verdicts });
    }

    pub(super) fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for verdict in self.columns.iter().flat_map(|column| &column.verdicts) {
            match verdict {
                Verdict::Passed => totals.passed += 1,
                Verdict::Failed => totals.failed += 1,
                Verdict::Skipped => totals.skipped += 1,
                Verdict::NotApplicable => totals.not_applicable += 1,
            }
        }
        totals
    }
}

impl fmt::Display for Matrix {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new();
        table.load_style(presets::UTF8_FULL_CONDENSED);
        let titles = self.columns.iter().map(|column| column.title.clone());
        table.set_header(std::iter::once("scenario".to_owned()).chain(titles));
        for (row, scenario) in self.scenarios.iter().enumerate() {
            let verdicts = self.columns.iter().map(|column| column.verdicts[row].to_string());
            table.add_row(std::iter::once(scenario.clone()).chain(verdicts));
        }
        table.fmt(formatter)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Passed => "passed",
            Self::Failed => "FAILED",
            Self::Skipped => "skipped",
            Self::NotApplicable => "–",
        })
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { passed, failed, skipped, not_applicable } = self;
        write!(
            formatter,
            "passed {passed}, failed {failed}, skipped {skipped}, not applicable {not_applicable}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_counted_and_shown() {
        let mut matrix = Matrix::new(vec!["first".to_owned(), "second".to_owned()]);
        matrix.add("5.2\nSQLite".to_owned(), vec![Verdict::Passed, Verdict::Failed]);
        matrix.add("6.1\nfile".to_owned(), vec![Verdict::NotApplicable, Verdict::Skipped]);
        let totals = Totals { passed: 1, failed: 1, skipped: 1, not_applicable: 1 };
        assert_eq!(matrix.totals(), totals);
        let shown = matrix.to_string();
        let line = shown.lines().find(|line| line.contains("second")).unwrap();
        assert!(line.contains("FAILED") && line.contains("skipped"), "{line}");
        assert!(shown.lines().any(|line| line.contains("first") && line.contains("–")), "{shown}");
    }
}
