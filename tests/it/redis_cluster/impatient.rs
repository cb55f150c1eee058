//! A caller with little time left.

use std::time::Duration;

use lodger_backends::redis::RedisStore;
use lodger_tests::redis::OwnCluster;

use crate::redis::deed::{assert_unavailable, key, read};

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_impatient_fails_alone() {
    let Some(cluster) = OwnCluster::start(&[]).await else { return };
    // The only one who can tell where things are, and it is slow just now.
    let teller = &cluster.nodes()[0];
    let url = teller.url().replace("redis:", "redis+cluster:");
    let store = RedisStore::connect(&url).unwrap();
    let impatient = store.clone().with_deadline(Duration::from_millis(30));
    teller.stop();
    let error = read(&impatient, &key("a")).await.unwrap_err();
    teller.go_on();
    assert_unavailable(&error, "can be reached in time");
    assert_eq!(read(&store, &key("a")).await.unwrap(), None);
}
