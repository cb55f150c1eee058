//! How often a request goes to the server.

use lodger_backends::cache_layout::CacheLayout;
use lodger_backends::redis::RedisStore;
use lodger_core::{Cycled, SessionStore, Swapped, Touched};
use lodger_tests::proxy::Proxy;
use lodger_tests::redis::OwnRedis;
use lodger_tests::site::Site;

use super::deed::{cycle, key, now, put, read, swap, touch};

/// A store, what counts before it, and the server behind.
async fn counted() -> Option<(RedisStore, Proxy, OwnRedis)> {
    let server = OwnRedis::start(&[]).await?;
    let proxy = Proxy::before(server.port()).await;
    let store = RedisStore::connect(&proxy.in_place_of(&server.url())).unwrap();
    // Connects, and makes the scripts known.
    for layout in [CacheLayout::lodger(), CacheLayout::django()] {
        let store = store.clone().with_layout(layout);
        let version = put(&store, &key("warm"), "data").await;
        let swapped = swap(&store, &key("warm"), &version, "more").await.unwrap();
        let Swapped::Swapped(Some(version)) = swapped else { panic!() };
        touch(&store, &key("warm"), &version).await.unwrap();
        let version = store.load(&key("warm"), now()).await.unwrap().unwrap().version.unwrap();
        cycle(&store, &key("warm"), &version, &key("warmer")).await.unwrap();
    }
    Some((store, proxy, server))
}

#[tokio::test]
async fn every_call_is_one_round_trip() {
    let Some((store, proxy, _server)) = counted().await else { return };
    for layout in [CacheLayout::lodger(), CacheLayout::django()] {
        let store = store.clone().with_layout(layout);
        let (old, new) = (key("old"), key("new"));
        let _ = proxy.round_trips();
        let once = |what: &str| assert_eq!(proxy.round_trips(), 1, "{what}");
        let version = put(&store, &old, "data").await;
        once("create");
        read(&store, &old).await.unwrap();
        once("load");
        let touched = touch(&store, &old, &version).await.unwrap();
        let Touched::Touched(Some(version)) = touched else { panic!("{touched:?}") };
        once("touch");
        let swapped = swap(&store, &old, &version, "other").await.unwrap();
        let Swapped::Swapped(Some(current)) = swapped else { panic!("{swapped:?}") };
        once("swap");
        let stale = swap(&store, &old, &version, "third").await.unwrap();
        assert!(matches!(stale, Swapped::Moved(_)));
        once("a stale swap, told what is there");
        assert!(matches!(cycle(&store, &old, &current, &new).await.unwrap(), Cycled::Cycled(_)));
        once("cycle");
        assert!(store.delete(&new).await.unwrap());
        once("delete");
    }
}

/// Promise 11
#[tokio::test]
async fn a_request_stays_within_its_budget() {
    let Some((store, proxy, _server)) = counted().await else { return };
    let site = Site::new(store);
    let _ = proxy.round_trips();
    let visit = site.visit(None).await;
    visit.insert("a", &1).unwrap();
    let key = visit.end_with_key().await.unwrap();
    assert_eq!(proxy.round_trips(), 1, "new");
    site.request(lodger_core::Presented::Absent).commit(false).await.unwrap();
    assert_eq!(proxy.round_trips(), 0, "untouched");
    let visit = site.visit(Some(&key)).await;
    assert_eq!(visit.get::<i64>("a").unwrap(), Some(1));
    visit.end().await.unwrap();
    assert_eq!(proxy.round_trips(), 1, "read");
    let visit = site.visit(Some(&key)).await;
    visit.insert("a", &2).unwrap();
    visit.end().await.unwrap();
    assert_eq!(proxy.round_trips(), 2, "read and change");
}
