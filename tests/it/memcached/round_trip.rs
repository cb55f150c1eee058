//! The budget of round trips, counted between store and server.

use lodger_backends::memcached::MemcachedStore;
use lodger_core::{Cycled, SessionStore, StoredKey, Swapped, Touched};
use lodger_tests::memcached::OwnServer;
use lodger_tests::proxy::Proxy;
use lodger_tests::site::Site;

use super::entry::{create, in_an_hour, key, load, now, stored, write};
use crate::flow::page::pages;
use crate::flow::visitor::{app, ask};

#[tokio::test]
async fn each_call_is_one_round_trip_and_what_takes_two_steps_is_two() {
    let Some(server) = OwnServer::start(&[]) else { return };
    let proxy = Proxy::before(server.port()).await;
    let store = MemcachedStore::connect(&proxy.in_place_of(&server.url())).unwrap();
    assert_eq!(load(&store, &key("a")).await.unwrap().map(|_| ()), None);
    assert_eq!(proxy.round_trips(), 2, "the first one asks which process answers");

    let version = stored(&store, &key("a"), "1").await;
    assert_eq!(proxy.round_trips(), 1);
    assert!(load(&store, &key("a")).await.unwrap().is_some());
    assert_eq!(proxy.round_trips(), 1);
    let swapped = store.swap(&key("a"), &version, write("2"), now()).await.unwrap();
    let Swapped::Swapped(Some(version)) = swapped else { panic!("{swapped:?}") };
    assert_eq!(proxy.round_trips(), 1);
    let touched = store.touch(&key("a"), &version, in_an_hour(), now()).await.unwrap();
    let Touched::Touched(Some(version)) = touched else { panic!("{touched:?}") };
    assert_eq!(proxy.round_trips(), 2, "the data are read and written");
    let cycled = store.cycle(&key("a"), &version, &key("b"), write("3"), now()).await.unwrap();
    assert!(matches!(cycled, Cycled::Cycled(Some(_))), "{cycled:?}");
    assert_eq!(proxy.round_trips(), 2);
    assert!(store.delete(&key("b")).await.unwrap());
    assert_eq!(proxy.round_trips(), 1);
    create(&store, &key("c"), "1").await.unwrap();
    assert_eq!(proxy.round_trips(), 1);
    let stale = store.swap(&key("c"), &version, write("2"), now()).await.unwrap();
    assert!(matches!(stale, Swapped::Moved(_)), "{stale:?}");
    assert_eq!(proxy.round_trips(), 2, "what is there instead is read");
}

/// Promise 11
#[tokio::test]
async fn a_request_costs_what_the_budget_says() {
    let Some(server) = OwnServer::start(&[]) else { return };
    let proxy = Proxy::before(server.port()).await;
    let site = Site::new(MemcachedStore::connect(&proxy.in_place_of(&server.url())).unwrap());
    let app = app(&site, pages());
    for (path, known, budget) in [
        ("/untouched", true, 0),
        ("/untouched", false, 0),
        ("/read", false, 0),
        ("/read", true, 1),
        ("/set", true, 2),
        ("/set", false, 1),
        ("/logout", true, 2),
        ("/login", true, 3),
    ] {
        let key = site.stored(r#"{"a":1}"#).await;
        let _ = proxy.round_trips();
        assert_eq!(ask(&app, path, known.then_some(&key)).await.status, 200);
        assert_eq!(proxy.round_trips(), budget, "{path} {known}");
    }
}

/// Promise 10
#[tokio::test]
async fn a_key_that_memcached_cannot_name_is_absent_without_a_question() {
    let Some(server) = OwnServer::start(&[]) else { return };
    let proxy = Proxy::before(server.port()).await;
    let store = MemcachedStore::connect(&proxy.in_place_of(&server.url())).unwrap();
    let version = stored(&store, &key("held"), "1").await;
    let _ = proxy.round_trips();
    for text in [
        "with blank".to_owned(),
        "held\r\nflush_all".to_owned(),
        "held\r\nmd lodger:session:{heldxxxxxxxxxxxxxxxxxxxxxxxxxxxx}\r\n".to_owned(),
        "tab\tbed".to_owned(),
        "nul\0".to_owned(),
        "del\x7f".to_owned(),
        "k".repeat(250),
        "k".repeat(100_000),
    ] {
        let hostile = StoredKey::from(text);
        assert!(load(&store, &hostile).await.unwrap().is_none());
        let swapped = store.swap(&hostile, &version, write("2"), now()).await.unwrap();
        assert!(matches!(swapped, Swapped::Gone));
        let touched = store.touch(&hostile, &version, in_an_hour(), now()).await.unwrap();
        assert!(matches!(touched, Touched::Gone));
        let cycled = store.cycle(&hostile, &version, &key("new"), write("2"), now()).await.unwrap();
        assert!(matches!(cycled, Cycled::Gone));
        assert!(!store.delete(&hostile).await.unwrap());
        assert!(create(&store, &hostile, "1").await.is_err());
    }
    assert_eq!(proxy.round_trips(), 0);
    assert!(load(&store, &key("held")).await.unwrap().is_some());
}
