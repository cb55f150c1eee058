//! Cookies that no browser of ours sent.

use http::HeaderValue;
use lodger_core::{SessionKey, Timestamp};
use lodger_tests::site::{Site, dict};

use super::page::pages;
use super::rows::Rows;
use super::visitor::{app, ask, send};

on_the_rows_of_every_store!(
    no_cookie_makes_an_error_or_a_row,
    no_spelling_of_a_key_but_its_own_opens_the_session,
    a_duplicate_of_the_cookie_does_not_hide_the_last_one,
);

/// Headers that mean no session, by name.
fn hostile() -> Vec<(&'static str, Vec<u8>)> {
    let of_length = |length: usize| format!("sessionid={}", "k".repeat(length)).into_bytes();
    let mut one_mebibyte = of_length(1 << 20);
    one_mebibyte.truncate(1 << 20);
    vec![
        ("a mebibyte", one_mebibyte),
        (
            "a mebibyte beside it",
            [b"sessionid=unknownkey; x=".as_slice(), &[b'x'; 1 << 20]].concat(),
        ),
        ("100,000 pairs", "sessionid=unknownkey; ".repeat(100_000).into_bytes()),
        ("100,000 other pairs", "a=b; ".repeat(100_000).into_bytes()),
        ("100,000 semicolons", [b"sessionid=unknownkey".as_slice(), &[b';'; 100_000]].concat()),
        ("thousands of duplicates", "sessionid=unknownkey;".repeat(3000).into_bytes()),
        ("no UTF-8", b"sessionid=\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8\xf7".to_vec()),
        ("half a character", b"sessionid=abcdefgh\xc3".to_vec()),
        ("NUL in octal", br#"sessionid="abcd\000efgh""#.to_vec()),
        ("CR and LF in octal", br#"sessionid="abcdefgh\015\012Set-Cookie: a=b""#.to_vec()),
        ("quotes left open", br#"sessionid="abcdefgh"#.to_vec()),
        ("only quotes", br#"sessionid=""""#.to_vec()),
        ("a trailing backslash", br#"sessionid="abcdefgh\""#.to_vec()),
        ("nothing", b"sessionid=".to_vec()),
        ("no value", b"sessionid".to_vec()),
        ("no name", b"=sessionid".to_vec()),
        ("7 characters", of_length(7)),
        ("8 characters", of_length(8)),
        ("39 characters", of_length(39)),
        ("40 characters", of_length(40)),
        ("41 characters", of_length(41)),
        ("128 characters", of_length(128)),
        ("129 characters", of_length(129)),
        ("40 wide characters", format!("sessionid={}", "\u{1F600}".repeat(40)).into_bytes()),
        ("a path", b"sessionid=../../../../etc/passwd".to_vec()),
        ("SQL", b"sessionid=' OR '1'='1' -- ".to_vec()),
        ("SQL of wildcards", b"sessionid=%%%%%%%%%%%%%%%%".to_vec()),
    ]
}

/// Promise 10
async fn no_cookie_makes_an_error_or_a_row<S: Rows>(store: S) {
    let site = Site::new(store);
    let live = site.stored(r#"{"a":1}"#).await;
    let app = app(&site, pages());
    for (name, cookie) in hostile() {
        let cookie = HeaderValue::from_bytes(&cookie).unwrap();
        for path in ["/untouched", "/read", "/clear", "/save", "/cycle", "/logout", "/delete"] {
            let answer = send(&app, path, [cookie.clone()]).await;
            assert_eq!((answer.status, answer.body.as_str()), (200, ""), "{name} {path}");
            assert_eq!(answer.key(), None, "{name} {path}");
        }
        let calls = site.spy.calls();
        assert_eq!(calls.writes(), calls.delete, "{name}: {calls:?}");
        // Who has something to store gets a key that we made.
        let answer = send(&app, "/set", [cookie]).await;
        assert_eq!(answer.status, 200, "{name}");
        let new = answer.key().unwrap();
        assert!(new.expose().len() == 32 && new != live, "{name}");
        assert!(site.manager.revoke(&new).await.unwrap());
        site.spy.reset();
    }
    assert_eq!(site.data(&live).await.as_deref(), Some(r#"{"a":1}"#));
    assert_eq!(site.faults.store().drain().await, 1);
}

/// Promise 7
async fn no_spelling_of_a_key_but_its_own_opens_the_session<S: Rows>(store: S) {
    let site = Site::new(store);
    let app = app(&site, pages());
    for length in [8, 32, 39, 40] {
        let live = "sessionkeyofsomebody0123456789abcdefghijkl"[..length].to_owned();
        let own = SessionKey::parse(&live, 128).unwrap();
        let end = Timestamp::from_secs(1_800_000_000);
        site.manager.save(&own, &dict(r#"{"a":1}"#), end).await.unwrap();
        assert_eq!(ask(&app, "/read", Some(&own)).await.body, "a", "{length}");
        for spelling in [
            live.to_uppercase(),
            live.replacen('s', "S", 1),
            format!("\"{live} \""),
            format!("\" {live}\""),
            format!("\"{live}\\011\""),
            format!("\"{live}\\000\""),
            live.replacen('e', "\u{e9}", 1),
            live.replacen('s', "\u{df}", 1),
            live.replacen('o', "\u{f6}", 1),
            format!("{live}\u{200b}"),
            live[..length - 1].to_owned(),
            format!("{live}x"),
            live.replacen('s', "_", 1),
            live.replacen('s', "%", 1),
        ] {
            let cookie = HeaderValue::try_from(format!("sessionid={spelling}")).unwrap();
            for path in ["/read", "/clear", "/save", "/cycle", "/logout", "/delete"] {
                let answer = send(&app, path, [cookie.clone()]).await;
                assert_eq!((answer.status, answer.body.as_str()), (200, ""), "{spelling} {path}");
            }
            let new = send(&app, "/set", [cookie]).await.key().unwrap();
            assert_ne!(new, own, "{spelling}");
            assert_eq!(site.data(&own).await.as_deref(), Some(r#"{"a":1}"#), "{spelling}");
            site.manager.revoke(&new).await.unwrap();
        }
        assert_eq!(site.faults.store().drain().await, 1);
    }
}

async fn a_duplicate_of_the_cookie_does_not_hide_the_last_one<S: Rows>(store: S) {
    let site = Site::new(store);
    let live = site.stored(r#"{"a":1}"#).await;
    let app = app(&site, pages());
    let planted = "sessionid=unknownkey; ".repeat(1000);
    let cookie = HeaderValue::try_from(format!("{planted}sessionid={}", live.expose())).unwrap();
    assert_eq!(send(&app, "/read", [cookie.clone()]).await.body, "a");
    let after = HeaderValue::from_static("sessionid=unknownkey");
    assert_eq!(send(&app, "/read", [cookie, after]).await.body, "");
}
