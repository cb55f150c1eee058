//! The cookies of every release of Django: `codec.json`, `negatives.json`.

use std::collections::HashMap;

use lodger_codec::{Formats, KeyRing};
use lodger_core::{
    CommitError, CookieValue, EncodeError, JsonText, Presented, SessionDict, SessionKey, Settings,
    Timestamp,
};
use lodger_tests::any_site::AnySite;
use lodger_tests::cookie_site::CookieSite;
use lodger_tests::report::count;
use lodger_tests::site::{SECRET_KEY, dict};
use lodger_tests::vectors::{Vectors, formats_of, gave};
use serde_json::Value;

/// Secrets and payloads by their names.
struct Cases {
    payloads: HashMap<String, String>,
    secrets: HashMap<String, String>,
}

fn cases() -> Cases {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/django/cases.json");
    let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let payload = |case: &Value| (text(&case["case"]), text(&case["payload"]));
    Cases {
        payloads: file["json_cases"].as_array().unwrap().iter().map(payload).collect(),
        secrets: serde_json::from_value(file["secret_keys"].clone()).unwrap(),
    }
}

/// Beside a Django of this release.
fn site(secret: &str, formats: Formats) -> CookieSite {
    let keys = KeyRing::new(secret).unwrap();
    CookieSite::with_keys(keys, |builder| {
        builder.with_settings(Settings::django()).with_formats(formats)
    })
}

/// Numbers are compared by their value, since the recordings hold them as Python prints them.
fn same(ours: &SessionDict, recorded: &SessionDict) -> bool {
    let same_value = |ours: &JsonText, recorded: &JsonText| {
        let values = ours.decode::<Value>().ok().zip(recorded.decode::<Value>().ok());
        let floats = ours.decode::<f64>().ok().zip(recorded.decode::<f64>().ok());
        ours == recorded
            || values.is_some_and(|(ours, recorded)| ours == recorded)
            || floats.is_some_and(|(ours, recorded)| ours == recorded)
    };
    ours.len() == recorded.len()
        && ours.iter().all(|(name, value)| {
            recorded.iter().any(|(other, recorded)| name == other && same_value(value, recorded))
        })
}

/// Whether two cookies are the same text; where zlib had a part in one, whose streams differ from library
/// to library, whether they bear the same stamp and inflate to the same payload.
async fn alike(site: &CookieSite, ours: &str, theirs: &str) -> bool {
    if !ours.starts_with('.') && !theirs.starts_with('.') {
        return ours == theirs;
    }
    let stamp = |text: &str| text.split(':').nth(1).map(str::to_owned);
    let mut payloads = Vec::new();
    for text in [ours, theirs] {
        // Each field is kept as the text that it came as.
        payloads.push(site.data(&SessionKey::parse(text, 4096).unwrap()).await.unwrap());
    }
    stamp(ours) == stamp(theirs) && payloads[0] == payloads[1]
}

#[tokio::test]
async fn the_cookies_of_every_release_are_read_and_written() {
    let (vectors, cases) = (Vectors::read("codec"), cases());
    let (mut read, mut written, mut too_large, mut pickles) = (0, 0, 0, 0);
    for record in vectors.section("records") {
        let Some(cookie) = record["cookie"].as_str() else { continue };
        let variant = record["variant"].as_str().unwrap();
        let secret = &cases.secrets[if variant == "k2_unicode_key" { "K2" } else { "K1" }];
        let payload = dict(&cases.payloads[record["case"].as_str().unwrap()]);
        for (index, release) in vectors.versions().iter().enumerate() {
            if !gave(record, index) {
                continue;
            }
            let formats = match variant {
                "k1_transition_sha1" => Formats::TRANSITION_SHA1,
                _ => formats_of(release),
            };
            let site = site(secret, formats);
            let opened = site.engine().load(CookieValue::new(cookie.as_bytes())).await.unwrap();
            let what = format!("{variant} {} {release}", record["case"]);
            if variant == "k1_pickle_serializer" {
                assert_eq!(opened.key(), None, "{what}: a pickle is no session");
                pickles += 1;
                continue;
            }
            if cookie.len() > Settings::django().limits.cookie_value {
                assert_eq!(opened.key(), None, "{what}: no browser kept it");
            } else {
                let recorded = record["decoded"].as_str().map_or(payload.clone(), dict);
                assert!(same(&opened.dict(), &recorded), "{what}");
                assert_eq!(opened.key().unwrap().expose(), cookie);
                read += 1;
            }

            // The dictionaries of Python 2.7 have no order.
            if release.contains("/py2") || payload.is_empty() {
                continue;
            }
            let visit = site.visit(None).await;
            for (name, value) in payload.iter() {
                visit.insert_json(name, value.clone()).unwrap();
            }
            match visit.end().await {
                Ok(ours) => {
                    let ours = ours.unwrap().value.session_key(4096).unwrap();
                    assert!(alike(&site, ours.expose(), cookie).await, "{what}");
                    written += 1;
                }
                Err(CommitError::Encode(EncodeError::TooLarge { .. })) => {
                    assert!(cookie.len() > 3900, "{what}");
                    too_large += 1;
                }
                Err(error) => panic!("{what}: {error}"),
            }
        }
    }
    assert!(read > 100 && written > 100 && pickles > 0, "{read} {written} {pickles}");
    count("vectors codec.json cookies of signed_cookies, read", read);
    count("vectors codec.json cookies of signed_cookies, written", written);
    count("vectors codec.json cookies of signed_cookies, too large here", too_large);
    count("vectors codec.json cookies of signed_cookies, pickles refused", pickles);
}

