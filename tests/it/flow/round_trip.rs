//! The budget of round trips to the store.

use lodger_core::{SessionStore, Settings};
use lodger_testing::Calls;
use lodger_tests::site::Site;

use super::page::pages;
use super::visitor::{app, ask};

on_every_store!(
    a_request_costs_no_more_calls_than_the_budget_says,
    saving_every_request_costs_one_call_more,
);

/// What a page may cost: its path, who asks, loads, the one write, calls of it.
type Budget = (&'static str, Who, u64, fn(&Calls) -> u64, u64);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Who {
    Nobody,
    Known,
    Unknown,
}

const UNTOUCHED: fn(&Calls) -> u64 = |_| 0;

async fn keeps<S: SessionStore>(site: &Site<S>, budget: &[Budget]) {
    let app = app(site, pages());
    for (path, who, loads, write, writes) in budget {
        let known = site.stored(r#"{"a":1}"#).await;
        let unknown = lodger_core::SessionKey::parse("nobodymadethiskey", 128).unwrap();
        let key = match who {
            Who::Nobody => None,
            Who::Known => Some(&known),
            Who::Unknown => Some(&unknown),
        };
        site.spy.reset();
        assert_eq!(ask(&app, path, key).await.status, 200);
        let calls = site.spy.calls();
        let spent = (calls.load, write(&calls), calls.total());
        assert_eq!(spent, (*loads, *writes, loads + writes), "{path} {who:?}: {calls:?}");
    }
}

/// Promise 11
async fn a_request_costs_no_more_calls_than_the_budget_says<S: SessionStore>(store: S) {
    let site = Site::new(store);
    keeps(
        &site,
        &[
            ("/untouched", Who::Nobody, 0, UNTOUCHED, 0),
            ("/untouched", Who::Known, 0, UNTOUCHED, 0),
            ("/untouched", Who::Unknown, 0, UNTOUCHED, 0),
            ("/loaded", Who::Nobody, 0, UNTOUCHED, 0),
            ("/loaded", Who::Known, 1, UNTOUCHED, 0),
            ("/read", Who::Nobody, 0, UNTOUCHED, 0),
            ("/read", Who::Known, 1, UNTOUCHED, 0),
            ("/read", Who::Unknown, 1, UNTOUCHED, 0),
            ("/set", Who::Nobody, 0, |calls| calls.create, 1),
            ("/set", Who::Known, 1, |calls| calls.swap, 1),
            ("/set", Who::Unknown, 1, |calls| calls.create, 1),
            ("/clear", Who::Known, 1, |calls| calls.swap, 1),
            ("/login", Who::Nobody, 0, |calls| calls.create, 1),
            ("/login", Who::Known, 1, |calls| calls.cycle, 1),
            ("/logout", Who::Nobody, 0, UNTOUCHED, 0),
            ("/logout", Who::Known, 1, |calls| calls.delete, 1),
        ],
    )
    .await;
}

async fn saving_every_request_costs_one_call_more<S: SessionStore>(store: S) {
    let mut settings = Settings::default();
    settings.save_every_request = true;
    let site = Site::with_settings(store, settings);
    keeps(
        &site,
        &[
            ("/untouched", Who::Nobody, 0, UNTOUCHED, 0),
            ("/untouched", Who::Known, 1, |calls| calls.touch, 1),
            ("/untouched", Who::Unknown, 1, UNTOUCHED, 0),
            ("/read", Who::Nobody, 0, UNTOUCHED, 0),
            ("/read", Who::Known, 1, |calls| calls.touch, 1),
            ("/set", Who::Nobody, 0, |calls| calls.create, 1),
            ("/set", Who::Known, 1, |calls| calls.swap, 1),
            ("/logout", Who::Known, 1, |calls| calls.delete, 1),
        ],
    )
    .await;
}
