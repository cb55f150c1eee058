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

/// Headers that mean no session, by name, and whether what they present has the shape of a key.
fn hostile() -> Vec<(&'static str, bool, Vec<u8>)> {
    let of_length = |length: usize| format!("sessionid={}", "k".repeat(length)).into_bytes();
    let mut one_mebibyte = of_length(1 << 20);
    one_mebibyte.truncate(1 << 20);
    vec![
        ("a mebibyte", false, one_mebibyte),
        (
            "a mebibyte beside it",
            false,
            [b"sessionid=unknownkey; x=".as_slice(), &[b'x'; 1 << 20]].concat(),
        ),
        ("100,000 pairs", false, "sessionid=unknownkey; ".repeat(100_000).into_bytes()),
        ("100,000 other pairs", false, "a=b; ".repeat(100_000).into_bytes()),
        (
            "100,000 semicolons",
            false,
            [b"sessionid=unknownkey".as_slice(), &[b';'; 100_000]].concat(),
        ),
        ("thousands of duplicates", true, "sessionid=unknownkey;".repeat(3000).into_bytes()),
        ("no UTF-8", false, b"sessionid=\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8\xf7".to_vec()),
        ("half a character", false, b"sessionid=abcdefgh\xc3".to_vec()),
        ("a character too long", false, b"sessionid=abcdefgh\xc0\xaf".to_vec()),
        ("a surrogate", false, b"sessionid=abcdefgh\xed\xa0\x80".to_vec()),
        ("NUL in octal", false, br#"sessionid="abcd\000efgh""#.to_vec()),
        ("CR and LF in octal", true, br#"sessionid="abcdefgh\015\012Set-Cookie: a=b""#.to_vec()),
        ("quotes left open", true, br#"sessionid="abcdefgh"#.to_vec()),
        ("only quotes", false, br#"sessionid=""""#.to_vec()),
        ("a trailing backslash", true, br#"sessionid="abcdefgh\""#.to_vec()),
        ("nothing", false, b"sessionid=".to_vec()),
        ("no value", false, b"sessionid".to_vec()),
        ("no name", false, b"=sessionid".to_vec()),
        ("7 characters", false, of_length(7)),
        ("8 characters", true, of_length(8)),
        ("39 characters", true, of_length(39)),
        ("40 characters", true, of_length(40)),
        ("41 characters", true, of_length(41)),
        ("128 characters", true, of_length(128)),
        ("129 characters", false, of_length(129)),
        ("40 wide characters", false, format!("sessionid={}", "\u{1F600}".repeat(40)).into_bytes()),
        ("a path", true, b"sessionid=../../../../etc/passwd".to_vec()),
        ("a path from the root", true, b"sessionid=/etc/passwd".to_vec()),
        ("a path in percents", true, b"sessionid=..%2f..%2f..%2fetc%2fpasswd".to_vec()),
        ("a path of another system", true, br"sessionid=..\..\..\secret.txt".to_vec()),
        ("a folder", true, b"sessionid=/../../../../../".to_vec()),
        ("SQL", true, b"sessionid=' OR '1'='1' -- ".to_vec()),
        ("SQL of wildcards", true, b"sessionid=%%%%%%%%%%%%%%%%".to_vec()),
        (
            "a statement more",
            true,
            br#"sessionid="x'\073 DROP TABLE django_session\073 --""#.to_vec(),
        ),
        ("a pattern of Redis", true, b"sessionid=********".to_vec()),
        ("a slot of Redis", true, b"sessionid={abcdefgh}".to_vec()),
        ("commands of Redis", true, br#"sessionid="abcdefgh\015\012FLUSHALL\015\012""#.to_vec()),
        ("a script of Redis", true, b"sessionid=') redis.call('FLUSHALL') --".to_vec()),
        ("words of memcached", true, b"sessionid=abcdefgh 0 0 5".to_vec()),
        (
            "commands of memcached",
            true,
            br#"sessionid="abcdefgh\015\012flush_all\015\012""#.to_vec(),
        ),
    ]
}

/// Promise 10
async fn no_cookie_makes_an_error_or_a_row<S: Rows>(store: S) {
    let site = Site::new(store);
    let live = site.stored(r#"{"a":1}"#).await;
    let app = app(&site, pages());
    for (name, is_key, cookie) in hostile() {
        let cookie = HeaderValue::from_bytes(&cookie).unwrap();
        for (path, deletes) in [
            ("/untouched", false),
            ("/read", false),
            ("/clear", false),
            ("/save", false),
            ("/cycle", false),
            ("/logout", true),
            ("/delete", true),
        ] {
            site.spy.reset();
            let answer = send(&app, path, [cookie.clone()]).await;
            assert_eq!((answer.status, answer.body.as_str()), (200, ""), "{name} {path}");
            assert_eq!(answer.key(), None, "{name} {path}");
            // What is no key is never asked for.
            let calls = site.spy.calls();
            let loads = u64::from(is_key && path != "/untouched");
            assert_eq!(calls.load, loads, "{name} {path}");
            let deletions = u64::from(is_key && deletes);
            assert_eq!((calls.delete, calls.writes()), (deletions, deletions), "{name} {path}");
        }
        // Who has something to store gets a key that we made.
        let answer = send(&app, "/set", [cookie]).await;
        assert_eq!(answer.status, 200, "{name}");
        let new = answer.key().unwrap();
        assert!(new.expose().len() == 32 && new != live, "{name}");
        assert!(site.manager.revoke(&new).await.unwrap());
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
