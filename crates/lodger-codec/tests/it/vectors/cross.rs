//! `cross.json`: which release could read whose rows and cookies.

use std::collections::BTreeMap;

use lodger_codec::DjangoCodec;
use lodger_core::SessionData;
use serde::Deserialize;

use super::codec::Record;
use super::file;
use super::release::{Release, cookie_codec, row_codec};
use crate::context::decode;

#[derive(Deserialize)]
struct Cell {
    rows_ok_empty_exc: [usize; 3],
    cookies_ok_empty_exc: [usize; 3],
    pickles_ok: Option<usize>,
    #[serde(default)]
    pickles_failed: Vec<String>,
}

/// How the writer is called that runs under `DEFAULT_HASHING_ALGORITHM = "sha1"`.
const TRANSITION: &str = " (transition sha1)";

#[test]
fn each_release_is_read_by_the_same_releases_as_recorded() {
    let matrix = BTreeMap::<String, BTreeMap<String, Cell>>::deserialize(file::read("cross.json"))
        .expect("the matrix has one form");
    let written = file::read("codec.json");
    let versions = file::versions(&written);
    let records: Vec<Record> = file::section(&written, "records");
    let secret = file::secret("K1");

    let mut cells = 0;
    for (reader, writers) in &matrix {
        let release = Release::parse(reader);
        let rows = row_codec(&secret, release.rows(false));
        let cookies = cookie_codec(&secret, release.cookies(false));
        for (writer, cell) in writers {
            let (name, variant) = match writer.strip_suffix(TRANSITION) {
                Some(name) => (name, "k1_transition_sha1"),
                None => (writer.as_str(), "k1"),
            };
            let index = versions.iter().position(|version| version == name);
            let index = index.expect("every writer is a recorded release");
            let of_writer = || {
                records
                    .iter()
                    .filter(|record| record.variant == variant && record.v.contains(&index))
            };
            let what = format!("{reader} reads {writer}");
            let texts = of_writer().map(|record| record.db.as_str());
            is_read(&rows, texts, cell.rows_ok_empty_exc, &what);
            let texts = of_writer().filter_map(|record| record.cookie.as_deref());
            is_read(&cookies, texts, cell.cookies_ok_empty_exc, &what);
            cells += 1;
        }
    }
    file::count("cross.json", cells);
}

/// Why the pickle codec writes protocol 2, which Python 2.7 wrote.
#[test]
fn every_release_reads_pickles_of_protocol_2() {
    let matrix = BTreeMap::<String, BTreeMap<String, Cell>>::deserialize(file::read("cross.json"))
        .expect("the matrix has one form");
    let (mut all, mut none) = (0, 0);
    for (reader, writers) in &matrix {
        for (writer, cell) in writers {
            let Some(read) = cell.pickles_ok else { continue };
            let what = format!("{reader} reads {writer}");
            if Release::parse(writer).python == 2 {
                // The bytes of `p_bytes` are no text to Python 3.
                let failed = cell.pickles_failed.iter().all(|case| case.starts_with("p_bytes:"));
                assert!(failed && read >= 14, "{what}");
                all += 1;
            } else if Release::parse(reader).python == 2 {
                assert_eq!(read, 0, "{what}");
                none += 1;
            }
        }
    }
    assert!(all > 0 && none > 0);
    file::count("cross.json/pickles", all + none);
}

/// All of a release's texts were read, or none.
fn is_read<'a>(
    codec: &DjangoCodec,
    texts: impl Iterator<Item = &'a str>,
    [ok, empty, exception]: [usize; 3],
    what: &str,
) {
    let read: Vec<bool> =
        texts.map(|text| decode(codec, &SessionData::from_text(text)).is_ok()).collect();
    assert!(!read.is_empty(), "{what}: nothing was written");
    assert_ne!(ok > 0, empty + exception > 0, "{what}: neither all nor none");
    assert!(read.iter().all(|&read| read == (ok > 0)), "{what}");
}
