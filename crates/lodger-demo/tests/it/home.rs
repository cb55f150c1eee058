//! The visit counter and the basket.

use serde_json::json;

use crate::demo::Home;

#[test]
fn every_visit_counts_and_the_basket_keeps_its_order() {
    let home = Home::new();
    let demo = home.serve(&[]);
    let mut browser = demo.browser();
    assert!(browser.get("/").body.contains("<strong>first</strong>"));
    assert!(browser.get("/").body.contains("<strong>2</strong>"));

    for item in ["tea", "  milk ", "salt"] {
        browser.submit("/basket", &[("item", item)], "/");
    }
    browser.submit("/basket/remove", &[("index", "1")], "/");
    assert_eq!(
        browser.json("/"),
        json!({"visits": 3, "basket": ["tea", "salt"], "user_id": null, "user_name": null})
    );
}

#[test]
fn visits_at_the_same_moment_all_count() {
    let home = Home::new();
    let demo = home.serve(&[]);
    let mut browser = demo.browser();
    browser.get("/");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            let mut tab = demo.browser();
            tab.cookie = browser.cookie.clone();
            scope.spawn(move || (0..5).for_each(|_| assert_eq!(tab.get("/").status, 200)));
        }
    });
    assert_eq!(browser.json("/")["visits"], 42);
}

#[test]
fn removing_what_is_not_there_changes_nothing_and_begins_no_session() {
    let home = Home::new();
    let demo = home.serve(&[]);
    let mut browser = demo.browser();
    browser.submit("/basket/remove", &[("index", "0")], "/");
    assert_eq!(browser.cookie, None);

    browser.submit("/basket", &[("item", "tea")], "/");
    browser.submit("/basket/remove", &[("index", "7")], "/");
    browser.submit("/basket/remove", &[("index", "0"), ("item", "salt")], "/");
    assert_eq!(browser.json("/")["basket"], json!(["tea"]));
}

#[test]
fn an_empty_a_long_and_a_broken_form_are_refused_in_plain_words() {
    let home = Home::new();
    let demo = home.serve(&[]);
    let mut browser = demo.browser();
    let long = "a".repeat(101);
    let too_much = "a".repeat(40_000);
    for (path, fields, status, words) in [
        ("/basket", vec![("item", "  ")], 422, "Please type the name of an item."),
        ("/basket", vec![("item", long.as_str())], 422, "to 100 characters"),
        ("/basket", vec![], 422, "The form is incomplete"),
        ("/basket", vec![("item", too_much.as_str())], 413, "too much"),
        ("/basket/remove", vec![("index", "-1")], 422, "The form is incomplete"),
    ] {
        let answer = browser.post(path, &fields);
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.body.contains(words), "{path}: {}", answer.body);
        assert_eq!(answer.header("set-cookie"), None);
    }
}

#[test]
fn a_form_that_another_site_sends_is_refused() {
    let home = Home::new();
    let demo = home.serve(&[]);
    let mut browser = demo.browser();
    let answer = browser.post_with("/login", &[("name", "Eve")], "Sec-Fetch-Site: cross-site\r\n");
    assert_eq!((answer.status, answer.header("set-cookie")), (403, None));
    assert!(answer.body.contains("sent from another site"));

    let answer = browser.post_with("/login", &[("name", "Ann")], "Sec-Fetch-Site: same-origin\r\n");
    assert_eq!(answer.status, 303);
}
