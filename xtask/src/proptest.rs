//! All property tests, with a number of cases of the caller's choice.

use std::process::ExitCode;

use anyhow::{Result, bail, ensure};

use crate::test::{Outcome, Session, Verdict};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How many cases each property is tried with
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    cases: u32,
}

/// A property test lies in a module of this name.
const MODULE: &str = "properties";

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let cases = arguments.cases;
    let mut session = Session::new(vec![format!("{MODULE}::")])?
        .with_variables(vec![("PROPTEST_CASES", cases.to_string())]);
    session.run_programs()?;

    println!();
    for outcome in session.outcomes() {
        let Outcome { suite, name, verdict } = outcome;
        match verdict {
            Verdict::Passed => println!("passed {cases} cases: {suite} {name}"),
            Verdict::Failed => println!("failed: {suite} {name}"),
            Verdict::Skipped(reason) => println!("skipped: {suite} {name}: {reason}"),
        }
    }
    verdict(session.outcomes())?;
    Ok(ExitCode::SUCCESS)
}

fn verdict(outcomes: &[Outcome]) -> Result<()> {
    let is_property = |outcome: &&Outcome| outcome.name.split("::").any(|part| part == MODULE);
    let count = |wanted: fn(&Verdict) -> bool| {
        outcomes.iter().filter(|outcome| wanted(&outcome.verdict)).count()
    };
    let failed = count(|verdict| *verdict == Verdict::Failed);
    if failed > 0 {
        bail!("failed property tests: {failed}");
    }
    let passed = outcomes.iter().filter(|outcome| outcome.verdict == Verdict::Passed);
    ensure!(passed.filter(is_property).count() > 0, "no property test ran");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_least_one_property_must_have_held() {
        let outcome = |name, verdict| Outcome::new("suite", name, verdict);
        let property = || outcome("properties::decoding_is_total", Verdict::Passed);
        assert!(verdict(&[property()]).is_ok());
        assert!(verdict(&[]).is_err());
        assert!(verdict(&[outcome("my_properties::a", Verdict::Passed)]).is_err());
        assert!(verdict(&[outcome("properties::a", Verdict::Skipped(String::new()))]).is_err());
        assert!(verdict(&[property(), outcome("properties::b", Verdict::Failed)]).is_err());
    }
}