/// What Django kept of the key and flagged where it could not read a cookie: it makes a new one there,
/// which here is made by the first write.
#[derive(Default)]
struct Tally {
    same: usize,
    makes_no_new_one: usize,
    no_object: usize,
}

async fn compare(site: &CookieSite, record: &Value, tally: &mut Tally, what: &str) {
    let input = record["input"].as_str().unwrap();
    let request = site.request(Presented::Value(CookieValue::new(input.as_bytes())));
    let session = request.load().await.unwrap();
    let fields = session.fields();
    let Some(decoded) = record["decoded"].as_str() else {
        assert!(record["exc"].as_str().unwrap().contains("list"), "{what}");
        assert!(fields.is_empty(), "{what}");
        tally.no_object += 1;
        return;
    };
    assert_eq!(fields, dict(decoded), "{what}");
    if record.get("accessed").is_none() {
        tally.same += 1;
        return;
    }
    let ours = [session.accessed(), session.modified(), session.is_empty()];
    let theirs = ["accessed", "modified", "is_empty"].map(|name| record[name] == true);
    let kept = session.session_key().is_some();
    if decoded == "{}" && theirs[1] {
        assert_eq!((ours, kept), ([true, false, true], false), "{what}");
        tally.makes_no_new_one += 1;
    } else {
        assert_eq!((ours, kept), (theirs, record["key_kept"] == true), "{what}");
        tally.same += 1;
    }
}

#[tokio::test]
async fn every_odd_cookie_is_answered_as_recorded() {
    let vectors = Vectors::read("negatives");
    let mut tally = Tally::default();
    for record in vectors.section("decode") {
        if record["engine"] != "signed_cookies" {
            continue;
        }
        for (index, release) in vectors.versions().iter().enumerate() {
            if !gave(record, index) {
                continue;
            }
            let site = site(SECRET_KEY, formats_of(release));
            let micros = record["now_us"].as_i64().unwrap();
            site.clock.set(Timestamp::from_micros(1_700_000_000_000_000 + micros));
            let what = format!("{} {release} {micros}", record["name"]);
            compare(&site, record, &mut tally, &what).await;
        }
    }
    assert!(tally.same > 50 && tally.makes_no_new_one > 50 && tally.no_object > 0);
    count("vectors negatives.json decode, signed_cookies", tally.same);
    count(
        "vectors negatives.json decode, signed_cookies, intended differences",
        tally.makes_no_new_one + tally.no_object,
    );
}

#[tokio::test]
async fn fallback_keys_are_believed_as_recorded() {
    let (vectors, cases) = (Vectors::read("negatives"), cases());
    let keys = KeyRing::new(cases.secrets["K2"].as_str()).unwrap();
    let keys = keys.with_fallbacks([cases.secrets["K3"].as_str(), cases.secrets["K1"].as_str()]);
    let site = CookieSite::with_keys(keys, |builder| builder.with_settings(Settings::django()));
    let mut compared = 0;
    for record in vectors.newest("fallbacks") {
        let name = record["name"].as_str().unwrap();
        if name.starts_with("cookie_") {
            let key = SessionKey::parse(record["input"].as_str().unwrap(), 4096).unwrap();
            let visit = site.visit(Some(&key)).await;
            assert_eq!(visit.fields(), dict(record["decoded"].as_str().unwrap()), "{name}");
            compared += 1;
        }
    }
    assert!(compared > 0);
    count("vectors negatives.json fallbacks, signed_cookies", compared);
}
