//! `cache.json`: what lay in the caches of each release.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lodger_codec::PickleCodec;
use lodger_core::{DecodeError, Limits, SessionData};
use serde::Deserialize;

use super::file;
use super::release::Release;
use super::sameness::same;
use crate::context::{decode, dict, encode};

#[derive(Deserialize)]
struct Record {
    v: Vec<usize>,
    alias: String,
    case: String,
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    /// Of Redis, memcached and the memory of a process.
    bytes: Option<String>,
    /// Of the database cache.
    value_text: Option<String>,
    /// Of the file cache.
    value_after_zlib: Option<String>,
}

impl Entry {
    fn pickle(&self) -> Vec<u8> {
        // A file's bytes are its whole content, of which the pickle is a part.
        let text = [&self.value_after_zlib, &self.value_text, &self.bytes];
        let text = text.into_iter().flatten().next().expect("an entry holds a pickle");
        STANDARD.decode(text).expect("pickles are recorded in base64")
    }
}

/// What a case's pickle means; `None` for one that is no plain data.
fn payload(case: &str, python: u32) -> Option<String> {
    let payload = match case {
        "p_ascii" => r#"{"a":"b","n":1}"#,
        "p_unicode" => r#"{"na\u00efve":"\u65e5\u672c\u8a9e \ud83d\ude00"}"#,
        "p_types" => {
            r#"{"t":true,"f":false,"n":null,"i":-7,"z":0,"b255":255,"b256":256,"b65535":65535,
            "b65536":65536,"i31":2147483647,"ni31":-2147483648,"i32":2147483648,"fl":1.5,
            "big":1180591620717411303424,"nbig":-1180591620717411303424}"#
        }
        "p_nested" => {
            r#"{"l":[1,[2,[3]]],"d":{"e":{"f":{}}},"el":[],"ed":{},"t0":[],"t1":[1],"t2":[1,2],
            "t3":[1,2,3],"t4":[1,2,3,4]}"#
        }
        "p_shared" => {
            r#"{"a":"shared string value","b":"shared string value","c":[{"x":1},{"x":1}]}"#
        }
        "p_long_string" => {
            let (s, u) = ("x".repeat(300), "é".repeat(200));
            return Some(format!(r#"{{"s":"{s}","u":"{u}"}}"#));
        }
        "p_auth" => {
            let hash = "ab".repeat(32);
            return Some(format!(
                r#"{{"_auth_user_id":"42","_auth_user_hash":"{hash}",
                "_auth_user_backend":"django.contrib.auth.backends.ModelBackend"}}"#
            ));
        }
        "p_expiry_int" => r#"{"_session_expiry":300,"k":1}"#,
        "p_int_key" => r#"{"1":"one","two":2}"#,
        "p_native_str" => r#"{"nk":"native"}"#,
        "set_expiry(300)" => r#"{"k":1,"_session_expiry":300}"#,
        // An object up to Django 4.0, and this text from 4.1 on.
        "set_expiry(timedelta(days=1))" => {
            r#"{"k":1,"_session_expiry":"2023-11-15T22:13:20.123456+00:00"}"#
        }
        // In protocol 2 a set is an object.
        "p_set" if python >= 3 => r#"{"s":[1]}"#,
        "p_set" | "p_bytes" | "pf_date" | "pf_timedelta" | "pf_decimal" | "pf_ordered" => {
            return None;
        }
        case => panic!("{case} is not classified"),
    };
    Some(payload.to_owned())
}

#[test]
fn every_recorded_pickle_is_read_as_what_it_means() {
    let file = file::read("cache.json");
    let versions = file::versions(&file);
    let records: Vec<Record> = file::section(&file, "entries");
    let codec = PickleCodec::new(Limits::default());
    let (mut read, mut refused, mut text_protocol) = (0, 0, 0);
    let mut kinds = BTreeSet::new();
    for record in &records {
        kinds.insert((&record.alias, &record.case));
        for (version, entry) in
            record.v.iter().flat_map(|v| record.entries.iter().map(move |e| (v, e)))
        {
            let name = &versions[*version];
            let what = format!("{} {} {name}", record.alias, record.case);
            let pickle = entry.pickle();
            let answer = decode(&codec, &SessionData::from_bytes(pickle.clone()));
            if record.alias == "fileb" && pickle[0] != 0x80 {
                // Python 2 pickles into files by protocol 0, which no other cache holds.
                assert_eq!(Release::parse(name).python, 2, "{what}");
                assert!(matches!(answer, Err(DecodeError::Malformed { .. })), "{what}");
                text_protocol += 1;
                continue;
            }
            let Some(payload) = payload(&record.case, Release::parse(name).python) else {
                assert!(matches!(answer, Err(DecodeError::Malformed { .. })), "{what}");
                refused += 1;
                continue;
            };
            let decoded = answer.unwrap_or_else(|error| panic!("{what}: {error}"));
            assert!(same(&decoded.dict, &dict(&payload)), "{what}: {}", decoded.dict.to_json());
            assert_eq!(decoded.stamp, None);
            let written = encode(&codec, &decoded.dict).unwrap();
            assert_eq!(decode(&codec, &written).unwrap().dict.to_json(), decoded.dict.to_json());
            read += 1;
        }
    }
    assert!(read > 0 && refused > 0);
    file::count("cache.json/entries", records.len());
    file::say(&format!(
        "by release: {read} pickles read, {refused} objects refused, {text_protocol} of protocol 0 \
         in file caches refused; {} cases of caches",
        kinds.len()
    ));
}

/// Promise 15
#[test]
fn a_recorded_pickle_that_is_cut_is_refused() {
    let file = file::read("cache.json");
    let records: Vec<Record> = file::section(&file, "entries");
    let codec = PickleCodec::new(Limits::default());
    let entries = records.iter().flat_map(|record| &record.entries);
    let pickles: BTreeSet<Vec<u8>> = entries.map(Entry::pickle).collect();
    for pickle in &pickles {
        for end in 0..pickle.len() {
            let cut = SessionData::from_bytes(&pickle[..end]);
            assert!(matches!(decode(&codec, &cut), Err(DecodeError::Malformed { .. })), "{end}");
        }
    }
    file::say(&format!("{} different pickles were cut at every byte", pickles.len()));
}
