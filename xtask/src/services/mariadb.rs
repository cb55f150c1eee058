use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::Signal;

use super::recipe::{Place, Ready, Recipe, SUPERUSER, initialise_with};
use super::{Kind, install};
use crate::program;

/// MariaDB: the server and the script that makes its data folder.
pub(super) struct Mariadb {
    server: PathBuf,
    install_db: PathBuf,
}

/// The SQL that the server runs when it starts.
const INIT_FILE: &str = "init.sql";

impl Mariadb {
    pub(super) fn find_or_install() -> Result<Self> {
        if let Some(found) = Self::find() {
            return Ok(found);
        }
        // Without the package mariadb-server there is no service that could start by itself. The
        // client's package holds my_print_defaults, which the install script calls.
        install::packages(Kind::Mariadb.name(), &["mariadb-server-core", "mariadb-client-core"])?;
        Self::find().context("the package mariadb-server-core has brought no mariadbd")
    }

    fn find() -> Option<Self> {
        let folders = ["/usr/sbin", "/usr/bin"].map(PathBuf::from);
        let any = |names: [&str; 2]| names.iter().find_map(|name| program::find(name, &folders));
        any(["my_print_defaults", "mariadb-print-defaults"])?;
        Some(Self {
            server: any(["mariadbd", "mysqld"])?,
            install_db: program::find("mariadb-install-db", &folders)?,
        })
    }
}

impl Recipe for Mariadb {
    fn kind(&self) -> Kind {
        Kind::Mariadb
    }

    fn initialise(&self, place: &Place<'_>) -> Result<()> {
        let data = place.folder.join("data");
        fs::create_dir(&data)?;
        place.account.own(&data)?;
        let mut command = place.account.command(&self.install_db, place.folder, "TERM");
        command.arg("--no-defaults").arg(format!("--datadir={}", data.display()));
        command.args(["--auth-root-authentication-method=normal", "--skip-name-resolve"]);
        command.arg("--skip-test-db");
        initialise_with(place, &mut command)?;
        let init_file = place.folder.join(INIT_FILE);
        fs::write(&init_file, accounts(place.password))?;
        place.account.own(&init_file)
    }

    fn serve(&self, place: &Place<'_>, port: u16) -> Result<Command> {
        let mut command = place.account.command(&self.server, place.folder, "KILL");
        let folder = place.folder.display();
        command.arg("--no-defaults");
        command.arg(format!("--datadir={folder}/data"));
        command.arg(format!("--init-file={folder}/{INIT_FILE}"));
        command.arg(format!("--tmpdir={folder}"));
        command.arg(format!("--pid-file={folder}/pid"));
        // Relative to the data folder: a socket's whole path may have only 107 bytes.
        command.arg("--socket=socket");
        command.args(["--bind-address=127.0.0.1", "--skip-name-resolve"]);
        command.arg(format!("--port={port}"));
        command.arg("--max-connections=300");
        // Debian's own choice, which a Django site on Debian gets.
        command.args(["--character-set-server=utf8mb4", "--collation-server=utf8mb4_general_ci"]);
        Ok(command)
    }

    fn ready(&self) -> Ready {
        Ready::Log("ready for connections")
    }

    fn end(&self) -> &'static [(Signal, Duration)] {
        const STEPS: &[(Signal, Duration)] =
            &[(Signal::TERM, Duration::from_secs(10)), (Signal::KILL, Duration::from_secs(5))];
        STEPS
    }

    fn url(&self, place: &Place<'_>, port: u16) -> String {
        format!("mysql://{SUPERUSER}:{}@127.0.0.1:{port}/{SUPERUSER}", place.password)
    }
}

/// One statement on a line, as `--init-file` wants it. The install script's own root accounts have
/// no password: one gets it, those that the network reaches go.
fn accounts(password: &str) -> String {
    format!(
        "DELETE FROM mysql.global_priv WHERE User = 'root' AND Host <> 'localhost';\n\
         FLUSH PRIVILEGES;\n\
         ALTER USER 'root'@'localhost' IDENTIFIED BY '{password}';\n\
         CREATE USER '{SUPERUSER}'@'127.0.0.1' IDENTIFIED BY '{password}';\n\
         GRANT ALL ON *.* TO '{SUPERUSER}'@'127.0.0.1' WITH GRANT OPTION;\n\
         CREATE DATABASE {SUPERUSER};\n"
    )
}
