//! Cookies that are none of ours, or were once.

use lodger_codec::{DjangoCodec, Formats, KeyRing};
use lodger_core::{
    Context, CookieValue, Limits, Opened, Presented, SessionCodec, SessionKey, Settings, StoredKey,
    Timestamp,
};
use lodger_tests::any_site::AnySite;
use lodger_tests::cookie_site::CookieSite;
use lodger_tests::report::count;
use lodger_tests::security_log;
use lodger_tests::site::{SECRET_KEY, dict};

const SALT: &str = "django.contrib.sessions.backends.signed_cookies";

fn site() -> CookieSite {
    CookieSite::with_settings(Settings::default())
}

async fn open(site: &CookieSite, text: impl AsRef<[u8]>) -> Opened {
    site.engine().load(CookieValue::new(text.as_ref())).await.unwrap()
}

fn signed_by(secret: &str, salt: &str, json: &str) -> String {
    let keys = KeyRing::new(secret).unwrap();
    let codec = DjangoCodec::new(keys, Limits::default()).with_salt(salt);
    let stored_key = StoredKey::from(String::new());
    let now = Timestamp::from_secs(1_700_000_000);
    let context = Context { stored_key: &stored_key, now, loaded_stamp: None };
    codec.encode(&dict(json), &context).unwrap().as_text().unwrap().to_owned()
}

/// Promise 15
#[tokio::test]
async fn no_flipped_bit_gives_a_session() {
    let site = site();
    let text = r#"{"user":"ada","long":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}"#;
    let key = site.stored(text).await;
    let bytes = key.expose().as_bytes();
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(matches!(open(&site, flipped).await, Opened::Fresh), "bit {bit}");
    }
    count("signed cookies with a flipped bit", bytes.len() * 8);
    for length in 0..bytes.len() {
        assert!(matches!(open(&site, &bytes[..length]).await, Opened::Fresh), "{length} bytes");
    }
    assert!(matches!(open(&site, bytes).await, Opened::Live { .. }));
}

/// Promise 1
#[tokio::test]
async fn what_was_signed_for_another_purpose_or_by_another_is_no_session() {
    let site = site();
    let json = r#"{"user":"ada"}"#;
    let ours = signed_by(SECRET_KEY, SALT, json);
    assert!(matches!(open(&site, &ours).await, Opened::Live { .. }));
    for foreign in [
        // A row of the table, which its owner could copy into the cookie.
        signed_by(SECRET_KEY, "django.contrib.sessions.SessionStore", json),
        signed_by(SECRET_KEY, "another", json),
        signed_by("another secret", SALT, json),
        format!("{ours}="),
        format!("{ours}\n"),
        format!(" {ours}"),
        ours.to_uppercase(),
        ours.replace(':', "."),
        ours.rsplit_once(':').unwrap().0.to_owned(),
        "a".repeat(1 << 20),
        format!("{}{ours}", "a".repeat(1 << 20)),
        String::new(),
        "::".into(),
        ":::::::::".into(),
        "\0\0\0\0\0\0\0\0:a:b".into(),
        "é:é:é:é:é".into(),
    ] {
        let opened = open(&site, &foreign).await;
        assert!(matches!(opened, Opened::Fresh), "{}", &foreign[..foreign.len().min(60)]);
    }
    assert!(matches!(open(&site, [0xff; 100]).await, Opened::Fresh));
}

/// A cookie that nobody signed is nobody's, and its sender cannot fill the log with it.
///
/// Promise 12
#[test]
fn a_forged_cookie_is_not_told_to_the_log() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let ((), lines) = security_log::watch(|| {
        runtime.block_on(async {
            open(&site(), "garbage12345").await;
            open(&site(), signed_by("another secret", SALT, "{}")).await;
        });
    });
    assert_eq!(lines, [] as [&str; 0]);
}

#[tokio::test]
async fn a_cookie_that_names_nothing_is_empty_once_it_was_looked_at() {
    let site = site();
    let request = site.request(Presented::Value(CookieValue::new(*b"garbage12345")));
    assert!(!request.is_empty());
    let session = request.load().await.unwrap();
    assert_eq!(session.get_json("a"), None);
    assert!(request.is_empty() && request.facts().accessed);
    assert_eq!(request.session_key(), None);
    assert_eq!(request.commit(true).await.unwrap(), None, "nothing is written");
}

#[tokio::test]
async fn what_a_fallback_signed_is_read_and_signed_anew_by_the_current_key() {
    let keys = |current: &str| KeyRing::new(current).unwrap();
    let build = |builder| builder;
    let old = CookieSite::with_keys(keys("old"), build);
    let both =
        CookieSite::with_keys(keys("new").with_fallback("older").with_fallback("old"), build);
    let new = CookieSite::with_keys(keys("new"), build);
    let key = old.stored(r#"{"a":1}"#).await;
    assert_eq!(new.data(&key).await, None);
    let visit = both.visit(Some(&key)).await;
    assert_eq!(visit.get::<i64>("a").unwrap(), Some(1));
    visit.insert("b", &2).unwrap();
    let newer = visit.end_with_key().await.unwrap();
    assert!(new.data(&newer).await.is_some());
    assert_eq!(old.data(&newer).await, None);
}

/// About the most that a cookie can become: 2.5 MB out of 4,096 bytes.
///
/// Promise 10
#[tokio::test]
async fn a_zlib_bomb_is_no_session() {
    let bomb = format!(r#"{{"a":"{}"}}"#, "a".repeat(2_500_000));
    let bomb = signed_by(SECRET_KEY, SALT, &bomb);
    assert!(bomb.starts_with('.') && bomb.len() <= 4096, "{}", bomb.len());
    let mut settings = Settings::default();
    settings.limits.inflated = 1 << 20;
    assert!(matches!(open(&CookieSite::with_settings(settings), &bomb).await, Opened::Fresh));
    assert!(matches!(open(&site(), &bomb).await, Opened::Live { .. }));
}

/// Promise 15
#[tokio::test]
async fn a_signed_value_that_is_no_session_is_none() {
    // `[1]`.
    let list = "WzFd:1r31eq:OIOWzfxvFpI9z9LkWt2bINUEC4OJRSeQ61izea2BjEY";
    assert!(matches!(open(&site(), list).await, Opened::Fresh));
}

#[tokio::test]
async fn formats_that_are_not_asked_for_are_not_read() {
    let sha1 = "eyJhIjoiYiJ9:1r31eq:kMWCYYDwZ0khNpMhFJjhOb9nsTg";
    let sha256 = "eyJhIjoiYiJ9:1r31eq:0bCKYyiu2mYe8fkuYD_T49WIacgsp1q_kWLviv0Sfs0";
    for (formats, reads) in [
        (Formats::MODERN, [false, true]),
        (Formats::TRANSITION, [true, true]),
        (Formats::TRANSITION_SHA1, [true, false]),
        (Formats::LEGACY, [true, false]),
    ] {
        let site = CookieSite::built(|builder| builder.with_formats(formats));
        let live = [open(&site, sha1).await, open(&site, sha256).await]
            .map(|opened| matches!(opened, Opened::Live { .. }));
        assert_eq!(live, reads, "{formats:?}");
        let row = SessionKey::parse("ZDIyNmI1YTk6eyJhIjoiYiJ9", 128).unwrap();
        assert_eq!(site.data(&row).await, None, "rows are no cookies");
    }
}
