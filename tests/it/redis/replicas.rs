//! Deletions and changes of key that wait for replicas.

use std::time::{Duration, Instant};

use lodger_backends::redis::RedisStore;
use lodger_core::{Cycled, SessionStore, StoreError};
use lodger_tests::redis::OwnRedis;

use super::deed::{assert_unavailable, cycle, key, put, read};

/// Promise 3
#[tokio::test]
async fn a_deletion_waits_for_so_many_replicas() {
    let Some((leader, replica)) = pair().await else { return };
    let plain = RedisStore::connect(&leader.url()).unwrap();
    // A replica that was made just now may have to wait for the disk.
    let waiting = plain.clone().with_replicas_waited_for(1, Duration::from_secs(20));
    let at_the_replica = RedisStore::connect(&replica.url()).unwrap();
    for number in 0..20 {
        let key = key(&format!("n{number}"));
        put(&plain, &key, "data").await;
        assert!(waiting.delete(&key).await.unwrap());
        assert_eq!(read(&at_the_replica, &key).await.unwrap(), None, "it is gone there, too");
        assert!(!waiting.delete(&key).await.unwrap());
    }
    assert_eq!(leader.calls("wait").await, 40);
    // One that stands still is not waited for without end, and nobody else waits with it.
    replica.stop();
    let waiting = plain.clone().with_replicas_waited_for(1, Duration::from_millis(500));
    put(&plain, &key("a"), "data").await;
    let began = Instant::now();
    let deleting = tokio::spawn({
        let waiting = waiting.clone();
        async move { waiting.delete(&key("a")).await }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(read(&plain, &key("a")).await.unwrap(), None);
    assert!(!deleting.is_finished() && began.elapsed() < Duration::from_millis(300));
    let error = deleting.await.unwrap().unwrap_err();
    assert!(matches!(error, StoreError::Unknown { .. }), "{error}");
    assert!(error.to_string().contains("on 0 of 1 replicas in time"), "{error}");
    replica.go_on();
}

/// Promise 3
#[tokio::test]
async fn a_change_of_key_waits_for_so_many_replicas() {
    let Some((leader, replica)) = pair().await else { return };
    let plain = RedisStore::connect(&leader.url()).unwrap();
    let waiting = plain.clone().with_replicas_waited_for(1, Duration::from_secs(20));
    let at_the_replica = RedisStore::connect(&replica.url()).unwrap();
    for number in 0..20 {
        let (old, new) = (key(&format!("n{number}")), key(&format!("m{number}")));
        let version = put(&plain, &old, "data").await;
        let cycled = cycle(&waiting, &old, &version, &new).await.unwrap();
        assert!(matches!(cycled, Cycled::Cycled(_)));
        assert_eq!(read(&at_the_replica, &old).await.unwrap(), None, "it is gone there, too");
    }
    replica.stop();
    let waiting = plain.clone().with_replicas_waited_for(1, Duration::from_millis(200));
    let version = put(&plain, &key("a"), "data").await;
    let error = cycle(&waiting, &key("a"), &version, &key("b")).await.unwrap_err();
    assert!(matches!(error, StoreError::Unknown { .. }), "{error}");
    for gone in ["a", "b"] {
        assert_eq!(
            read(&plain, &key(gone)).await.unwrap(),
            None,
            "nobody finds the new one, either"
        );
    }
    // What changed nothing is no matter of replicas.
    let version = put(&plain, &key("c"), "data").await;
    put(&plain, &key("d"), "data").await;
    let cycled = cycle(&waiting, &key("c"), &version, &key("d")).await.unwrap();
    assert!(matches!(cycled, Cycled::Taken));
    assert!(plain.delete(&key("c")).await.unwrap());
    let cycled = cycle(&waiting, &key("c"), &version, &key("e")).await.unwrap();
    assert!(matches!(cycled, Cycled::Gone));
    replica.go_on();
}

/// A leader, and a replica that follows it.
async fn pair() -> Option<(OwnRedis, OwnRedis)> {
    let leader = OwnRedis::start(&[]).await?;
    let replica = OwnRedis::start(&[]).await?;
    replica.run(&["REPLICAOF", "127.0.0.1", &leader.port().to_string()]).await;
    while !leader.run(&["INFO", "replication"]).await.contains("state=online") {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Some((leader, replica))
}

/// Promise 9
#[tokio::test]
async fn a_leader_without_its_replicas_refuses_writes_if_so_told() {
    let Some(leader) = OwnRedis::start(&[]).await else { return };
    let store = RedisStore::connect(&leader.url()).unwrap();
    put(&store, &key("a"), "data").await;
    leader.run(&["CONFIG", "SET", "min-replicas-to-write", "1"]).await;
    let waiting = store.clone().with_replicas_waited_for(1, Duration::from_millis(100));
    for store in [&store, &waiting] {
        assert_unavailable(&store.delete(&key("a")).await.unwrap_err(), "too few replicas");
    }
    assert_eq!(read(&store, &key("a")).await.unwrap().unwrap(), "data");
}
