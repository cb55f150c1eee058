//! What the newest Django did, as recorded.

use std::collections::BTreeMap;
use std::io::Write;

use http::header::{HeaderMap, HeaderValue, VARY};
use lodger_core::{
    CookieExpiry, CookieValue, Facts, SameSite, SessionCookie, Settings, Span, Timestamp,
};
use lodger_http::{Action, Inputs, cookie, decide, vary};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

const NOW: Timestamp = Timestamp::from_micros(1_700_000_000_123_456);

#[derive(Deserialize)]
struct Recording {
    versions: Vec<String>,
    sections: BTreeMap<String, Vec<Value>>,
}

/// The records of a section that hold for the newest release.
fn newest<T: DeserializeOwned>(section: &str) -> Vec<T> {
    let recording: Recording =
        serde_json::from_str(include_str!("../../../../tests/data/django/middleware.json"))
            .unwrap();
    let last = recording.versions.len() - 1;
    let holds = |record: &&Value| record["v"].as_array().unwrap().contains(&last.into());
    let records: Vec<T> = recording.sections[section]
        .iter()
        .filter(holds)
        .map(|record| T::deserialize(record).unwrap())
        .collect();
    assert!(!records.is_empty());
    records
}

/// Tells the test command how many records were compared.
fn count(name: &str, records: usize) {
    if let Some(path) = std::env::var_os("LODGER_COUNTS") {
        let mut file = std::fs::File::options().create(true).append(true).open(path).unwrap();
        writeln!(file, "vectors {name}: {records}").unwrap();
    }
}

#[derive(Deserialize)]
struct Parsing {
    header: String,
    parsed: BTreeMap<String, String>,
}

#[test]
fn cookie_headers_are_read_as_django_reads_them() {
    let records: Vec<Parsing> = newest("cookie_header_parsing");
    for Parsing { header, parsed } in &records {
        let mut settings = Settings::django();
        // Every name that Django found, and one that it did not.
        for name in parsed.keys().map(String::as_str).chain(["sessionid", "absent"]) {
            settings.cookie_name = name.to_owned();
            let presented = cookie::read([header.as_bytes()], &settings);
            // A part without a name is nobody's cookie here.
            let expected = parsed.get(name).filter(|_| !name.is_empty());
            assert_eq!(
                presented.value().map(CookieValue::expose),
                expected.map(|value| value.as_bytes()),
                "{name:?} in {header:?}"
            );
        }
    }
    count("middleware.cookie_header_parsing", records.len());
}

#[derive(Deserialize)]
struct Merging {
    before: String,
    after: String,
}

#[test]
fn vary_is_merged_as_django_merges_it() {
    let records: Vec<Merging> = newest("vary_merge");
    for Merging { before, after } in &records {
        let mut headers = HeaderMap::new();
        headers.insert(VARY, HeaderValue::from_str(before).unwrap());
        vary::add_cookie(&mut headers);
        assert_eq!(headers[VARY], *after, "{before:?}");
    }
    count("middleware.vary_merge", records.len());
}

#[derive(Debug, Deserialize)]
struct Scenario {
    /// The settings.
    s: String,
    /// The cookie that came in.
    #[serde(rename = "in")]
    presented: String,
    /// What the view did.
    a: String,
    st: u16,
    /// Accessed, modified, empty.
    flags: Option<String>,
    set_cookie: Option<String>,
    vary: Option<String>,
    exc: Option<String>,
}

/// But for those with a `SameSite` that our settings cannot express.
fn scenarios() -> Vec<Scenario> {
    let all: Vec<Scenario> = newest("scenarios");
    all.into_iter().filter(|scenario| scenario.s != "samesite_bad").collect()
}

impl Scenario {
    fn settings(&self) -> Settings {
        let mut settings = Settings::django();
        match self.s.as_str() {
            "every" | "every_close" => settings.save_every_request = true,
            "no_httponly" => settings.cookie_httponly = false,
            "domain" => settings.cookie_domain = Some(".example.org".into()),
            "path" => settings.cookie_path = "/app/".into(),
            "strict" => settings.cookie_samesite = SameSite::Strict,
            "samesite_False" | "samesite_None_value" => {
                settings.cookie_samesite = SameSite::Omitted;
            }
            "samesite_none_str" => {
                (settings.cookie_samesite, settings.cookie_secure) = (SameSite::None, true);
            }
            "samesite_none_str_insecure" => settings.cookie_samesite = SameSite::None,
            "secure" => settings.cookie_secure = true,
            "host_prefix" => {
                (settings.cookie_name, settings.cookie_secure) = ("__Host-sid".into(), true);
            }
            // These change the expiry, which the engine decides.
            "base" | "age0" | "age60" | "browser_close" => {}
            other => panic!("unknown settings {other}"),
        }
        settings
    }

    fn removes(&self) -> bool {
        self.set_cookie.as_deref().is_some_and(|text| text.contains("=\"\";"))
    }
}

/// The decision is the middleware's own: flags in, headers out, whatever the engine.
#[test]
fn the_decision_is_the_recorded_one() {
    let scenarios = scenarios();
    let mut compared = 0;
    for scenario in &scenarios {
        let Some(flags) = &scenario.flags else { continue };
        let flag = |at: usize| flags.as_bytes()[at] == b'1';
        let facts = Facts {
            accessed: flag(0),
            modified: flag(1),
            empty: flag(2),
            flushed: scenario.a == "flush",
            due: false,
        };
        let decision = decide(Inputs {
            facts,
            presented: scenario.presented != "none",
            server_error: scenario.st >= 500,
            save_every_request: scenario.settings().save_every_request,
        });
        compared += 1;
        if scenario.exc.is_some() {
            // Django was about to save when it failed.
            assert_eq!(decision.action, Action::Save, "{scenario:?}");
            continue;
        }
        let expected = match &scenario.set_cookie {
            Some(_) if scenario.removes() => Action::Delete,
            Some(_) => Action::Save,
            None => Action::Leave,
        };
        assert_eq!(decision.action, expected, "{scenario:?}");
        assert_eq!(decision.vary, scenario.vary.is_some(), "{scenario:?}");
    }
    assert!(compared > 200, "only {compared} scenarios had flags");
}

/// Django: SessionMiddlewareTests.test_session_delete_on_end
#[test]
fn every_recorded_set_cookie_is_written_to_the_byte() {
    let scenarios = scenarios();
    let mut compared = 0;
    for scenario in &scenarios {
        let Some(text) = &scenario.set_cookie else { continue };
        let settings = scenario.settings();
        let ours = if scenario.removes() {
            cookie::remove(&settings)
        } else {
            let part = |start: &str| text.split("; ").find_map(|part| part.strip_prefix(start));
            let value = part(&format!("{}=", settings.cookie_name)).unwrap();
            let expiry = match part("Max-Age=") {
                None => CookieExpiry::AtBrowserClose,
                Some(age) => CookieExpiry::MaxAge(Span::from_secs(age.parse().unwrap())),
            };
            let value = CookieValue::new(value.as_bytes());
            cookie::set(&settings, &SessionCookie { value, expiry }, NOW)
        };
        assert_eq!(ours.unwrap().to_str().unwrap(), text, "{scenario:?}");
        compared += 1;
    }
    assert!(compared > 100, "only {compared} scenarios set a cookie");
}
