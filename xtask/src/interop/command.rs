use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, bail};

use super::Arguments;
use super::demo::Program;
use super::matrix::{Matrix, Totals, Verdict};
use super::pair::Pair;
use super::python::Python;
use super::release::Series;
use super::scenarios::{self, Scenario};
use super::stage::{First, Stage};
use super::venv::Venv;
use crate::interrupt::{self, Interrupted};
use crate::services::Services;

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let mut chosen = scenarios::all();
    if let Some(filter) = &arguments.filter {
        chosen.retain(|scenario| scenario.name.contains(filter.as_str()));
    }
    let releases = prepare(&arguments.versions())?;
    let program = Program::build()?;
    let databases = arguments.databases();
    let servers: Vec<_> = databases.iter().filter_map(|kind| kind.server()).collect();
    let services = Services::start(&servers)?;

    let began = Instant::now();
    let mut matrix = Matrix::new(chosen.iter().map(|scenario| scenario.name.clone()).collect());
    let mut first = First::Django;
    for (series, release) in &releases {
        for kind in &databases {
            match release {
                Ok(venv) => {
                    let title = format!("Django {} on {kind}", venv.django);
                    println!("\n{title}, where {first} makes the table");
                    let stage = Stage::new(venv, *kind, &services, &program, first);
                    let verdicts = play(&title, stage, &chosen)?;
                    matrix.add(format!("{}\n{kind}", venv.django), verdicts);
                    first = first.other();
                }
                Err(_) => matrix.add_uniform(format!("{series}\n{kind}"), Verdict::Skipped),
            }
        }
    }

    println!("\n{matrix}");
    for (series, release) in &releases {
        if let Err(reason) = release {
            println!("skipped: Django {series}: {reason}");
        }
    }
    let totals = matrix.totals();
    println!("{totals} in {:.0} s", began.elapsed().as_secs_f32());
    verdict(totals, arguments.require_all)?;
    Ok(ExitCode::SUCCESS)
}

/// The environment of each release, or why there is none.
fn prepare(versions: &[Series]) -> Result<Vec<(Series, Result<Venv, String>)>> {
    let pythons = Python::find_all()?;
    let prepare = |series: &Series| {
        let (oldest, newest) = series.pythons();
        let release = match Python::newest(&pythons, (oldest, newest)) {
            Some(python) => Ok(Venv::prepare(*series, python)?),
            None => Err(format!("no Python from {oldest} to {newest} with ensurepip was found")),
        };
        Ok((*series, release))
    };
    versions.iter().map(prepare).collect()
}

/// Runs the scenarios on one stage; that the stage cannot be set is a failure of each of them.
fn play(title: &str, stage: Result<Stage>, chosen: &[Scenario]) -> Result<Vec<Verdict>> {
    let set = stage.and_then(|stage| match stage.fresh(|configuration| configuration) {
        Ok(pair) => Ok((stage, pair)),
        Err(error) => {
            println!("{}", stage.log_tails(0));
            Err(error)
        }
    });
    let (stage, pair) = match set {
        Ok(set) => set,
        Err(error) => {
            report(title, &error)?;
            return Ok(vec![Verdict::Failed; chosen.len()]);
        }
    };
    chosen.iter().map(|scenario| perform(title, scenario, &stage, &pair)).collect()
}

fn perform(title: &str, scenario: &Scenario, stage: &Stage, pair: &Pair) -> Result<Verdict> {
    interrupt::check()?;
    let (started, began) = (stage.started(), Instant::now());
    let result = (scenario.run)(stage, pair);
    let seconds = began.elapsed().as_secs_f32();
    match result {
        Ok(()) => {
            println!("  {}: passed in {seconds:.1} s", scenario.name);
            Ok(Verdict::Passed)
        }
        Err(error) => {
            report(&format!("{title}: {}", scenario.name), &error)?;
            println!("{}\n---", stage.log_tails(started));
            Ok(Verdict::Failed)
        }
    }
}

/// Prints a failure; an interruption is none and goes on its way.
fn report(what: &str, error: &anyhow::Error) -> Result<()> {
    if error.is::<Interrupted>() {
        interrupt::check()?;
    }
    println!("FAILED: {what}\n{error:#}");
    Ok(())
}

fn verdict(totals: Totals, require_all: bool) -> Result<()> {
    if totals.passed + totals.failed == 0 {
        bail!("no scenario ran");
    }
    if totals.failed > 0 {
        bail!("failed scenarios: {}", totals.failed);
    }
    if totals.skipped > 0 && require_all {
        bail!("skipped scenarios: {}", totals.skipped);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skips_fail_only_when_all_is_required() {
        let some = Totals { passed: 2, failed: 0, skipped: 1 };
        assert!(verdict(some, false).is_ok());
        assert!(verdict(some, true).is_err());
        assert!(verdict(Totals { skipped: 0, ..some }, true).is_ok());
        assert!(verdict(Totals { failed: 1, ..some }, false).is_err());
        assert!(verdict(Totals { skipped: 3, ..Totals::default() }, false).is_err());
    }
}
