use super::database::Kind;
use super::engine::{Backend, Engine};
use super::release::Series;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// One Django release, for a check that is run often
    #[arg(long)]
    quick: bool,
    /// The Django releases, such as 4.2,5.2
    #[arg(long, value_delimiter = ',', value_enum)]
    versions: Vec<Series>,
    /// Django's session engines
    #[arg(long, visible_alias = "engine", value_delimiter = ',', value_enum)]
    engines: Vec<Engine>,
    /// The databases of the engine db
    #[arg(long, visible_alias = "database", value_delimiter = ',', value_enum)]
    databases: Vec<Kind>,
    /// A release that cannot be had on this machine is a failure, not a skip
    #[arg(long)]
    pub(super) require_all: bool,
    /// Only scenarios whose name contains this
    #[arg(last = true)]
    pub(super) filter: Option<String>,
}

impl Arguments {
    pub(super) fn versions(&self) -> Vec<Series> {
        match (self.versions.as_slice(), self.quick) {
            ([], true) => vec![Series::QUICK],
            ([], false) => Series::ALL.to_vec(),
            (given, _) => without_repetition(given),
        }
    }

    /// What each release is tried on.
    pub(super) fn backends(&self) -> Vec<Backend> {
        let engines = all_or_given(&Engine::ALL, &self.engines);
        let databases = all_or_given(&Kind::ALL, &self.databases);
        engines.into_iter().flat_map(|engine| engine.backends(&databases)).collect()
    }
}

fn all_or_given<T: Copy + PartialEq>(all: &[T], given: &[T]) -> Vec<T> {
    without_repetition(if given.is_empty() { all } else { given })
}

/// In the order in which they were first named.
fn without_repetition<T: Copy + PartialEq>(given: &[T]) -> Vec<T> {
    let mut kept = Vec::new();
    for item in given {
        if !kept.contains(item) {
            kept.push(*item);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        arguments: Arguments,
    }

    fn parse(line: &str) -> Arguments {
        Line::try_parse_from(line.split(' ')).unwrap().arguments
    }

    #[test]
    fn quick_is_one_release_with_every_engine() {
        let quick = parse("interop --quick");
        assert_eq!(quick.versions(), [Series::QUICK]);
        assert_eq!(quick.backends().len(), Kind::ALL.len() + Engine::ALL.len() - 1);
        assert_eq!(parse("interop").versions(), Series::ALL);
    }

    #[test]
    fn what_is_named_wins_and_is_run_once() {
        let named =
            parse("interop --quick --versions 4.2,6.1,4.2 --database sqlite --engine file,db");
        assert_eq!(named.versions(), [Series::V4_2, Series::V6_1]);
        let backends = [(Engine::File, Kind::Sqlite), (Engine::Db, Kind::Sqlite)];
        assert_eq!(
            named.backends(),
            backends.map(|(engine, database)| Backend { engine, database })
        );
    }
}
