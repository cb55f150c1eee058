//! What must not be seen.

use crate::demo::Home;

/// Promise 12
#[test]
fn no_page_and_no_log_shows_a_key_or_the_secret() {
    const SECRET: &str = "canary of the secret key";
    let home = Home::new();
    let demo = home.serve(&["--secret-key", SECRET]);
    let mut browser = demo.browser();
    let mut keys = Vec::new();
    let mut bodies = String::new();
    for (path, fields) in [
        ("/basket", vec![("item", "tea")]),
        ("/login", vec![("name", "Ann")]),
        ("/session/cycle", vec![]),
        ("/session/expiry", vec![("seconds", "soon")]),
    ] {
        bodies += &browser.post(path, &fields).body;
        keys.extend(browser.cookie.clone());
        for path in ["/", "/login", "/session", "/nowhere"] {
            bodies += &browser.get(path).body;
        }
        bodies += &browser.json("/session").to_string();
    }
    drop(demo);
    let mut log = home.log();

    // Under another secret the session is there but cannot be read, of which much is to be said.
    let demo = home.serve(&["--secret-key", "another canary"]);
    let mut browser = browser.moved(&demo.address);
    bodies += &browser.get("/").body;
    keys.extend(browser.cookie.clone());
    browser.submit("/logout", &[], "/");
    drop(demo);
    log += &home.log();
    assert!(log.contains("session data cannot be decoded"), "{log}");

    keys.dedup();
    assert_eq!(keys.len(), 4);
    for secret in keys.iter().map(String::as_str).chain([SECRET, "another canary"]) {
        assert!(!bodies.contains(secret));
        assert!(!log.contains(secret));
    }
}
