//! Ends of keys that wait for replicas, and a user with the rights that sessions need.

use std::time::Duration;

use lodger_backends::redis::RedisStore;
use lodger_core::{Cycled, SessionStore, Swapped};
use lodger_tests::redis::OwnCluster;

use crate::redis::deed::{cycle, key, put, read, swap};

/// Promise 3
#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_key_waits_for_the_replica_of_its_leader() {
    let Some(cluster) = OwnCluster::start(&[]).await else { return };
    let store = RedisStore::connect(&cluster.url()).unwrap();
    let waiting = store.clone().with_replicas_waited_for(1, Duration::from_secs(1));
    for number in 0..30 {
        let key = key(&format!("n{number}"));
        put(&store, &key, "data").await;
        assert!(waiting.delete(&key).await.unwrap());
        assert_eq!(read(&store, &key).await.unwrap(), None);
    }
    for number in 0..10 {
        let (old, new) = (key(&format!("o{number}")), key(&format!("p{number}")));
        let version = put(&store, &old, "data").await;
        let cycled = cycle(&waiting, &old, &version, &new).await.unwrap();
        assert!(matches!(cycled, Cycled::Cycled(_)));
    }
    let mut waits = 0;
    for node in cluster.nodes() {
        waits += node.calls("wait").await;
    }
    assert_eq!(waits, 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_needs_no_more_than_the_documentation_says() {
    let Some(cluster) = OwnCluster::start(&[]).await else { return };
    let front_page = include_str!("../../../crates/lodger-backends/src/redis/mod.rs");
    let rights = front_page.split('`').filter(|part| part.starts_with(['+', '~']));
    let rights: Vec<&str> = rights.flat_map(str::split_whitespace).collect();
    assert!(rights.contains(&"+cluster|slots") && rights.contains(&"+asking"), "{rights:?}");
    for node in cluster.nodes() {
        let mut command = vec!["ACL", "SETUSER", "lodger", "on", ">pw"];
        command.extend(&rights);
        node.run(&command).await;
    }
    let url = cluster.url().replace("://", "://lodger:pw@");
    let store = RedisStore::connect(&url).unwrap();
    let store = store.with_replicas_waited_for(1, Duration::from_secs(1));
    let version = put(&store, &key("a"), "data").await;
    let Swapped::Swapped(Some(version)) = swap(&store, &key("a"), &version, "b").await.unwrap()
    else {
        panic!()
    };
    let cycled = cycle(&store, &key("a"), &version, &key("b")).await.unwrap();
    assert!(matches!(cycled, Cycled::Cycled(_)));
    assert!(store.delete(&key("b")).await.unwrap());
}
