//! How long the server keeps what was written.

use std::time::Duration;

use lodger_backends::cache_layout::CacheLayout;
use lodger_core::{SessionDict, SessionStore, Span, Swapped, Timestamp};
use lodger_tests::memcached::{MemcachedFixture, Raw};

use super::entry::{data, key, load, now, record, stored, write};

const DAY: i64 = 86_400;

#[tokio::test]
async fn the_server_keeps_a_record_as_long_as_it_lives() {
    let Some(store) = MemcachedFixture::store(CacheLayout::lodger()) else { return };
    let mut server = Raw::connect(&MemcachedFixture::url().unwrap());
    for seconds in [1, 60, 30 * DAY - 1, 30 * DAY, 30 * DAY + 1, 31 * DAY, 365 * DAY, 10_000 * DAY]
    {
        let key = key(&format!("for{seconds}"));
        let mut record = record(&key, "data");
        record.expire_date = now() + Span::from_secs(seconds);
        store.create(record, SessionDict::new(), now()).await.unwrap();
        let name = format!("{}{{{}}}", store.layout().prefix(), key.expose());
        let left = server.time_to_live(&name).unwrap();
        if seconds == 10_000 * DAY {
            assert_eq!(left, -1, "the date has more than 31 bits");
        } else {
            assert!((seconds..=seconds + 3).contains(&left), "{seconds}: {left}");
        }
    }
}

/// Promise 8
#[tokio::test]
async fn a_record_in_djangos_layout_ends_when_the_server_says() {
    let Some(store) = MemcachedFixture::store(CacheLayout::django()) else { return };
    let short = key("short");
    let mut put = record(&short, "data");
    put.expire_date = now() + Span::from_secs(2);
    store.create(put, SessionDict::new(), now()).await.unwrap();
    let version = stored(&store, &key("long"), "data").await;
    let loaded = load(&store, &key("long")).await.unwrap().unwrap();
    let left = loaded.record.expire_date - now();
    assert!((3598..=3600).contains(&left.whole_seconds()), "{left:?}");
    let at = now();
    let ended = load(&store, &short).await.unwrap().unwrap().record.expire_date;
    assert!(ended - at <= Span::from_secs(2));
    tokio::time::sleep(Duration::from_millis(3100)).await;
    assert_eq!(data(&store, &short).await, None);
    // The expiry of the other one can be moved, and its data stay.
    let to = now() + Span::from_secs(7200);
    store.touch(&key("long"), &version, to, now()).await.unwrap();
    let loaded = load(&store, &key("long")).await.unwrap().unwrap();
    assert!((loaded.record.expire_date - now()).whole_seconds() >= 7198);
    assert_eq!(loaded.record.session_data.as_text(), Some("data"));
    // One in the past is no live record.
    let written = write("data");
    let ended = lodger_core::Write { expire_date: Timestamp::from_secs(0), ..written };
    let version = loaded.version.unwrap();
    let swapped = store.swap(&key("long"), &version, ended, now()).await.unwrap();
    assert!(matches!(swapped, Swapped::Swapped(_)));
    assert_eq!(data(&store, &key("long")).await, None);
}
