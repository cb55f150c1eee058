//! Starting, ending, starting again.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};
use std::time::Duration;

use rustix::process::Signal;
use serde_json::json;

use crate::demo::Home;

const STRONG: &str = "nine-lodgers-and-forty-two-keys-behind-the-green-door";

#[test]
fn the_counter_and_the_secret_survive_a_restart_by_either_signal() {
    let home = Home::new();
    let secret = || fs::read(home.path().join("lodger-demo.secret")).unwrap();
    let demo = home.serve(&[]);
    let mut browser = demo.browser();
    assert_eq!(browser.json("/")["visits"], 1);
    let first_secret = secret();
    assert!(demo.stop(Signal::TERM).success());

    for (visits, signal) in [(2, Signal::INT), (3, Signal::TERM)] {
        let demo = home.serve(&[]);
        browser = browser.moved(&demo.address);
        assert_eq!(browser.json("/")["visits"], visits);
        assert_eq!(secret(), first_secret);
        assert!(demo.stop(signal).success());
    }
    let mode = fs::metadata(home.path().join("lodger-demo.secret")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn the_secret_lies_beside_the_sqlite_file() {
    let home = Home::new();
    fs::create_dir(home.path().join("data")).unwrap();
    let _demo = home.serve(&["--database-url", "sqlite://data/site.db"]);
    assert!(home.path().join("data/site.db").is_file());
    assert!(home.path().join("data/lodger-demo.secret").is_file());
}

#[test]
fn another_secret_finds_no_session_and_as_a_fallback_it_does() {
    let home = Home::new();
    let demo = home.serve(&["--secret-key", "the old one"]);
    let mut browser = demo.browser();
    browser.get("/");
    drop(demo);

    let demo = home.serve(&["--secret-key", "the new one"]);
    browser = browser.moved(&demo.address);
    assert_eq!(browser.json("/session")["fields"], json!({}));
    drop(demo);

    let keys = ["--secret-key", "the new one", "--secret-key-fallback", "the old one"];
    let demo = home.serve(&keys);
    assert_eq!(browser.moved(&demo.address).json("/")["visits"], 2);
}

#[test]
fn cookies_are_secure_behind_https_only() {
    let home = Home::new();
    for (arguments, secure) in [(&[] as &[&str], false), (&["--https"], true)] {
        let demo = home.serve(arguments);
        let answer = demo.browser().get("/");
        let cookie = answer.header("set-cookie").unwrap();
        assert_eq!(cookie.contains("; Secure"), secure, "{cookie}");
        assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Lax"), "{cookie}");
    }
}

#[test]
fn the_environment_lists_fallbacks_with_commas_between() {
    let home = Home::new();
    let demo = home.serve(&["--secret-key", "the old one"]);
    let mut browser = demo.browser();
    browser.get("/");
    drop(demo);

    let variables = [
        ("LODGER_SECRET_KEY", "the new one"),
        ("LODGER_SECRET_KEY_FALLBACKS", "the oldest one,the old one"),
    ];
    let demo = home.serve_with(&[], &variables);
    assert_eq!(browser.moved(&demo.address).json("/")["visits"], 2);
    assert!(!home.log().contains("the old"));
}

/// A limit of no bytes ends the program in the middle of its writing, or has the writing fail.
#[test]
fn a_start_that_cannot_finish_the_secret_leaves_the_next_one_alone() {
    let home = Home::new();
    // Without the limit it would get as far as the port, and end there.
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let program = env!("CARGO_BIN_EXE_lodger-demo");
    let status = Command::new("sh")
        .args(["-c", "ulimit -c 0; ulimit -f 0; exec \"$0\" --port \"$1\"", program, &port])
        .current_dir(home.path())
        .env_remove("LODGER_SECRET_KEY")
        .status()
        .unwrap();
    assert!(!status.success());
    assert!(!home.path().join("lodger-demo.secret").exists());

    let demo = home.serve(&[]);
    assert_eq!(demo.browser().json("/")["visits"], 1);
}

/// The one line that says why it did not start.
fn complaint(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1));
    let errors = String::from_utf8(output.stderr.clone()).unwrap();
    let lines: Vec<&str> = errors.lines().filter(|line| !line.contains(" WARN ")).collect();
    let [line] = lines[..] else { panic!("{errors}") };
    assert!(output.stdout.is_empty());
    line.strip_prefix("lodger-demo: ").unwrap().to_owned()
}

#[test]
fn a_weak_key_is_refused_where_others_can_reach() {
    let home = Home::new();
    let weak_fallback = ["--secret-key", STRONG, "--secret-key-fallback", "canary"];
    for keys in [&["--secret-key", "canary"] as &[&str], &weak_fallback] {
        let line = complaint(&home.run(&[&["--address", "0.0.0.0", "--port", "0"], keys].concat()));
        assert!(line.contains("too weak to serve on 0.0.0.0"), "{line}");
        assert!(!line.contains("canary"), "{line}");
    }
    assert!(!home.path().join("lodger-demo.sqlite3").exists());

    let line = complaint(&home.run(&["--port", "0", "--https", "--secret-key", "canary"]));
    assert!(line.contains("too weak to serve behind a proxy"), "{line}");
    assert!(!home.path().join("lodger-demo.sqlite3").exists());

    let _demo = home.serve(&["--secret-key", "canary"]);
    assert!(home.log().contains("the secret key is weak") && !home.log().contains("canary"));
    let strong = home.serve(&["--address", "0.0.0.0", "--secret-key", STRONG]);
    assert!(strong.address.starts_with("0.0.0.0:"));
    home.serve(&["--https", "--secret-key", STRONG]);
}

#[test]
fn what_keeps_it_from_starting_is_said_in_one_line() {
    let home = Home::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let line = complaint(&home.run(&["--port", &port]));
    assert!(line.contains("is in use"), "{line}");

    fs::create_dir(home.path().join("folder")).unwrap();
    for (arguments, words) in [
        (["--database-url", "sqlite://folder"], "the SQLite file folder cannot be opened"),
        (["--database-url", "sqlite://none/a.db"], "none/lodger-demo.secret cannot be created"),
        (["--store", "mysql://canary@127.0.0.1:1/db"], "the database cannot be reached"),
        (["--store", "postgres://[canary"], "the database cannot be reached"),
        (["--secret-key", ""], "the secret key must not be empty"),
    ] {
        let line = complaint(&home.run(&[&["--port", "0"], &arguments[..]].concat()));
        assert!(line.contains(words) && !line.contains("canary"), "{line}");
    }
}

#[test]
fn expired_sessions_are_cleared_and_live_ones_stay() {
    let home = Home::new();
    let demo = home.serve(&[]);
    let mut live = demo.browser();
    live.get("/");
    for _ in 0..2 {
        demo.browser().submit("/session/expiry", &[("seconds", "1")], "/session");
    }
    std::thread::sleep(Duration::from_millis(1200));
    let cleared = || {
        let output = home.run(&["clear-expired"]);
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(cleared(), "2 expired sessions removed\n");
    assert_eq!(cleared(), "0 expired sessions removed\n");
    assert_eq!(live.json("/")["visits"], 2);
}
