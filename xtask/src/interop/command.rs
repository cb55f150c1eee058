use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, bail};

use super::Arguments;
use super::demo::Program;
use super::engine::{Backend, Engine};
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
    let backends = arguments.backends();
    let mut servers = Vec::new();
    for server in backends.iter().flat_map(|backend| backend.servers()) {
        if !servers.contains(&server) {
            servers.push(server);
        }
    }
    let services = Services::start(&servers)?;

    let began = Instant::now();
    let mut matrix = Matrix::new(chosen.iter().map(|scenario| scenario.name.clone()).collect());
    let mut first = First::Django;
    for (series, release) in &releases {
        for backend in &backends {
            let column = backend.to_string().replace(' ', "\n");
            match release {
                Ok(venv) => {
                    let title = format!("Django {} with {backend}", venv.django);
                    let maker = if backend.engine.has_table() { first.as_maker() } else { "" };
                    println!("\n{title}{maker}");
                    let began = Instant::now();
                    let stage = Stage::new(venv, *backend, &services, &program, first);
                    let verdicts = play(&title, backend.engine, stage, &chosen)?;
                    println!("  in {:.0} s", began.elapsed().as_secs_f32());
                    matrix.add(format!("{}\n{column}", venv.django), verdicts);
                    first = first.other();
                }
                Err(_) => {
                    let skipped =
                        |scenario: &Scenario| match scenario.reason_against(backend.engine) {
                            Some(_) => Verdict::NotApplicable,
                            None => Verdict::Skipped,
                        };
                    matrix.add(format!("{series}\n{column}"), chosen.iter().map(skipped).collect());
                }
            }
        }
    }

    println!("\n{matrix}");
    for line in not_applicable(&chosen, &backends) {
        println!("{line}");
    }
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

/// Which scenario is not tried with which engines, and why.
fn not_applicable(chosen: &[Scenario], backends: &[Backend]) -> Vec<String> {
    let mut engines: Vec<Engine> = backends.iter().map(|backend| backend.engine).collect();
    engines.dedup();
    let mut lines = Vec::new();
    for scenario in chosen {
        for reason in scenario.reasons() {
            let concerned =
                engines.iter().filter(|engine| scenario.reason_against(**engine) == Some(reason));
            let concerned: Vec<String> = concerned.map(Engine::to_string).collect();
            if !concerned.is_empty() {
                lines.push(format!("– {}: {} ({reason})", scenario.name, concerned.join(", ")));
            }
        }
    }
    lines
}

/// Runs the scenarios on one stage; that the stage cannot be set is a failure of each of them.
fn play(
    title: &str,
    engine: Engine,
    stage: Result<Stage>,
    chosen: &[Scenario],
) -> Result<Vec<Verdict>> {
    let applies = |scenario: &Scenario| scenario.reason_against(engine).is_none();
    if !chosen.iter().any(applies) {
        return Ok(vec![Verdict::NotApplicable; chosen.len()]);
    }
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
            let verdict =
                |scenario| if applies(scenario) { Verdict::Failed } else { Verdict::NotApplicable };
            return Ok(chosen.iter().map(verdict).collect());
        }
    };
    let verdict = |scenario| {
        if applies(scenario) {
            perform(title, scenario, &stage, &pair)
        } else {
            Ok(Verdict::NotApplicable)
        }
    };
    chosen.iter().map(verdict).collect()
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
        let some = Totals { passed: 2, failed: 0, skipped: 1, not_applicable: 1 };
        assert!(verdict(some, false).is_ok());
        assert!(verdict(some, true).is_err());
        assert!(verdict(Totals { skipped: 0, ..some }, true).is_ok());
        assert!(verdict(Totals { failed: 1, ..some }, false).is_err());
        assert!(verdict(Totals { skipped: 3, ..Totals::default() }, false).is_err());
    }
}
