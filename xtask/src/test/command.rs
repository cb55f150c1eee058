use std::process::ExitCode;

use anyhow::{Result, bail};

use super::table::{Count, Tally};
use super::{Outcome, Session, Verdict};
use crate::services::{Prepared, Services};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Only what is embedded: no servers, and a skipped test is no failure
    #[arg(long)]
    quick: bool,
    /// Passed to the test programs, as a filter for instance
    #[arg(last = true)]
    filter: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let mut session = Session::new(arguments.filter.clone())?;
    let servers = if arguments.quick { None } else { Some(Servers::start()?) };
    session = match &servers {
        Some(servers) => session
            .with_variables(servers.services.variables())
            .with_variables(servers.prepared.prepare_all()?),
        None => session.without_servers(),
    };
    session.run_programs()?;
    session.run_schedules()?;
    session.run_doc_tests()?;

    let tally = Tally::of(session.outcomes());
    println!();
    print_exceptions(session.outcomes());
    println!("{tally}");
    for (what, count) in session.counts().iter() {
        println!("{what}: {count}");
    }
    verdict(tally.total(), arguments.quick)?;
    Ok(ExitCode::SUCCESS)
}

/// Servers that all tests share, and what tests start and kill themselves.
struct Servers {
    services: Services,
    prepared: Prepared,
}

impl Servers {
    fn start() -> Result<Self> {
        let prepared = Prepared::begin()?;
        Ok(Self { services: Services::start_missing()?, prepared })
    }
}

fn print_exceptions(outcomes: &[Outcome]) {
    for outcome in outcomes {
        match &outcome.verdict {
            Verdict::Passed => {}
            Verdict::Failed => println!("failed: {} {}", outcome.suite, outcome.name),
            Verdict::Skipped(reason) => {
                println!("skipped: {} {}: {reason}", outcome.suite, outcome.name);
            }
        }
    }
}

/// A test that did not run has shown nothing: only the quick run lets it pass.
fn verdict(total: Count, quick: bool) -> Result<()> {
    if total.passed + total.failed == 0 {
        bail!("no test ran");
    }
    if total.failed > 0 {
        bail!("failed tests: {}", total.failed);
    }
    if total.skipped > 0 && !quick {
        bail!("skipped tests: {}", total.skipped);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_quick_run_lets_skipped_tests_pass() {
        let clean = Count { passed: 2, failed: 0, skipped: 0 };
        assert!(verdict(clean, false).is_ok());
        let skipped = Count { skipped: 1, ..clean };
        assert!(verdict(skipped, false).is_err());
        assert!(verdict(skipped, true).is_ok());
        let failed = Count { failed: 1, ..clean };
        assert!(verdict(failed, true).is_err());
        assert!(verdict(Count::default(), true).is_err());
    }
}
