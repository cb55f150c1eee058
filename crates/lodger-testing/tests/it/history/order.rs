//! The search for an order, where it is hard or lenient.

use lodger_testing::history::{Checker, Code, Verdict, read};

/// A history in few words: `operation key from to outcome` and then JSON of its own.
fn check(checker: &Checker, lines: &[&str]) -> Verdict {
    let lines: Vec<String> = lines.iter().map(|line| line_of(line)).collect();
    checker.check(&read(lines.join("\n").as_bytes()).expect("the lines are events"))
}

fn line_of(line: &str) -> String {
    let mut words = line.splitn(5, ' ');
    let mut next = || words.next().expect("a line has five words");
    let (operation, key, from, to, rest) = (next(), next(), next(), next(), next());
    let which = if operation == "create" { "new_key" } else { "key" };
    format!(
        r#"{{"process":0,"worker":0,"operation":"{operation}","{which}":"{key}","invoked_at":{from},"completed_at":{to},{rest}}}"#
    )
}

const CREATED: &str = r#"create a1 10 20 "outcome":"ok""#;

#[test]
fn many_writes_at_once_have_an_order_if_a_read_tells_it() {
    let appends: Vec<String> = (0..40)
        .map(|number| format!(r#"append a1 30 90 "outcome":"ok","tag":"t{number}""#))
        .collect();
    // A read saw them in an order that nobody would guess.
    let tags: Vec<String> = (0..40).map(|number| format!(r#""t{}""#, number * 7 % 40)).collect();
    let load = format!(
        r#"load a1 95 99 "outcome":"ok","seen":{{"live":{{"tags":[{}]}}}}"#,
        tags.join(",")
    );
    let mut lines = vec![CREATED];
    lines.extend(appends.iter().map(String::as_str));
    lines.push(&load);
    let verdict = check(&Checker::new(), &lines);
    assert!(verdict.anomalies.is_empty() && verdict.undecided == 0, "{verdict:#?}");
}

#[test]
fn two_reads_that_contradict_each_other_have_no_order() {
    let reads = |first: &str, second: &str| {
        let load = |from: u32, tags: &str| {
            let to = from + 5;
            format!(r#"load a1 {from} {to} "outcome":"ok","seen":{{"live":{{"tags":[{tags}]}}}}"#)
        };
        let (first, second) = (load(40, first), load(50, second));
        let write = r#"append a1 30 90 "outcome":"ok","tag":"s""#;
        [CREATED.to_owned(), write.to_owned(), first, second]
    };
    let check = |checker: &Checker, lines: &[String]| {
        check(checker, &lines.iter().map(String::as_str).collect::<Vec<_>>()).anomalies
    };
    let forwards = reads("", r#""s""#);
    let backwards = reads(r#""s""#, "");
    assert_eq!(check(&Checker::new(), &forwards), []);
    assert_eq!(check(&Checker::new(), &backwards)[0].code, Code::Order);
    // While the write goes on, copies may be behind.
    assert_eq!(check(&Checker::new().with_overlapping_reads(), &backwards), []);
}

#[test]
fn what_was_acknowledged_is_not_overlapped() {
    let lines = [
        CREATED,
        r#"append a1 30 35 "outcome":"ok","tag":"s""#,
        r#"load a1 40 45 "outcome":"ok","seen":{"live":{"tags":["s"]}}"#,
        r#"load a1 50 55 "outcome":"ok","seen":{"live":{}}"#,
    ];
    let verdict = check(&Checker::new().with_overlapping_reads(), &lines);
    assert!(verdict.anomalies.iter().any(|anomaly| anomaly.code == Code::Order), "{verdict:#?}");
}

#[test]
fn a_change_of_key_of_unknown_outcome_may_have_ended_the_session() {
    let lines = [
        CREATED,
        r#"cycle a1 30 35 "outcome":"unknown","error":"unknown","tag":"s""#,
        r#"load a1 40 45 "outcome":"ok","seen":{"live":{}}"#,
        r#"load a1 50 55 "outcome":"ok","seen":"absent""#,
    ];
    assert_eq!(check(&Checker::new(), &lines).anomalies, []);
}

#[test]
fn a_search_that_takes_too_long_is_given_up_and_told() {
    // Who was last is seen, and cannot be: all orders of the others are tried.
    let mut lines = vec![CREATED.to_owned()];
    for number in 0..12 {
        lines
            .push(format!(r#"save a1 30 90 "outcome":"ok","tag":"t{number}","field":"f{number}""#));
    }
    lines.push(r#"touch a1 95 96 "outcome":"fail","error":"gone""#.to_owned());
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    assert_eq!(check(&Checker::new(), &lines).undecided, 1);
}

#[test]
fn a_key_that_nobody_made_cannot_be_live() {
    let lines = [r#"load a1 40 45 "outcome":"ok","seen":{"live":{}}"#];
    assert_eq!(check(&Checker::new(), &lines).anomalies[0].code, Code::Order);
}

/// A write is judged by the clock at which it begins.
#[test]
fn a_write_that_began_before_the_deadline_may_prolong_a_life_that_seemed_over() {
    let began = |from: u32| {
        let lines = [
            CREATED,
            r#"expire a1 30 40 "outcome":"ok","tag":"s","deadline":100000"#,
            r#"load a1 120000 120010 "outcome":"ok","seen":"absent""#,
            r#"load a1 140000 140010 "outcome":"ok","seen":{"live":{"tags":["s","t"]}}"#,
        ];
        let write = r#""outcome":"ok","tag":"t","deadline":900000"#;
        let write = format!("expire a1 {from} 130000 {write}");
        check(&Checker::new(), &[&lines[..], &[&write]].concat()).anomalies
    };
    assert_eq!(began(99_000), []);
    let codes: Vec<Code> = began(110_000).iter().map(|anomaly| anomaly.code).collect();
    assert!(!codes.is_empty(), "what began after the deadline cannot");
}
