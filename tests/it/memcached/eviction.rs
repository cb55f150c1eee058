//! A server with less memory than there are sessions.

use lodger_backends::memcached::MemcachedStore;
use lodger_core::{Cycled, SessionStore, Swapped, Version};
use lodger_tests::memcached::{OwnServer, Raw};
use lodger_tests::report;

use super::entry::{data, key, now, stored, write};

/// Promise 4
#[tokio::test]
async fn an_evicted_session_is_gone_and_never_anothers() {
    let Some(server) = OwnServer::start(&["-m", "2"]) else { return };
    let store = MemcachedStore::connect(&server.url()).unwrap();
    let text = |number: usize| format!("{number}:{}", "x".repeat(5_000));
    let mut versions: Vec<Version> = Vec::new();
    for number in 0..5_000 {
        versions.push(stored(&store, &key(&format!("{number}of")), &text(number)).await);
    }
    assert!(Raw::connect(&server.url()).stat("evictions") > 0);
    let mut gone = 0;
    for (number, version) in versions.iter().enumerate() {
        let (old, new) = (key(&format!("{number}of")), key(&format!("new{number}of")));
        match data(&store, &old).await {
            Some(found) => assert_eq!(found, text(number)),
            None => {
                gone += 1;
                let swapped = store.swap(&old, version, write("late"), now()).await.unwrap();
                assert!(matches!(swapped, Swapped::Gone), "{number}: {swapped:?}");
                if number % 100 == 0 {
                    let cycled = store.cycle(&old, version, &new, write("late"), now()).await;
                    assert!(matches!(cycled, Ok(Cycled::Gone)), "{number}: {cycled:?}");
                    assert_eq!(data(&store, &new).await, None);
                }
                assert_eq!(data(&store, &old).await, None);
            }
        }
    }
    assert!(gone > 0 && gone < 5_000, "{gone}");
    report::count("memcached: sessions evicted of 5,000, none answered by another's", gone);
}
