//! What holds for every page.

use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::demo::Home;

const PAGES: [&str; 4] = ["/", "/login", "/session", "/nowhere"];

#[test]
fn what_visitors_type_is_escaped() {
    const TYPED: &str = r#"<script>alert(1)</script>"'&"#;
    const ESCAPED: &str = "&lt;script&gt;alert(1)&lt;/script&gt;";
    let home = Home::new();
    let demo = home.serve(&[]);
    let mut browser = demo.browser();
    browser.submit("/login", &[("name", TYPED)], "/");
    browser.submit("/basket", &[("item", TYPED)], "/");
    browser.submit("/session/field", &[("name", TYPED), ("value", TYPED)], "/session");
    for (path, times) in [("/", 5), ("/login", 2), ("/session", 4)] {
        let page = browser.get(path).body;
        assert!(!page.contains("<script"), "{path}");
        assert!(page.matches(ESCAPED).count() >= times, "{path}: {page}");
        assert!(!page.contains(r#"</script>""#), "{path}");
    }
    let answer = browser.post("/session/field", &[("name", &TYPED.repeat(3)), ("value", "")]);
    assert!(answer.status == 422 && !answer.body.contains("<script"));
    assert_eq!(browser.json("/")["basket"], json!([TYPED]));
}

#[test]
fn pages_are_made_for_phones_and_for_those_who_hear_them() {
    let home = Home::new();
    let demo = home.serve(&[]);
    let mut browser = demo.browser();
    browser.submit("/basket", &[("item", "tea")], "/");
    for path in PAGES {
        let page = browser.get(path).body;
        let viewport = r#"<meta name="viewport" content="width=device-width, initial-scale=1">"#;
        for part in [viewport, r#"<html lang="en">"#, r#"<main id="content">"#, "<title>"] {
            assert!(page.contains(part), "{path}: {part}");
        }
        assert_eq!(page.matches("<h1>").count(), 1, "{path}");
        // Each field that is seen has a label.
        for input in page.split("<input ").skip(1).filter(|tag| !tag.contains("hidden")) {
            let id = input.split(r#"id=""#).nth(1).and_then(|rest| rest.split('"').next());
            let label = format!(r#"<label for="{}">"#, id.expect("an input with an id"));
            assert!(page.contains(&label), "{path}: {label}");
        }
        assert!(!page.contains("<script") && !page.contains(" style="), "{path}");
    }
    let style = browser.get("/style.css");
    assert_eq!(style.header("content-type"), Some("text/css; charset=utf-8"));
    assert!(style.body.contains("prefers-color-scheme: dark"));
}

#[test]
fn no_answer_may_run_scripts_or_be_framed() {
    let home = Home::new();
    let demo = home.serve(&[]);
    for path in PAGES.into_iter().chain(["/style.css"]) {
        let answer = demo.browser().get(path);
        let policy = answer.header("content-security-policy").unwrap_or_default();
        assert!(policy.contains("default-src 'none'"), "{path}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
    }
}

#[test]
fn errors_are_pages_too() {
    let home = Home::new();
    let demo = home.serve(&[]);
    let mut browser = demo.browser();
    let answer = browser.get("/nowhere");
    assert_eq!(answer.status, 404);
    assert!(answer.body.contains("There is no page at this address."));
    let answer = browser.get("/logout");
    assert_eq!((answer.status, answer.header("allow")), (405, Some("POST")));
    assert!(answer.body.contains("<h1>Method Not Allowed</h1>"));
    let answer = browser.post_with("/login", &[("name", "")], "Accept: application/json\r\n");
    assert_eq!(answer.json(), json!({"status": 422, "error": "Please type your name."}));
}

#[tokio::test]
async fn a_store_that_is_down_is_said_in_plain_words() {
    let home = Home::new();
    let demo = home.serve(&[]);
    let mut browser = demo.browser();
    browser.get("/");
    home.database().await.execute_unprepared("DROP TABLE django_session").await.unwrap();
    for path in ["/", "/login", "/session"] {
        let answer = browser.get(path);
        assert_eq!(answer.status, 503, "{path}");
        assert!(answer.body.contains("The sessions cannot be reached"), "{path}");
        assert_eq!(answer.header("set-cookie"), None);
    }
    // A visitor without a session loads nothing, but has one to store.
    assert_eq!(demo.browser().get("/").status, 503);
    assert_eq!(demo.browser().get("/login").status, 200);
}

#[tokio::test]
async fn a_field_that_a_page_cannot_use_is_named() {
    let home = Home::new();
    let demo = home.serve(&["--secret-key", "shared with the test"]);
    let mut browser = demo.browser();
    browser.get("/");
    // A Django site that shares the table keeps something else under this name.
    let data = lodger_row(r#"{"visits": "many"}"#);
    let update = format!("UPDATE django_session SET session_data = '{data}'");
    home.database().await.execute_unprepared(&update).await.unwrap();
    let answer = browser.get("/");
    assert_eq!(answer.status, 409);
    assert!(answer.body.contains("“visits”"), "{}", answer.body);
    assert_eq!(browser.json("/session")["fields"], json!({"visits": "many"}));
}

fn lodger_row(json: &str) -> String {
    use lodger::core::{Clock, Context, SessionCodec, StoredKey, SystemClock};
    use lodger::{DjangoCodec, KeyRing, Limits, SessionDict};

    let codec = DjangoCodec::new(KeyRing::new("shared with the test").unwrap(), Limits::default());
    let stored_key = StoredKey::from("any key will do".to_owned());
    let context = Context { stored_key: &stored_key, now: SystemClock.now(), loaded_stamp: None };
    let data = codec.encode(&SessionDict::parse(json, 10).unwrap(), &context).unwrap();
    data.as_text().unwrap().to_owned()
}
