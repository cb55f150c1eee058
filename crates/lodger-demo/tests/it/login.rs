//! Logging in and out.

use serde_json::json;

use crate::demo::Home;

#[test]
fn logging_in_changes_the_key_and_keeps_the_basket() {
    let home = Home::new();
    let demo = home.serve(&[]);
    let mut browser = demo.browser();
    browser.submit("/basket", &[("item", "tea")], "/");
    let mut thief = demo.browser();
    thief.cookie = browser.cookie.clone();

    browser.submit("/login", &[("name", " Ann ")], "/");
    assert_ne!(browser.cookie, thief.cookie);
    let page = browser.json("/");
    assert_eq!((&page["user_name"], &page["basket"]), (&json!("Ann"), &json!(["tea"])));
    // Who knew the key from before the login has nothing.
    let page = thief.json("/login");
    assert_eq!(page, json!({"user_id": null, "user_name": null}));
    assert_eq!(thief.cookie, None);
}

#[test]
fn logging_in_under_another_name_does_not_take_over_the_session() {
    let home = Home::new();
    let demo = home.serve(&[]);
    let mut browser = demo.browser();
    browser.submit("/login", &[("name", "Ann")], "/");
    browser.submit("/basket", &[("item", "tea")], "/");
    browser.submit("/login", &[("name", "Ann")], "/");
    assert_eq!(browser.json("/")["basket"], json!(["tea"]));
    browser.submit("/login", &[("name", "Bob")], "/");
    let page = browser.json("/");
    assert_eq!((&page["user_name"], &page["basket"]), (&json!("Bob"), &json!([])));
}

#[tokio::test]
async fn logging_out_ends_the_session() {
    let home = Home::new();
    let demo = home.serve(&[]);
    let mut browser = demo.browser();
    browser.submit("/login", &[("name", "Ann")], "/");
    let mut tab = demo.browser();
    tab.cookie = browser.cookie.clone();
    assert_eq!(home.rows().await, 1);

    browser.submit("/logout", &[], "/");
    assert_eq!(browser.cookie, None);
    assert_eq!(home.rows().await, 0);
    assert_eq!(tab.json("/")["user_name"], json!(null));
}

/// Promise 11
#[tokio::test]
async fn who_only_looks_leaves_no_row_and_gets_no_cookie() {
    let home = Home::new();
    let demo = home.serve(&[]);
    let mut browser = demo.browser();
    for path in ["/login", "/session", "/style.css", "/icon.svg", "/nowhere"] {
        let answer = browser.get(path);
        assert_eq!(answer.header("set-cookie"), None, "{path}");
    }
    browser.submit("/logout", &[], "/");
    browser.submit("/session/cycle", &[], "/session");
    browser.submit("/session/expiry", &[("seconds", "")], "/session");
    assert_eq!(browser.cookie, None);
    assert_eq!(home.rows().await, 0);
}
