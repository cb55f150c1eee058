//! `codec.json`: what each release wrote for each case.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::read::ZlibDecoder;
use lodger_codec::DjangoCodec;
use lodger_core::{DecodeError, SessionData, SessionDict};
use serde::Deserialize;

use super::file;
use super::release::{Release, cookie_codec, row_codec};
use super::sameness::same;
use crate::context::{decode, dict, encode};
use crate::warnings::warnings;

#[derive(Deserialize)]
pub(super) struct Record {
    pub(super) v: Vec<usize>,
    pub(super) variant: String,
    pub(super) case: String,
    pub(super) db: String,
    pub(super) cookie: Option<String>,
    decoded: Option<String>,
    roundtrip: bool,
}

/// The payload of each case.
pub(super) fn payloads() -> BTreeMap<String, String> {
    #[derive(Deserialize)]
    struct Case {
        case: String,
        payload: String,
    }
    let cases = Vec::<Case>::deserialize(&file::read("cases.json")["json_cases"]);
    let cases = cases.expect("every case has a name and a payload");
    cases.into_iter().map(|case| (case.case, case.payload)).collect()
}

#[test]
fn every_recorded_row_and_cookie_is_read_and_written_alike() {
    let file = file::read("codec.json");
    let versions = file::versions(&file);
    let records: Vec<Record> = file::section(&file, "records");
    let payloads = payloads();
    let (mut json, mut pickles, mut cookies) = (0, 0, 0);
    for record in &records {
        for version in &record.v {
            let release = Release::parse(&versions[*version]);
            let what = format!("{} {} {}", record.variant, record.case, versions[*version]);
            let secret = file::secret(if record.variant == "k2_unicode_key" { "K2" } else { "K1" });
            let sha1 = record.variant == "k1_transition_sha1";
            let rows = row_codec(&secret, release.rows(sha1));
            let cookie = cookie_codec(&secret, release.cookies(sha1));
            match record.variant.as_str() {
                "k1_pickle_serializer" => {
                    is_no_json(&rows, &record.db, &what);
                    if let Some(text) = &record.cookie {
                        is_no_json(&cookie, text, &what);
                    }
                    pickles += 1;
                    continue;
                }
                "k1_custom_class" => {
                    let rows = rows.with_store_class("CustomSessionStore");
                    is_alike(&rows, &record.db, record, release, &payloads, &what);
                }
                "k1_nested_class" => {
                    let rows = rows.with_store_class("Outer.InnerStore");
                    is_alike(&rows, &record.db, record, release, &payloads, &what);
                }
                "k1" | "k2_unicode_key" | "k1_transition_sha1" => {
                    is_alike(&rows, &record.db, record, release, &payloads, &what);
                }
                variant => panic!("{variant} is not classified"),
            }
            json += 1;
            if let Some(text) = &record.cookie {
                is_alike(&cookie, text, record, release, &payloads, &what);
                cookies += 1;
            }
        }
    }
    assert!(json > 0 && pickles > 0 && cookies > 0);
    file::count("codec.json", records.len());
    file::say(&format!(
        "by release: {json} rows and {cookies} cookies read and written, {pickles} pickles refused"
    ));
}

/// Signed, but a pickle: an error without a warning, and nothing is built.
fn is_no_json(codec: &DjangoCodec, text: &str, what: &str) {
    let (answer, heard) = warnings(|| decode(codec, &SessionData::from_text(text)));
    assert!(matches!(answer, Err(DecodeError::Content(_))), "{what}");
    assert!(heard.is_empty(), "{what}");
}

fn is_alike(
    codec: &DjangoCodec,
    text: &str,
    record: &Record,
    release: Release,
    payloads: &BTreeMap<String, String>,
    what: &str,
) {
    let (answer, heard) = warnings(|| decode(codec, &SessionData::from_text(text)));
    let decoded = answer.unwrap_or_else(|error| panic!("{what}: {error}")).dict;
    assert!(heard.is_empty(), "{what}");

    let payload = &payloads[&record.case];
    let recorded = record.decoded.as_ref().unwrap_or(payload);
    assert_eq!(record.roundtrip, record.decoded.is_none(), "{what}");
    assert!(same(&decoded, &dict(recorded)), "{what}");

    is_written(codec, &decoded, text, what);
    // The dictionaries of Python 2.7 have no order.
    if release.python >= 3 {
        is_written(codec, &dict(payload), text, what);
    }
}

/// Writes the dict and compares the bytes, of a deflated payload what it inflates to.
fn is_written(codec: &DjangoCodec, dict: &SessionDict, recorded: &str, what: &str) {
    let written = encode(codec, dict).unwrap_or_else(|error| panic!("{what}: {error}"));
    let written = written.as_text().expect("rows are text");
    match (recorded.strip_prefix('.'), written.strip_prefix('.')) {
        (Some(recorded), Some(written)) => {
            let (recorded_payload, recorded_stamp) = inflated(recorded);
            let (written_payload, written_stamp) = inflated(written);
            assert_eq!(written_payload, recorded_payload, "{what}");
            assert_eq!(written_stamp, recorded_stamp, "{what}");
        }
        _ => assert_eq!(written, recorded, "{what}"),
    }
}

/// Payload and stamp of a deflated row without its dot.
fn inflated(row: &str) -> (String, &str) {
    let [body, stamp, _] = row.split(':').collect::<Vec<_>>()[..] else {
        panic!("a modern row has three parts");
    };
    let stream = URL_SAFE_NO_PAD.decode(body).expect("the body is base64");
    let payload = std::io::read_to_string(ZlibDecoder::new(&stream[..]));
    (payload.expect("the body is deflated ASCII"), stamp)
}
