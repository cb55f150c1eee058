//! Where the sessions are kept.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use rustix::process::Signal;
use serde_json::json;

use crate::demo::Home;

#[test]
fn in_memory_sessions_live_until_the_program_ends_and_no_database_is_made() {
    let home = Home::new();
    let demo = home.serve(&["--store", "memory:"]);
    let mut browser = demo.browser();
    browser.get("/");
    assert_eq!(browser.json("/")["visits"], 2);
    let page = browser.json("/session");
    assert_eq!(
        (&page["store"][0]["call"], &page["store"][0]["outcome"]),
        (&json!("load"), &json!("found"))
    );
    assert!(browser.get("/session").body.contains("in the memory of this process"));
    browser.submit("/logout", &[], "/");
    assert_eq!(browser.cookie, None);
    browser.get("/");
    assert!(demo.stop(Signal::TERM).success());

    let demo = home.serve(&["--store", "memory:"]);
    assert_eq!(browser.moved(&demo.address).json("/")["visits"], 1);
    assert!(home.path().join("lodger-demo.secret").is_file());
    assert!(!home.path().join("lodger-demo.sqlite3").exists());
}

#[test]
fn files_lie_in_a_folder_of_ones_own_and_their_sessions_survive_a_restart() {
    let home = Home::new();
    let demo = home.serve(&["--store", "file:data"]);
    let mut browser = demo.browser();
    browser.get("/");
    demo.browser().submit("/session/expiry", &[("seconds", "1")], "/session");
    assert!(demo.stop(Signal::TERM).success());
    let folder = home.path().join("data");
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    // The secret lies beside the folder, not in it.
    assert!(home.path().join("lodger-demo.secret").is_file());
    let files = || fs::read_dir(&folder).unwrap().count();
    assert_eq!(files(), 2);

    let demo = home.serve(&["--store", "file:data"]);
    assert_eq!(browser.moved(&demo.address).json("/")["visits"], 2);
    std::thread::sleep(Duration::from_millis(1200));
    let output = home.run(&["clear-expired", "--store", "file:data"]);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "1 expired sessions removed\n");
    assert_eq!(files(), 1);
}

#[test]
fn signed_cookies_are_kept_by_the_browser_and_the_page_and_the_log_say_so() {
    let home = Home::new();
    let demo = home.serve(&["--store", "cookie:"]);
    let mut browser = demo.browser();
    browser.get("/");
    assert_eq!(browser.json("/")["visits"], 2);
    assert_eq!(browser.json("/session")["store"], json!([]));
    let page = browser.get("/session").body;
    assert!(page.contains("kept by your browser") && !page.contains("A fresh key"));
    for number in [3, 4, 5] {
        assert!(home.log().contains(&format!("promise {number} cannot be kept")), "{}", home.log());
    }
    drop(demo);
    let demo = home.serve(&["--store", "cookie:"]);
    assert_eq!(browser.moved(&demo.address).json("/")["visits"], 3);
}

/// Promise 2
#[test]
fn the_log_says_on_one_line_where_sessions_are_kept_and_how_durably() {
    let home = Home::new();
    for (store, words) in [
        ("memory:", "sessions are kept in the memory of this process; durability T0"),
        ("sqlite:a.db", "sessions are kept in a SQLite file; durability T4"),
    ] {
        drop(home.serve(&["--store", store]));
        let log = home.log();
        assert_eq!(log.lines().filter(|line| line.contains(words)).count(), 1, "{log}");
    }
}

#[test]
fn the_command_line_comes_before_the_environment_and_the_new_variable_before_the_old_one() {
    let home = Home::new();
    let file = |name: &str| home.path().join(name).is_file();
    let both = [("LODGER_STORE", "sqlite:new.db"), ("LODGER_DATABASE_URL", "sqlite:old.db")];
    drop(home.serve_with(&["--database-url", "sqlite:given.db"], &both));
    assert!(file("given.db") && !file("new.db") && !file("old.db"));
    drop(home.serve_with(&[], &both));
    assert!(file("new.db") && !file("old.db"));
    drop(home.serve_with(&[], &[("LODGER_STORE", ""), both[1]]));
    assert!(file("old.db") && !file("lodger-demo.sqlite3"));
}

#[test]
fn what_ends_with_the_program_leaves_nothing_to_clear_and_the_browsers_cannot_be_cleared() {
    let home = Home::new();
    let output = home.run(&["clear-expired", "--store", "memory:"]);
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "0 expired sessions removed\n");

    let output = home.run(&["clear-expired", "--store", "cookie:"]);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(errors.contains("the browsers keep the sessions"), "{errors}");
    // Neither asks for the secret.
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
}

#[test]
fn a_url_that_names_no_store_is_refused_without_being_shown() {
    let home = Home::new();
    for (url, words) in [
        ("gopher://canary@host/", "begins like none"),
        ("redis://:canary@/", "names no server"),
        ("redis://:canary@host/?format=pickle", "format is lodger or django"),
        ("cached:redis://:canary@host/", "the URL of a cache, a comma"),
        ("file:", "names no folder"),
    ] {
        for variables in [&[] as &[(&str, &str)], &[("LODGER_STORE", url)]] {
            let mut command = home.command(&["--port", "0"]);
            if variables.is_empty() {
                command.args(["--store", url]);
            }
            let output = command.envs(variables.iter().copied()).output().unwrap();
            let errors = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(1), "{errors}");
            assert!(errors.contains(words) && !errors.contains("canary"), "{errors}");
        }
    }
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);

    let output = home.command(&["--help"]).env("LODGER_STORE", "canary").output().unwrap();
    assert!(!String::from_utf8(output.stdout).unwrap().contains("canary"));
}
