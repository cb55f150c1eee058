//! Keys on several servers.

use lodger_backends::memcached::MemcachedStore;
use lodger_core::{Cycled, SessionStore};
use lodger_tests::memcached::{OwnServer, Raw};

use super::entry::{create, data, is_unavailable, key, load, now, stored, write};

const KEYS: usize = 60;

fn numbered(number: usize) -> lodger_core::StoredKey {
    key(&format!("{number}of"))
}

/// Promise 9
#[tokio::test]
async fn a_server_that_is_down_makes_its_own_keys_unavailable_and_no_others() {
    let servers: Option<Vec<OwnServer>> = (0..3).map(|_| OwnServer::start(&[])).collect();
    let Some(mut servers) = servers else { return };
    let hosts: Vec<String> = servers.iter().map(|s| format!("127.0.0.1:{}", s.port())).collect();
    let store = MemcachedStore::connect(&format!("memcached://{}/", hosts.join(","))).unwrap();
    for number in 0..KEYS {
        create(&store, &numbered(number), &number.to_string()).await.unwrap();
    }
    // All of them have some, and whoever names them in another order finds all.
    let items: Vec<u64> =
        (servers.iter()).map(|server| Raw::connect(&server.url()).stat("curr_items")).collect();
    assert_eq!(items.iter().sum::<u64>(), KEYS as u64);
    assert!(items.iter().all(|items| *items > 5), "{items:?}");
    let reversed: Vec<String> = hosts.iter().rev().cloned().collect();
    let other = MemcachedStore::connect(&format!("memcached://{}", reversed.join(","))).unwrap();
    for number in 0..KEYS {
        assert_eq!(data(&other, &numbered(number)).await, Some(number.to_string()));
    }

    servers[1].kill();
    let mut unavailable = 0;
    for number in 0..KEYS {
        match load(&store, &numbered(number)).await {
            Ok(loaded) => {
                let data = loaded.expect("it is there").record.session_data;
                assert_eq!(data.as_text(), Some(number.to_string().as_str()));
            }
            error => {
                assert!(is_unavailable(&error));
                assert!(create(&store, &numbered(number), "elsewhere").await.is_err());
                unavailable += 1;
            }
        }
    }
    assert_eq!(unavailable, items[1]);
    // What it comes back with is nothing; nothing was written elsewhere meanwhile.
    servers[1].restart();
    let mut gone = 0;
    for number in 0..KEYS {
        gone += u64::from(data(&store, &numbered(number)).await.is_none());
    }
    assert_eq!(gone, items[1]);
}

/// Promise 6
#[tokio::test]
async fn a_change_of_key_from_one_server_to_another_leaves_one_live() {
    let servers: Option<Vec<OwnServer>> = (0..2).map(|_| OwnServer::start(&[])).collect();
    let Some(servers) = servers else { return };
    let hosts: Vec<String> = servers.iter().map(|s| format!("127.0.0.1:{}", s.port())).collect();
    let store = MemcachedStore::connect(&format!("memcached://{}/", hosts.join(","))).unwrap();
    for number in 0..20 {
        let (old, new) = (numbered(number), key(&format!("new{number}of")));
        let version = stored(&store, &old, "1").await;
        let cycled = store.cycle(&old, &version, &new, write("2"), now()).await.unwrap();
        assert!(matches!(cycled, Cycled::Cycled(Some(_))), "{cycled:?}");
        assert_eq!(data(&store, &old).await, None);
        assert_eq!(data(&store, &new).await.as_deref(), Some("2"));
        let cycled = store.cycle(&old, &version, &numbered(99), write("3"), now()).await.unwrap();
        assert!(matches!(cycled, Cycled::Gone), "{cycled:?}");
        assert_eq!(data(&store, &numbered(99)).await, None);
    }
}
