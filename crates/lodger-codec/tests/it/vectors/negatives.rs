//! `negatives.json`: what each release made of good, tampered and odd rows.

use lodger_codec::{DjangoCodec, Formats, KeyRing};
use lodger_core::{DecodeError, JsonError, Limits, SessionData, SessionDict};
use serde::Deserialize;

use super::file;
use super::release::{Release, row_codec};
use super::sameness::same;
use crate::context::{decode, dict};
use crate::warnings::warnings;

#[derive(Deserialize)]
struct Record {
    v: Vec<usize>,
    name: String,
    #[serde(default)]
    engine: String,
    input: String,
    decoded: Option<String>,
    exc: Option<String>,
    #[serde(default)]
    log: Vec<String>,
}

/// How an answer compares with Django's.
#[derive(Default)]
struct Tally {
    alike: usize,
    /// Django raised, up to a 500; we answer with an error that counts as an empty session.
    raised: usize,
    /// Django handed on a value that is no object.
    no_object: usize,
}

impl Tally {
    fn add(&mut self, codec: &DjangoCodec, record: &Record, what: &str) {
        let data = SessionData::from_text(record.input.as_str());
        let (answer, heard) = warnings(|| decode(codec, &data));
        let answer = answer.map(|decoded| decoded.dict);
        let Some(recorded) = &record.decoded else {
            assert!(record.exc.is_some(), "{what}: neither decoded nor raised");
            assert!(answer.is_err(), "{what}");
            assert!(heard.len() <= 1, "{what}");
            self.raised += 1;
            return;
        };
        assert_eq!(heard.len(), record.log.len(), "{what}: lines");
        if !recorded.starts_with('{') {
            assert_eq!(answer, Err(DecodeError::Content(JsonError::NotAnObject)), "{what}");
            self.no_object += 1;
            return;
        }
        let ours = answer.unwrap_or_else(|_| SessionDict::new());
        assert!(same(&ours, &dict(recorded)), "{what}: {ours:?}");
        self.alike += 1;
    }
}

#[test]
fn every_odd_row_is_answered_as_recorded() {
    let file = file::read("negatives.json");
    let versions = file::versions(&file);
    let records: Vec<Record> = file::section(&file, "decode");
    let secret = file::secret("K1");
    let mut tally = Tally::default();
    let (mut rows, mut cookies) = (0, 0);
    for record in &records {
        match record.engine.as_str() {
            "db" => rows += 1,
            // Their age is judged by the engine, not by the codec.
            "signed_cookies" => {
                cookies += 1;
                continue;
            }
            engine => panic!("{engine} is not classified"),
        }
        for version in &record.v {
            let formats = Release::parse(&versions[*version]).rows(false);
            let what = format!("{} {}", record.name, versions[*version]);
            tally.add(&row_codec(&secret, formats), record, &what);
        }
    }
    assert!(tally.alike > 0 && tally.raised > 0 && tally.no_object > 0);
    assert_eq!(rows + cookies, records.len());
    file::count("negatives.json/decode", rows);
    file::say(&format!(
        "answers: {} as Django's, {} errors where it raised, {} errors for what is no object; \
         {cookies} records are the cookie engine's",
        tally.alike, tally.raised, tally.no_object,
    ));
}

#[test]
fn fallback_keys_are_believed_as_recorded() {
    let file = file::read("negatives.json");
    let records: Vec<Record> = file::section(&file, "fallbacks");
    let keys = KeyRing::new(file::secret("K2"))
        .unwrap()
        .with_fallbacks([file::secret("K3"), file::secret("K1")]);
    let codec = DjangoCodec::new(keys, Limits::default());
    assert_eq!(Formats::default(), Formats::MODERN);
    let mut tally = Tally::default();
    for record in &records {
        if record.name.starts_with("db_") {
            tally.add(&codec, record, &record.name);
        } else {
            let cookies =
                codec.clone().with_salt("django.contrib.sessions.backends.signed_cookies");
            let answer = decode(&cookies, &SessionData::from_text(record.input.as_str()));
            let ours = answer.map_or_else(|_| SessionDict::new(), |decoded| decoded.dict);
            let recorded = record.decoded.as_deref().unwrap();
            assert!(same(&ours, &dict(recorded)), "{}", record.name);
            tally.alike += 1;
        }
    }
    assert_eq!(tally.alike, records.len());
    file::count("negatives.json/fallbacks", records.len());
}
