//! Reading and writing histories.

use lodger_core::{OsRng, SessionKey};
use lodger_testing::history::{
    Document, Event, HistoryError, KeyDigest, Operation, Recorder, Seen, monotonic_micros, read,
};

const LINE: &str = r#"{"process":0,"worker":0,"operation":"load","invoked_at":10,"completed_at":20,"outcome":"ok"}"#;

#[test]
fn what_is_recorded_is_read_again() {
    let key = SessionKey::generate(&OsRng).expect("the system has randomness");
    let document = Document {
        tags: vec!["a".to_owned()],
        fields: [("f".to_owned(), "a".to_owned())].into(),
        counter: -3,
    };
    let event = Event {
        process: 1,
        worker: 2,
        key: Some(KeyDigest::of(&key)),
        seen: Some(Seen::Live(document)),
        set_cookie: Some(false),
        deadline: Some(30),
        ..Event::new(Operation::Load, 10, 20)
    };
    let recorder = Recorder::new(Vec::new());
    for _ in 0..3 {
        recorder.record(&event).expect("memory takes it");
    }
    let lines = recorder.finish().expect("memory takes it");
    assert_eq!(read(&lines[..]).expect("they are events"), vec![event; 3]);
}

/// Promise 12
#[test]
fn a_history_holds_no_key() {
    let key = SessionKey::generate(&OsRng).expect("the system has randomness");
    let event = Event { key: Some(KeyDigest::of(&key)), ..Event::new(Operation::Revoke, 1, 2) };
    let recorder = Recorder::new(Vec::new());
    recorder.record(&event).expect("memory takes it");
    let text =
        String::from_utf8(recorder.finish().expect("memory takes it")).expect("JSON is text");
    assert!(text.contains(&KeyDigest::of(&key).to_string()), "{text}");
    assert!(!text.contains(key.expose()) && !format!("{event:?}").contains(key.expose()));
}

#[test]
fn a_line_that_is_no_event_is_refused_with_its_number() {
    let cases = [
        "nonsense",
        "{}",
        &LINE.replace("load", "guess"),
        &LINE.replace(r#""ok""#, r#""ok","guess":1"#),
        &LINE.replace(r#""ok""#, r#""ok","key":"no digest""#),
    ];
    for case in cases {
        let error = read(format!("{LINE}\n\n{case}\n").as_bytes()).expect_err(case);
        assert!(matches!(error, HistoryError::Line { line: 3, .. }), "{error:?}");
    }
}

#[test]
fn an_event_that_ends_before_it_begins_is_refused() {
    let error = read(LINE.replace("20", "5").as_bytes()).expect_err("it is refused");
    assert!(matches!(error, HistoryError::Order { line: 1 }), "{error:?}");
}

#[test]
fn the_clock_does_not_go_back() {
    let first = monotonic_micros();
    assert!(first > 0 && monotonic_micros() >= first);
}
