use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::python::Python;
use super::release::Series;
use crate::{process, program};

/// A virtual environment with one Django release and the databases' drivers.
pub(super) struct Venv {
    pub(super) python: PathBuf,
    /// The exact release, such as `5.2.1`.
    pub(super) django: String,
}

impl Venv {
    /// The environment of an earlier run if it is complete, else a new one.
    pub(super) fn prepare(series: Series, python: &Python) -> Result<Self> {
        let folder = program::root().join(format!("target/interop/venv-{series}"));
        let wanted = wanted(series, python)?;
        let complete = folder.join("complete");
        let inside = folder.join("bin/python");
        if !fs::read_to_string(&complete).is_ok_and(|text| text == wanted)
            || !program::is_executable(&inside)
        {
            println!("installing Django {series} for Python {}", python.version);
            install(&folder, series, python)?;
            // Written last: a folder without it was left in the middle.
            fs::write(&complete, &wanted)?;
        }
        let django = django_version(&inside)?;
        Ok(Self { python: inside, django })
    }
}

/// All that decides what is in the environment.
fn wanted(series: Series, python: &Python) -> Result<String> {
    let requirements = fs::read_to_string(requirements())
        .context("could not read the requirements of the Django site")?;
    let program = python.program.display();
    Ok(format!("{program} {}\n{}\n{requirements}", python.version, series.requirement()))
}

fn requirements() -> PathBuf {
    program::root().join("tests/interop/requirements.txt")
}

fn install(folder: &Path, series: Series, python: &Python) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("could not remove {}", folder.display()))?;
    }
    let mut make = Command::new(&python.program);
    let status = process::run(make.args(["-m", "venv"]).arg(folder))?;
    ensure!(status.success(), "could not make the virtual environment {}", folder.display());
    let mut pip = Command::new(folder.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]);
    // Nothing is compiled here, and no package's setup code runs.
    pip.args(["--only-binary=:all:", "--requirement"]).arg(requirements());
    let status = process::run(pip.arg(series.requirement()))?;
    ensure!(status.success(), "pip could not install {}", series.requirement());
    Ok(())
}

fn django_version(python: &Path) -> Result<String> {
    let mut command = Command::new(python);
    command.args(["-m", "django", "--version"]).stdout(Stdio::piped());
    let (status, text) = process::output(&mut command)?;
    ensure!(status.success(), "the environment of {} has no Django", python.display());
    Ok(text.trim().to_owned())
}
