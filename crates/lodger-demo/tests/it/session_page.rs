//! The page that shows the session, and its forms.

use serde_json::{Value, json};

use crate::demo::Home;

fn calls(page: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let store = page["store"].as_array().unwrap();
    store.iter().map(|entry| (text(&entry["call"]), text(&entry["outcome"]))).collect()
}

fn call(name: &str, outcome: &str) -> (String, String) {
    (name.to_owned(), outcome.to_owned())
}

#[test]
fn it_shows_fields_expiry_and_what_the_store_was_asked() {
    let home = Home::new();
    let demo = home.serve(&[]);
    let mut browser = demo.browser();
    browser.get("/");
    browser.submit("/session/field", &[("name", "colour"), ("value", "green")], "/session");
    let page = browser.json("/session");
    assert_eq!(page["fields"], json!({"visits": 1, "colour": "green"}));
    assert_eq!(page["expiry_age"], 1_209_600);
    assert_eq!(page["expire_at_browser_close"], false);
    assert_eq!(page["empty"], false);
    assert_eq!(page["user_id"], json!(null));
    assert_eq!(calls(&page), [call("load", "found")]);
    let date = page["expiry_date"].as_str().unwrap();
    assert!(date.ends_with('Z') && date.as_bytes()[10] == b'T', "{date}");
}

#[test]
fn a_visitor_without_a_session_asks_nothing_of_the_store_and_a_dead_key_asks_once() {
    let home = Home::new();
    let demo = home.serve(&[]);
    let mut browser = demo.browser();
    let page = browser.json("/session");
    assert_eq!((calls(&page), &page["empty"], &page["fields"]), (vec![], &json!(true), &json!({})));
    assert!(browser.get("/session").body.contains("You have no session."));

    browser.cookie = Some("0123456789abcdefghijklmnopqrstuv".to_owned());
    assert_eq!(calls(&browser.json("/session")), [call("load", "absent")]);
    assert_eq!(browser.cookie, None);
}

#[test]
fn the_end_can_be_set_as_in_django() {
    let home = Home::new();
    let demo = home.serve(&[]);
    let mut browser = demo.browser();
    for (seconds, age, at_browser_close) in
        [("300", 300, false), ("0", 1_209_600, true), ("", 1_209_600, false)]
    {
        browser.submit("/session/expiry", &[("seconds", seconds)], "/session");
        let page = browser.json("/session");
        assert_eq!(page["expiry_age"], age, "{seconds}");
        assert_eq!(page["expire_at_browser_close"], at_browser_close, "{seconds}");
    }
    for seconds in ["-1", "soon", "1.5"] {
        assert_eq!(browser.post("/session/expiry", &[("seconds", seconds)]).status, 422);
    }
}

#[test]
fn the_key_can_be_changed_and_the_data_stay() {
    let home = Home::new();
    let demo = home.serve(&[]);
    let mut browser = demo.browser();
    browser.submit("/session/field", &[("name", "colour"), ("value", "green")], "/session");
    let digests = |page: Value| page["store"][0]["sessions"].clone();
    let (key, digest) = (browser.cookie.clone(), digests(browser.json("/session")));
    browser.submit("/session/cycle", &[], "/session");
    let page = browser.json("/session");
    assert_eq!(page["fields"], json!({"colour": "green"}));
    assert_ne!(browser.cookie, key);
    assert_ne!(digests(page), digest);
}

#[test]
fn nobody_makes_themselves_somebody_by_setting_a_field() {
    let home = Home::new();
    let demo = home.serve(&[]);
    let mut browser = demo.browser();
    for name in ["_auth_user_id", "_session_expiry", "_lodger", "demo_user", "visits", "basket", ""]
    {
        let answer = browser.post("/session/field", &[("name", name), ("value", "1")]);
        assert_eq!(answer.status, 422, "{name}");
    }
    assert_eq!(browser.cookie, None);
}
