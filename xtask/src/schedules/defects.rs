use std::process::{ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Result, bail, ensure};

use super::build::build;
use super::copy::Copy;
use super::defect::{DEFECTS, Defect};
use crate::{process, program};

/// Puts each defect into a copy of the checkout, and expects its scenario to fail there.
pub(super) fn run(variables: &[(&str, String)]) -> Result<ExitCode> {
    let copy = Copy::make(program::root(), program::root().join("target/shuttle/defective"))?;
    ensure!(passes(&copy, &[], variables)?.0, "a scenario fails without any defect");
    let mut missed = 0;
    for defect in DEFECTS {
        let start = Instant::now();
        copy.put_in(defect)?;
        let caught = is_caught(&copy, defect, variables)?;
        copy.put_right(defect)?;
        let outcome = if caught { "caught" } else { "missed" };
        let seconds = start.elapsed().as_secs_f32();
        println!("{outcome}: {} by {}, {seconds:.1} s", defect.name, defect.scenario);
        missed += usize::from(!caught);
    }
    if missed > 0 {
        bail!("missed defects: {missed} of {}", DEFECTS.len());
    }
    println!("defects caught: {}", DEFECTS.len());
    Ok(ExitCode::SUCCESS)
}

fn is_caught(copy: &Copy, defect: &Defect, variables: &[(&str, String)]) -> Result<bool> {
    // What does not compile is not caught.
    let mut compiled = build(&copy.folder);
    compiled.args(["--quiet", "--no-run"]).stderr(Stdio::null());
    ensure!(process::run(&mut compiled)?.success(), "`{}` does not compile", defect.name);
    let scenario = format!("{}::{}", defect.module(), defect.scenario);
    let (passed, printed) = passes(copy, &["--exact", &scenario], variables)?;
    ensure!(printed.contains("running 1 test"), "`{}` ran no scenario", defect.name);
    Ok(!passed)
}

/// Whether the scenarios of these arguments pass in a copy, and what that printed.
fn passes(copy: &Copy, arguments: &[&str], variables: &[(&str, String)]) -> Result<(bool, String)> {
    let mut command = build(&copy.folder);
    command.args(["--quiet", "--"]).args(arguments);
    command.envs(variables.iter().map(|(name, value)| (*name, value)));
    let (status, printed) = process::output(command.stdout(Stdio::piped()).stderr(Stdio::null()))?;
    Ok((status.success(), printed))
}
