//! Each kind of anomaly is found in one history, and nothing is found in its twin.
//!
//! The histories are `tests/data/histories/<code>.found.jsonl` and `<code>.twin.jsonl`.

use std::path::PathBuf;

use lodger_testing::history::{Checker, Code, Event, Verdict, read};

fn history(code: Code, which: &str) -> Vec<Event> {
    let name = format!("{}.{which}.jsonl", code.to_string().to_lowercase());
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/histories");
    let text = std::fs::read(folder.join(&name)).expect(&name);
    read(&text[..]).expect(&name)
}

fn check(code: Code, which: &str) -> Verdict {
    Checker::new().check(&history(code, which))
}

#[test]
fn every_kind_is_found_in_its_history() {
    for code in Code::ALL {
        let verdict = check(code, "found");
        assert!(
            verdict.anomalies.iter().any(|anomaly| anomaly.code == code),
            "{code}: {verdict:#?}"
        );
    }
}

#[test]
fn nothing_is_found_in_its_twin() {
    for code in Code::ALL {
        let verdict = check(code, "twin");
        assert!(verdict.anomalies.is_empty() && verdict.undecided == 0, "{code}: {verdict:#?}");
    }
}

/// But for what is no contradiction in itself: two keys at once, or a cookie.
#[test]
fn no_order_explains_what_is_found() {
    let explained = [Code::An6, Code::An13, Code::Order];
    for code in Code::ALL.into_iter().filter(|code| !explained.contains(code)) {
        let verdict = check(code, "found");
        assert!(
            verdict.anomalies.iter().any(|anomaly| anomaly.code == Code::Order),
            "{code}: {verdict:#?}"
        );
    }
}

#[test]
fn the_order_of_the_lines_does_not_matter() {
    for code in Code::ALL {
        let mut events = history(code, "found");
        let forwards = Checker::new().check(&events).anomalies.len();
        events.reverse();
        assert_eq!(Checker::new().check(&events).anomalies.len(), forwards, "{code}");
    }
}

#[test]
fn an_anomaly_tells_its_kind_its_key_and_the_events() {
    let verdict = check(Code::An3, "found");
    let anomaly = verdict.anomalies.iter().find(|anomaly| anomaly.code == Code::An3);
    let anomaly = anomaly.expect("it is found");
    assert_eq!(anomaly.events.len(), 2);
    assert_eq!(
        anomaly.to_string(),
        "AN3 on key 00000000000000a1: a write succeeded on a session whose end was acknowledged \
         before it"
    );
}
