//! The command line.

use std::env;
use std::net::{IpAddr, Ipv4Addr};

use clap::{Parser, Subcommand};
use lodger::db::NamedZone;

use crate::store_url::{StoreUrl, StoreUrlError};

const DEFAULT_STORE: &str = "sqlite://lodger-demo.sqlite3?mode=rwc";

/// What named the database when there was no other store.
const FORMER_VARIABLE: &str = "LODGER_DATABASE_URL";

/// A small web site that shows Lodger sessions at work.
///
/// Without any option it keeps its sessions in a SQLite file in the current directory, makes a
/// random secret beside it, and serves on http://127.0.0.1:8000/.
#[derive(Parser)]
#[command(name = "lodger-demo", version)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    /// The address to serve on; a weak secret key is refused on any that others can reach
    #[arg(long, global = true, value_name = "IP", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub(crate) address: IpAddr,

    /// The port to serve on; 0: a free one, which the printed address tells
    #[arg(long, global = true, value_name = "N", default_value_t = 8000)]
    pub(crate) port: u16,

    /// Where the sessions are kept: sqlite:FILE, postgres://…, mysql://…, memory:, redis://…,
    /// rediss://…, redis+cluster://…, memcached://…, file:FOLDER, cookie:, or cached:CACHE,DATABASE
    /// with the URLs of a cache and of a database.
    ///
    /// A cache holds Django's own format when its URL ends with ?format=django, and then
    /// &key_prefix=… and &version=… are the Django site's KEY_PREFIX and VERSION. Default:
    /// the environment variable LODGER_DATABASE_URL, else sqlite://lodger-demo.sqlite3
    #[arg(
        long,
        visible_alias = "database-url",
        global = true,
        value_name = "URL",
        env = "LODGER_STORE",
        hide_env_values = true
    )]
    store: Option<String>,

    /// The key that signs the sessions, shared with a Django site say; the environment variable
    /// keeps it from the list of processes. Default: a random one in the file lodger-demo.secret
    #[arg(
        long,
        global = true,
        value_name = "KEY",
        env = "LODGER_SECRET_KEY",
        hide_env_values = true
    )]
    pub(crate) secret_key: Option<String>,

    /// A former secret key, whose sessions are still read; may be given several times. The
    /// environment variable LODGER_SECRET_KEY_FALLBACKS holds more of them, with commas between
    #[arg(long = "secret-key-fallback", global = true, value_name = "KEY")]
    secret_key_fallbacks: Vec<String>,

    /// An option of its own, so that a key given by the other one may hold commas.
    #[arg(
        long = "secret-key-fallbacks",
        global = true,
        hide = true,
        value_name = "KEY,KEY",
        env = "LODGER_SECRET_KEY_FALLBACKS",
        hide_env_values = true,
        value_delimiter = ','
    )]
    listed_fallbacks: Vec<String>,

    /// Set cookies for HTTPS only, when served behind a proxy that speaks it
    #[arg(long, global = true)]
    pub(crate) https: bool,

    /// The zone of dates in the database, when shared with a Django that has USE_TZ = False
    #[arg(long, global = true, value_name = "NAME", value_parser = NamedZone::new)]
    pub(crate) time_zone: Option<NamedZone>,
}

impl Arguments {
    /// Where the sessions are kept. Read here and not by clap, which would show what it cannot read.
    pub(crate) fn store(&self) -> Result<StoreUrl, StoreUrlError> {
        let given = self.store.clone().filter(|url| !url.is_empty());
        let former = || env::var(FORMER_VARIABLE).ok().filter(|url| !url.is_empty());
        given.or_else(former).as_deref().unwrap_or(DEFAULT_STORE).parse()
    }

    /// The former secret keys, those of the environment last. An empty one is none.
    pub(crate) fn fallbacks(&self) -> impl Iterator<Item = &str> {
        let all = self.secret_key_fallbacks.iter().chain(&self.listed_fallbacks);
        all.map(String::as_str).filter(|key| !key.is_empty())
    }
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Remove the expired sessions from the store, and end
    ClearExpired,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_of_the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn options_may_stand_on_either_side_of_the_subcommand() {
        for line in [
            ["lodger-demo", "--store", "sqlite://a.db", "clear-expired"],
            ["lodger-demo", "--database-url", "sqlite://a.db", "clear-expired"],
            ["lodger-demo", "clear-expired", "--database-url", "sqlite://a.db"],
        ] {
            let arguments = Arguments::try_parse_from(line).unwrap();
            assert!(matches!(arguments.command, Some(Command::ClearExpired)));
            let Ok(StoreUrl::Database(url)) = arguments.store() else { panic!("a database") };
            assert_eq!(url.as_str(), "sqlite://a.db?mode=rwc");
        }
    }

    #[test]
    fn commas_separate_fallbacks_in_the_list_alone() {
        let line = [
            "lodger-demo",
            "--secret-key-fallback",
            "a,b",
            "--secret-key-fallbacks",
            "c,,d e",
            "--secret-key-fallback",
            "f",
        ];
        let arguments = Arguments::try_parse_from(line).unwrap();
        assert_eq!(arguments.fallbacks().collect::<Vec<_>>(), ["a,b", "f", "c", "d e"]);
    }
}
