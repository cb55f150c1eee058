//! `codec.json`, variant `k1_pickle_serializer`: the same data in pickles as in JSON.

use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use flate2::read::ZlibDecoder;
use lodger_codec::PickleCodec;
use lodger_core::{Limits, SessionData};

use super::codec::{Record, payloads};
use super::file;
use super::sameness::same;
use crate::context::{decode, dict, encode};

/// The pickle within a signed row or cookie.
fn pickle(row: &str) -> Vec<u8> {
    let Some((body, _)) = row.split_once(':') else {
        let signed = STANDARD.decode(row).expect("a legacy row is base64");
        let colon = signed.iter().position(|&byte| byte == b':');
        return signed[colon.expect("a legacy row has a code") + 1..].to_vec();
    };
    let decode = |text| URL_SAFE_NO_PAD.decode(text).expect("a body is base64");
    let Some(stream) = body.strip_prefix('.') else {
        return decode(body);
    };
    let mut pickle = Vec::new();
    ZlibDecoder::new(&decode(stream)[..]).read_to_end(&mut pickle).expect("the body is deflated");
    pickle
}

#[test]
fn every_case_is_read_from_a_pickle_as_from_json() {
    let file = file::read("codec.json");
    let versions = file::versions(&file);
    let records: Vec<Record> = file::section(&file, "records");
    let payloads = payloads();
    let codec = PickleCodec::new(Limits::default());
    let mut read = 0;
    for record in records.iter().filter(|record| record.variant == "k1_pickle_serializer") {
        let payload = &payloads[&record.case];
        for row in [Some(&record.db), record.cookie.as_ref()].into_iter().flatten() {
            let what = format!("{} {}", record.case, versions[record.v[0]]);
            let decoded = decode(&codec, &SessionData::from_bytes(pickle(row)));
            let decoded = decoded.unwrap_or_else(|error| panic!("{what}: {error}")).dict;
            assert!(same(&decoded, &dict(payload)), "{what}");
            let written = encode(&codec, &dict(payload)).unwrap();
            let again = decode(&codec, &written).unwrap().dict;
            assert!(same(&again, &decoded), "{what}");
            read += 1;
        }
    }
    file::count("codec.json/pickles", read);
}
