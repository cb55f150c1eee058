//! Sessions as large as an item may be, and larger.

use lodger_backends::memcached::MemcachedStore;
use lodger_core::{Created, SessionStore, Swapped};
use lodger_tests::memcached::{OwnServer, Raw};
use lodger_tests::proxy::Proxy;

use super::entry::{create, data, is_unavailable, key, now, stored, write};

/// Promise 2
#[tokio::test]
async fn what_is_too_large_is_not_even_sent_and_the_session_stays() {
    let Some(server) = OwnServer::start(&["-I", "4m"]) else { return };
    let proxy = Proxy::before(server.port()).await;
    let store = MemcachedStore::connect(&proxy.in_place_of(&server.url()))
        .unwrap()
        .with_largest_item(4 << 20);
    let version = stored(&store, &key("a"), "data").await;
    let _ = proxy.round_trips();
    let large = "x".repeat(10 << 20);
    let refused = [
        create(&store, &key("b"), &large).await.map(|_| ()),
        store.swap(&key("a"), &version, write(&large), now()).await.map(|_| ()),
        store.cycle(&key("a"), &version, &key("b"), write(&large), now()).await.map(|_| ()),
    ];
    for refused in refused {
        assert!(is_unavailable(&refused));
        let error = refused.unwrap_err().to_string();
        assert!(error.contains("10485") && error.contains("-I"), "{error}");
    }
    assert_eq!(proxy.round_trips(), 0);
    assert_eq!(data(&store, &key("a")).await.as_deref(), Some("data"));
    assert_eq!(data(&store, &key("b")).await, None);
    let swapped = store.swap(&key("a"), &version, write("next"), now()).await.unwrap();
    assert!(matches!(swapped, Swapped::Swapped(_)), "{swapped:?}");
}

/// Promise 2
#[tokio::test]
async fn the_largest_item_that_is_sent_is_one_that_the_server_takes() {
    for (options, largest) in [(vec![], 1 << 20), (vec!["-I", "2m"], 2 << 20)] {
        let Some(server) = OwnServer::start(&options) else { return };
        let store = MemcachedStore::connect(&server.url()).unwrap().with_largest_item(largest);
        // By halves to the longest text that is sent.
        let (mut taken, mut refused) = (1, largest);
        while refused - taken > 1 {
            let length = (taken + refused) / 2;
            match create(&store, &key("a"), &"x".repeat(length)).await {
                Ok(Created::Created(_)) => {
                    assert!(store.delete(&key("a")).await.unwrap());
                    taken = length;
                }
                Ok(Created::Taken) => panic!("nothing is there"),
                Err(error) => {
                    assert!(error.to_string().contains("said to take"), "{error}");
                    refused = length;
                }
            }
        }
        assert!(largest - taken < 200, "{taken} of {largest} are of use");
    }
}

/// Where the server takes less than it is said to, it drops the old session with the new data: the
/// limit that the front page names.
///
/// Promise 2
#[tokio::test]
async fn a_server_that_takes_less_than_it_is_said_to_refuses_by_name() {
    let Some(server) = OwnServer::start(&["-I", "512k"]) else { return };
    let store = MemcachedStore::connect(&server.url()).unwrap();
    let large = "x".repeat(600_000);
    let refused = create(&store, &key("a"), &large).await;
    assert!(is_unavailable(&refused));
    let error = refused.unwrap_err().to_string();
    assert!(error.contains("-I") && !error.contains("xxx"), "{error}");
    assert_eq!(data(&store, &key("a")).await, None);
    let version = stored(&store, &key("a"), "data").await;
    assert!(is_unavailable(&store.swap(&key("a"), &version, write(&large), now()).await));
    assert_eq!(data(&store, &key("a")).await, None);
    let swapped = store.swap(&key("a"), &version, write("late"), now()).await.unwrap();
    assert!(matches!(swapped, Swapped::Gone), "{swapped:?}");
}

/// Promise 9
#[tokio::test]
async fn a_server_without_memory_says_so_and_loses_nothing_else() {
    // -M: an error instead of eviction.
    let Some(server) = OwnServer::start(&["-m", "2", "-M"]) else { return };
    let store = MemcachedStore::connect(&server.url()).unwrap();
    let text = |number: usize| format!("{number}{}", "x".repeat(100_000));
    let mut kept = Vec::new();
    let refused = loop {
        let number = kept.len();
        match create(&store, &key(&format!("{number}of")), &text(number)).await {
            Ok(_) => kept.push(number),
            refused => break refused,
        }
        assert!(number < 10_000, "it has no end of memory");
    };
    assert!(is_unavailable(&refused));
    assert!(refused.unwrap_err().to_string().contains("no memory"));
    assert!(!kept.is_empty());
    for number in kept {
        let found = data(&store, &key(&format!("{number}of"))).await;
        assert_eq!(found, Some(text(number)));
    }
    assert!(Raw::connect(&server.url()).stat("evictions") == 0);
}
