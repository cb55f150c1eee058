//! Changes of one session at the same time.

use futures_util::future::join_all;
use lodger_backends::memory::MemoryStore;
use lodger_tests::report;

use super::shared_site::SharedSite;
use crate::flow::blind_store::BlindStore;

on_every_site!(
    thirty_two_requests_of_two_processes_each_leave_their_field,
    a_thousand_increments_of_two_processes_add_up_to_a_thousand,
);

/// How many requests there are at the same time, and of how many the field is stored when all were
/// acknowledged.
async fn survivors(site: &SharedSite, requests: usize) -> usize {
    let key = site.begin("a").await;
    let visits = (0..requests).map(|number| {
        let (door, key) = (site.door(number), key.clone());
        let path = format!("/set?after=20&field=field{number}");
        tokio::spawn(async move { door.ask_again(&path, &key).await.0 })
    });
    for answer in join_all(visits).await {
        let answer = answer.unwrap();
        assert_eq!((answer.status, answer.key().as_ref()), (200, Some(&key)));
    }
    let data = site.data(&key).await.expect("nobody ended the session");
    assert!(data.contains("origin"), "what was there before stays");
    (0..requests).filter(|number| data.contains(&format!("field{number}"))).count()
}

/// What a field says that so many requests at the same time have each raised by one, when all were
/// acknowledged.
async fn sum(site: &SharedSite, requests: usize) -> i64 {
    let key = site.begin("a").await;
    let visits = (0..requests).map(|number| {
        let (door, key) = (site.door(number), key.clone());
        tokio::spawn(async move { door.ask_again("/increment?after=20&field=n", &key).await })
    });
    let mut refusals = 0;
    for answered in join_all(visits).await {
        let (answer, refused) = answered.unwrap();
        // Each is acknowledged once: what was refused before was surely not stored.
        assert_eq!((answer.status, answer.key().as_ref()), (200, Some(&key)));
        refusals += refused;
    }
    report::count("increments that were refused for now, and asked for again", refusals);
    let data = site.data(&key).await.expect("nobody ended the session");
    data.get("n").unwrap().unwrap()
}

/// Promise 5
async fn thirty_two_requests_of_two_processes_each_leave_their_field(site: SharedSite) {
    assert_eq!(survivors(&site, 32).await, 32);
}

/// Promise 5
async fn a_thousand_increments_of_two_processes_add_up_to_a_thousand(site: SharedSite) {
    assert_eq!(sum(&site, 1000).await, 1000);
}

/// What the tests above would see of a store that writes whatever is there.
#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_ignores_versions_is_seen_to_lose_fields_and_increments() {
    let site = SharedSite::of_one_process(BlindStore(MemoryStore::default()));
    assert!(survivors(&site, 32).await < 32);
    assert!(sum(&site, 1000).await < 1000);
}
