use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Serialize;
use tempfile::TempDir;

use super::Kind;
use super::account::Account;
use super::install;
use super::recipe::{Place, Ready};
use super::server::{free_port, random_password};
use super::set::recipe;
use crate::program;

/// Data folders of servers that another process starts, kills and starts again.
pub(crate) struct Prepared {
    folder: TempDir,
    account: Account,
}

/// How that process starts one.
#[derive(Serialize)]
struct Launch<'a> {
    program: &'a str,
    arguments: Vec<&'a str>,
    environment: Vec<(&'a str, &'a str)>,
    folder: &'a Path,
    ready: &'a str,
    end: String,
    url: String,
}

impl Prepared {
    /// What has a data folder, its name in tests, and the variable that tells how it is started.
    pub(crate) const DATABASES: [(Kind, &str, &str); 2] = [
        (Kind::Postgres, "postgres", "LODGER_CHAOS_POSTGRES"),
        (Kind::Mariadb, "mariadb", "LODGER_CHAOS_MARIADB"),
    ];

    /// No data folder yet. Installs the programs that need none, and tells what cannot be installed.
    pub(crate) fn begin() -> Result<Self> {
        let account = Account::choose()?;
        let folder = tempfile::Builder::new().prefix("lodger-chaos-").tempdir()?;
        account.own(folder.path())?;
        install_others();
        Ok(Self { folder, account })
    }

    /// Makes all data folders, and gives the variables.
    pub(crate) fn prepare_all(&self) -> Result<Vec<(&'static str, String)>> {
        let launch = |(kind, _, variable)| Ok((variable, self.prepare(kind)?));
        Self::DATABASES.into_iter().map(launch).collect()
    }

    /// Makes a data folder, and tells how the server is started, as JSON; a program that is missing is
    /// installed.
    pub(crate) fn prepare(&self, kind: Kind) -> Result<String> {
        let name = kind.name();
        let recipe = recipe(kind)?;
        let (folder, password) = (self.folder.path().join(name.to_lowercase()), random_password()?);
        let place = Place { account: &self.account, folder: &folder, password: &password };
        fs::create_dir(&folder)?;
        self.account.own(&folder)?;
        recipe.initialise(&place)?;
        let port = free_port()?;
        let command = recipe.serve(&place, port)?;
        let Ready::Log(ready) = recipe.ready() else { bail!("{name} needs no data folder") };
        let (signal, _) = recipe.end().first().context("a server can be ended")?;
        let end = format!("-{}", signal.as_raw());
        let launch = launch(&command, &folder, ready, end, recipe.url(&place, port));
        Ok(serde_json::to_string(&launch.context("a command is text")?)?)
    }
}

/// Has the programs there that need no data folder, and tells what cannot be installed.
fn install_others() {
    let servers = [Kind::Redis, Kind::Memcached].map(|kind| recipe(kind).map(drop));
    let strace = match program::find("strace", &["/usr/bin".into()]) {
        Some(_) => Ok(()),
        None => install::packages("strace", &["strace"]),
    };
    for error in servers.into_iter().chain([strace]).filter_map(Result::err) {
        println!("not there: {error:#}");
    }
}

fn launch<'a>(
    command: &'a Command,
    folder: &'a Path,
    ready: &'a str,
    end: String,
    url: String,
) -> Option<Launch<'a>> {
    let arguments = command.get_args().map(|argument| argument.to_str());
    let variables =
        command.get_envs().map(|(name, value)| Some((name.to_str()?, value?.to_str()?)));
    Some(Launch {
        program: command.get_program().to_str()?,
        arguments: arguments.collect::<Option<_>>()?,
        environment: variables.collect::<Option<_>>()?,
        folder,
        ready,
        end,
        url,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_told_whole() {
        let mut command = Command::new("/bin/serve");
        command.args(["-p", "1"]).env("HOME", "/h").stdin(std::process::Stdio::null());
        let launch = launch(&command, Path::new("/f"), "ready", "-2".into(), "u://".into());
        let told = serde_json::to_string(&launch.unwrap()).unwrap();
        assert_eq!(
            told,
            r#"{"program":"/bin/serve","arguments":["-p","1"],"environment":[["HOME","/h"]],"folder":"/f","ready":"ready","end":"-2","url":"u://"}"#
        );
    }
}
