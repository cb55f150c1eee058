use anyhow::{Result, ensure};

use super::line::{Cost, Kind, Row};

/// What a whole run has to inflict at least: kills of what keeps sessions through them, and cut
/// connections.
const KILLS: u64 = 300;
const CUTS: u64 = 10_000;

/// So often was it inflicted.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) kills: u64,
    pub(super) cuts: u64,
}

impl Sum {
    pub(super) fn of(rows: &[Row]) -> Self {
        let sum = |wanted: &dyn Fn(&Row) -> bool| {
            rows.iter().filter(|row| wanted(row)).map(|row| row.injections).sum()
        };
        let kills = sum(&|row| row.kind == Kind::Kill && row.may_lose == Cost::Nothing);
        Self { kills, cuts: sum(&|row| row.kind == Kind::Cut) }
    }
}

/// Fails where a promise was broken, or where a whole run has not done what it is to do.
pub(super) fn verdict(rows: &[Row], whole: bool) -> Result<()> {
    let broken: Vec<String> = rows
        .iter()
        .filter(|row| !row.forbidden.is_empty())
        .map(|row| format!("{} on {}: {}", row.fault, row.backend, row.forbidden.join(", ")))
        .collect();
    ensure!(broken.is_empty(), "promises were broken: {}", broken.join("; "));
    ensure!(!rows.is_empty(), "nothing was inflicted");
    let Sum { kills, cuts } = Sum::of(rows);
    ensure!(!whole || kills >= KILLS, "{kills} kills are less than {KILLS}");
    ensure!(!whole || cuts >= CUTS, "{cuts} cut connections are less than {CUTS}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(kind: Kind, injections: u64, forbidden: &[&str]) -> Row {
        Row {
            fault: "f".into(),
            backend: "b".into(),
            tier: "T2".into(),
            may_lose: Cost::Nothing,
            injections,
            acknowledged: 1,
            lost: 0,
            resurrected: 0,
            undone: 0,
            wrong: 0,
            misled: 0,
            unknown: 0,
            unavailable: 0,
            recovery_ms: None,
            findings: Vec::new(),
            kind,
            forbidden: forbidden.iter().map(|words| (*words).to_owned()).collect(),
        }
    }

    #[test]
    fn a_broken_promise_and_a_run_that_did_too_little_fail() {
        let enough = [row(Kind::Kill, KILLS, &[]), row(Kind::Cut, CUTS, &[])];
        assert!(verdict(&enough, true).is_ok());
        assert!(verdict(&enough[..1], true).is_err());
        assert!(verdict(&enough[1..], true).is_err());
        assert!(verdict(&enough[..1], false).is_ok());
        assert!(verdict(&[], false).is_err());
        let error = verdict(&[row(Kind::Other, 1, &["1 lost"])], false).unwrap_err();
        assert_eq!(error.to_string(), "promises were broken: f on b: 1 lost");
    }

    #[test]
    fn kills_of_what_forgets_do_not_count() {
        let forgets = Row { may_lose: Cost::Saves, ..row(Kind::Kill, 9, &[]) };
        assert_eq!(Sum::of(&[forgets, row(Kind::Kill, 1, &[])]), Sum { kills: 1, cuts: 0 });
    }
}
