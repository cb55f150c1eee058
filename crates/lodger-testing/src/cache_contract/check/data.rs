//! Rule 3: what is kept comes back as it was.

use lodger_core::{Cached, SessionCache, SessionData};

use crate::cache_contract::subject::{LONG, Subject, key};
use crate::contract::violation::ensure;
use crate::contract::{Checked, Violation};

/// Data that a cache may take for something of its own, or for the end of a value.
const DATA: [&[u8]; 11] = [
    b"",
    b" ",
    b"text",
    b"text\r\n",
    b"lines\r\nEND\r\nVALUE x 0 1\r\n1\r\n",
    b"0",
    b"nul\0nul",
    b"1:2:3",
    "𝄞 \u{85}\u{2028}\u{feff}".as_bytes(),
    // No text: a pickle, and every kind of broken UTF-8.
    b"\x80\x02}q\x00X\x01\x00\x00\x00aq\x01K\x01s.",
    b"\xff\xfe\xc0\x80",
];

/// Rule 3: data come back byte for byte, text or not, and can be swapped away.
pub async fn data_come_back_exactly<C: SessionCache>(subject: Subject<C>) -> Checked {
    for (number, data) in DATA.iter().enumerate() {
        comes_back(&subject, &format!("data{number}"), data).await?;
    }
    Ok(())
}

/// Rule 3: data of half a megabyte come back; more is not for every cache.
pub async fn large_data_come_back<C: SessionCache>(subject: Subject<C>) -> Checked {
    let data: Vec<u8> = (0..=255).cycle().take(500_000).collect();
    comes_back(&subject, "large", &data).await
}

async fn comes_back<C: SessionCache>(subject: &Subject<C>, start: &str, data: &[u8]) -> Checked {
    let key = key(start);
    let lease = subject.lease(&key).await?;
    let record = subject.record_of(&key, SessionData::from_bytes(data));
    let swapped = subject.cache().swap(&lease, record, LONG).await?;
    ensure!(3, swapped, "a swap of the lease that is there was refused");
    let Cached::Record(record, version) = subject.get(&key).await? else {
        return Err(Violation::new(3, "a record that was swapped in is not there"));
    };
    ensure!(3, record.session_data.as_bytes() == data, "the data of a record changed");
    let swapped = subject.swap(&version, &key, "afterwards").await?;
    ensure!(3, swapped, "a swap of its version was refused");
    subject.expect_record(3, &key, "afterwards").await?;
    Ok(())
}
