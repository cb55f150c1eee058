use std::process::ExitCode;

use anyhow::{Result, ensure};

use super::defects;
use crate::test::{Session, Verdict};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How many schedules each scenario is tried in
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..))]
    iterations: u64,
    /// What the schedules are drawn from
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Try one schedule again, as it was printed; name its scenario, too
    #[arg(long, value_name = "SCHEDULE", requires = "filter")]
    replay: Option<String>,
    /// Put one defect after the other into a copy of the code, and expect each to be found
    #[arg(long, conflicts_with = "replay")]
    defects: bool,
    /// Passed to the test program, as a filter for instance
    #[arg(last = true)]
    filter: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let mut variables = vec![
        ("LODGER_SCHEDULES", arguments.iterations.to_string()),
        ("LODGER_SEED", arguments.seed.to_string()),
    ];
    if arguments.defects {
        return defects::run(&variables);
    }
    variables.extend(arguments.replay.clone().map(|schedule| ("LODGER_SCHEDULE", schedule)));
    let mut session = Session::new(arguments.filter.clone())?.with_variables(variables);
    session.run_schedules()?;
    for (what, count) in session.counts().iter() {
        println!("{what}: {count}");
    }
    let passed =
        |outcome: &&_| matches!(outcome, crate::test::Outcome { verdict: Verdict::Passed, .. });
    let scenarios = session.outcomes().len();
    ensure!(scenarios > 0, "no scenario ran");
    ensure!(session.outcomes().iter().filter(passed).count() == scenarios, "a schedule failed");
    Ok(ExitCode::SUCCESS)
}
