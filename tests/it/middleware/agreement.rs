//! Where we agree with Django, and where on purpose not.

use std::collections::{BTreeMap, HashMap};

use lodger_codec::Formats;
use lodger_tests::database::{Backend, OwnDatabase};
use lodger_tests::report;
use lodger_tests::vectors::formats_of;

use super::difference::differences;
use super::engine::{Cookies, Db, RecordedEngine};
use super::record::{Record, records};
use super::run::{Ran, run};
use super::scenario::Scenario;
use super::stored::{Cache, CachedDb, Files};

/// What became of every scenario that any of the records tells of.
async fn run_all(engine: &impl RecordedEngine, records: &[Record]) -> HashMap<Scenario, Ran> {
    let mut ran = HashMap::new();
    for Record { scenario, .. } in records {
        if !ran.contains_key(scenario) {
            ran.insert(scenario.clone(), run(engine, scenario).await);
        }
    }
    ran
}

/// Runs a test over a database of its own.
async fn on_database<R>(test: impl AsyncFnOnce(&OwnDatabase) -> R) -> R {
    let database = OwnDatabase::create(Backend::Sqlite).await.expect("SQLite needs no server");
    let result = test(&database).await;
    database.close().await;
    result
}

/// In what a record differs from what we do.
fn compared(record: &Record, ran: &Ran) -> Vec<&'static str> {
    match ran {
        Ran::SettingsRefused => vec!["unbuilt"],
        Ran::NoSuchAction => vec!["absent"],
        Ran::Done(_) if record.raised.is_some() => vec!["raised"],
        Ran::Done(outcome) => outcome.differences(&record.outcome),
    }
}

mod db {
    use super::*;

    #[tokio::test]
    async fn every_scenario_of_the_newest_release_is_equal_or_differs_on_purpose() {
        on_database(async |database| newest_agrees(&Db::over(database)).await).await;
    }

    /// Releases wrote the same cookie in several forms; what it says is compared beside its text.
    #[tokio::test]
    async fn most_of_what_any_release_did_is_done_here() {
        // In the rest Django has changed since, most of all in `Vary` when the cookie is set or removed
        // and in what it saved on 501 and above, or we do otherwise on purpose.
        on_database(async |database| most_agrees(&Db::over(database), (187, 327)).await).await;
    }
}

mod cached_db {
    use super::*;

    #[tokio::test]
    async fn every_scenario_of_the_newest_release_is_equal_or_differs_on_purpose() {
        on_database(async |database| newest_agrees(&CachedDb::over(database)).await).await;
    }

    #[tokio::test]
    async fn most_of_what_any_release_did_is_done_here() {
        on_database(async |database| most_agrees(&CachedDb::over(database), (21, 41)).await).await;
    }
}

mod file {
    use super::*;

    #[tokio::test]
    async fn every_scenario_of_the_newest_release_is_equal_or_differs_on_purpose() {
        newest_agrees(&Files::create()).await;
    }

    #[tokio::test]
    async fn most_of_what_any_release_did_is_done_here() {
        most_agrees(&Files::create(), (17, 35)).await;
    }
}

mod cache_in_redis {
    use lodger_backends::cache_layout::CacheLayout;
    use lodger_backends::redis::RedisStore;
    use lodger_tests::redis::{RedisFixture, Servers};

    use super::*;

    async fn on_redis(test: impl AsyncFnOnce(RedisStore)) {
        let fixture = RedisFixture::with_layout(Servers::Single, CacheLayout::django());
        let Some(fixture) = fixture else { return };
        test(fixture.store()).await;
        fixture.clear().await;
    }

    #[tokio::test]
    async fn every_scenario_of_the_newest_release_is_equal_or_differs_on_purpose() {
        on_redis(async |store| newest_agrees(&Cache(store)).await).await;
    }

    #[tokio::test]
    async fn most_of_what_any_release_did_is_done_here() {
        on_redis(async |store| most_agrees(&Cache(store), (12, 24)).await).await;
    }
}

mod cache_in_memcached {
    use lodger_tests::memcached::on_as_djangos;

    use super::*;

    #[tokio::test]
    async fn every_scenario_of_the_newest_release_is_equal_or_differs_on_purpose() {
        on_as_djangos(async |store| newest_agrees(&Cache(store)).await).await;
    }

    #[tokio::test]
    async fn most_of_what_any_release_did_is_done_here() {
        on_as_djangos(async |store| most_agrees(&Cache(store), (12, 24)).await).await;
    }
}

