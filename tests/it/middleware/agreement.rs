//! Where we agree with Django, and where on purpose not.

use std::collections::{BTreeMap, HashMap};

use lodger_tests::database::{Backend, OwnDatabase};
use lodger_tests::report;

use super::difference::differences;
use super::record::{Record, records};
use super::run::{Ran, run};
use super::scenario::Scenario;

/// What became of every scenario that any release was recorded with.
async fn run_all(records: &[Record]) -> HashMap<Scenario, Ran> {
    let database = OwnDatabase::create(Backend::Sqlite).await.expect("SQLite needs no server");
    let mut ran = HashMap::new();
    for Record { scenario, .. } in records {
        if !ran.contains_key(scenario) {
            ran.insert(scenario.clone(), run(scenario, database.connection()).await);
        }
    }
    database.close().await;
    ran
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

#[tokio::test]
async fn every_scenario_of_the_newest_release_is_equal_or_differs_on_purpose() {
    let records: Vec<Record> = records().into_iter().filter(|record| record.newest).collect();
    let ran = run_all(&records).await;
    let intended = differences();
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
    report::count("vectors middleware.json scenarios: equal", equal);
    report::count("vectors middleware.json scenarios: intended differences", differing);
}

/// Releases wrote the same cookie in several forms; what it says is compared beside its text.
#[tokio::test]
async fn most_of_what_any_release_did_is_done_here() {
    let records = records();
    let ran = run_all(&records).await;
    let (mut to_the_byte, mut in_meaning) = (0, 0);
    for record in &records {
        let Ran::Done(outcome) = &ran[&record.scenario] else { continue };
        if record.raised.is_some() {
            continue;
        }
        to_the_byte += usize::from(*outcome == record.outcome);
        in_meaning += usize::from(outcome.meaning() == record.outcome.meaning());
    }
    // In the rest Django has changed since, most of all in `Vary` when the cookie is set or removed
    // and in what it saved on 501 and above, or we do otherwise on purpose.
    assert_eq!((to_the_byte, in_meaning), (187, 327), "of {}", records.len());
    report::count("vectors middleware.json scenarios of any release: equal", to_the_byte);
    let but_for_the_text = in_meaning - to_the_byte;
    report::count(
        "vectors middleware.json scenarios of any release: equal but for the cookie's text",
        but_for_the_text,
    );
}