mod signed_cookies {
    use super::*;

    #[tokio::test]
    async fn every_scenario_of_the_newest_release_is_equal_or_differs_on_purpose() {
        newest_agrees(&Cookies { formats: Formats::MODERN }).await;
    }

    /// Each release beside an engine that takes its cookies.
    #[tokio::test]
    async fn most_of_what_any_release_did_is_done_here() {
        let mut by_formats: Vec<(Formats, Vec<Record>)> = Vec::new();
        for record in records("signed_cookies") {
            let formats = formats_of(&record.release);
            match by_formats.iter_mut().find(|(of, _)| *of == formats) {
                Some((_, records)) => records.push(record),
                None => by_formats.push((formats, vec![record])),
            }
        }
        let mut agreed = Agreement::default();
        for (formats, records) in by_formats {
            agreed.add(&Cookies { formats }, &records).await;
        }
        // In the rest Django has changed since, most of all in `Vary`, or it answers a cookie that it
        // cannot read with an empty session.
        agreed.tell("signed_cookies", (35, 59));
    }
}

/// Compares the records of the newest release, and sees that each intended difference is one.
async fn newest_agrees(engine: &impl RecordedEngine) {
    let name = engine.name();
    let records: Vec<Record> = records(name).into_iter().filter(|record| record.newest).collect();
    let ran = run_all(engine, &records).await;
    let intended = differences(name);
    let mut used = vec![0; intended.len()];
    let (mut equal, mut differing, mut findings) = (0, 0, BTreeMap::new());
    for record in &records {
        let found = &ran[&record.scenario];
        let differs = compared(record, found);
        let reason = intended.iter().position(|difference| {
            difference.is_of(&record.scenario) && difference.differs == differs
        });
        match reason {
            _ if differs.is_empty() => equal += 1,
            Some(reason) => {
                used[reason] += 1;
                differing += 1;
            }
            None => {
                let told =
                    format!("{differs:?}\n  ours {found:?}\n  Django's {:?}", record.outcome);
                findings.insert(format!("{:?}", record.scenario), told);
            }
        }
    }
    let told: Vec<String> =
        findings.iter().map(|(scenario, told)| format!("{scenario}: {told}")).collect();
    assert!(told.is_empty(), "{} differ without a reason:\n{}", told.len(), told.join("\n"));
    for (difference, used) in intended.iter().zip(used) {
        assert!(used > 0, "nothing differs any more because {}", difference.why);
    }
    assert!(equal > 0, "nothing was recorded of {name}");
    report::count(&format!("vectors middleware.json scenarios of {name}: equal"), equal);
    let what = format!("vectors middleware.json scenarios of {name}: intended differences");
    report::count(&what, differing);
}

/// Compares the records of all releases: so many are equal to the byte, and so many in what they mean.
async fn most_agrees(engine: &impl RecordedEngine, expected: (usize, usize)) {
    let mut agreed = Agreement::default();
    agreed.add(engine, &records(engine.name())).await;
    agreed.tell(engine.name(), expected);
}

/// How many records agree.
#[derive(Default)]
struct Agreement {
    to_the_byte: usize,
    in_meaning: usize,
    /// As often as a release gave one that agrees in what it means.
    by_release: usize,
    /// As often as a release gave one.
    releases: usize,
}

impl Agreement {
    async fn add(&mut self, engine: &impl RecordedEngine, records: &[Record]) {
        let ran = run_all(engine, records).await;
        for record in records {
            self.releases += record.releases;
            let Ran::Done(outcome) = &ran[&record.scenario] else { continue };
            if record.raised.is_some() {
                continue;
            }
            self.to_the_byte += usize::from(*outcome == record.outcome);
            if outcome.meaning() == record.outcome.meaning() {
                self.in_meaning += 1;
                self.by_release += record.releases;
            }
        }
    }

    fn tell(self, engine: &str, expected: (usize, usize)) {
        let Self { to_the_byte, in_meaning, by_release, releases } = self;
        assert_eq!((to_the_byte, in_meaning), expected);
        assert!(2 * by_release > releases, "{by_release} of {releases}");
        let what = format!("vectors middleware.json scenarios of {engine}, any release");
        report::count(&format!("{what}: equal"), to_the_byte);
        report::count(
            &format!("{what}: equal but for the cookie's text"),
            in_meaning - to_the_byte,
        );
        report::count(&format!("{what}: equal, each release counted, of {releases}"), by_release);
    }
}
