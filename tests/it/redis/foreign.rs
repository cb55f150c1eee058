//! What others put under a session's name.

use lodger_backends::redis::RedisStore;
use lodger_core::{Cached, Created, SessionCache, SessionKey, SessionStore};
use lodger_tests::redis::OwnRedis;
use lodger_tests::site::Site;

use super::deed::{assert_unavailable, create, key, now, put, read, swap, touch};

fn name(start: &str) -> String {
    format!("lodger:session:{{{start:x<32}}}")
}

/// Promise 9
#[tokio::test]
async fn something_that_is_no_text_is_told_and_left_alone() {
    let Some(server) = OwnRedis::start(&[]).await else { return };
    let store = RedisStore::connect(&server.url()).unwrap();
    let version = put(&store, &key("a"), "data").await;
    server.run(&["DEL", &name("a")]).await;
    server.run(&["LPUSH", &name("a"), "an item"]).await;
    let errors = [
        read(&store, &key("a")).await.unwrap_err(),
        swap(&store, &key("a"), &version, "more").await.unwrap_err(),
        touch(&store, &key("a"), &version).await.unwrap_err(),
        super::deed::cycle(&store, &key("a"), &version, &key("b")).await.unwrap_err(),
        store.get(&key("a"), now()).await.unwrap_err(),
        store.invalidate(&key("a")).await.unwrap_err(),
    ];
    for error in errors {
        assert_unavailable(&error, "something else is kept under the session's name");
    }
    // It holds the key, as anything does.
    assert_eq!(create(&store, &key("a"), "data").await.unwrap(), Created::Taken);
    assert_eq!(server.run(&["LLEN", &name("a")]).await, "1");
    assert_eq!(read(&store, &key("b")).await.unwrap(), None);
    assert!(store.delete(&key("a")).await.unwrap());
    put(&store, &key("a"), "data").await;
}

/// Promise 15
#[tokio::test]
async fn a_value_of_somebody_else_is_data_that_no_codec_accepts() {
    let Some(server) = OwnRedis::start(&[]).await else { return };
    let store = RedisStore::connect(&server.url()).unwrap();
    let site = Site::new(store.clone());
    let key = SessionKey::parse("somebodyelses0123456789abcdefghi", 128).unwrap();
    let name = format!("lodger:session:{{{}}}", key.expose());
    for value in ["", "text", "1700000000000000", "99999999999999999:text", ":", "{\"a\":1}"] {
        server.run(&["SET", &name, value]).await;
        let loaded = store.load(&(&key).into(), now()).await.unwrap();
        if let Some(loaded) = loaded {
            // What it is replaced by is another value, or nothing.
            let version = loaded.version.unwrap();
            assert!(swap(&store, &(&key).into(), &version, "ours").await.is_ok());
            server.run(&["SET", &name, value]).await;
        }
        let visit = site.visit(Some(&key)).await;
        assert!(visit.keys().is_empty(), "{value}");
        visit.end().await.unwrap();
        assert_eq!(server.run(&["GET", &name]).await, value, "reading changes nothing");
    }
}

#[tokio::test]
async fn what_marks_a_place_in_a_cache_is_no_session() {
    let Some(server) = OwnRedis::start(&[]).await else { return };
    let store = RedisStore::connect(&server.url()).unwrap();
    let lifetime = std::time::Duration::from_secs(60);
    store.add_lease(&key("leased"), lifetime).await.unwrap().unwrap();
    store.put_tombstone(&key("dead"), lifetime).await.unwrap();
    assert!(matches!(store.get(&key("dead"), now()).await.unwrap(), Cached::Tombstone));
    for start in ["leased", "dead"] {
        assert_eq!(read(&store, &key(start)).await.unwrap(), None);
    }
}

/// Promise 10
#[tokio::test]
async fn a_value_of_ten_megabytes_goes_through_and_is_refused_by_the_manager() {
    let Some(server) = OwnRedis::start(&[]).await else { return };
    let store = RedisStore::connect(&server.url()).unwrap();
    let large = "x".repeat(10_000_000);
    let version = put(&store, &key("large"), &large).await;
    assert_eq!(read(&store, &key("large")).await.unwrap().unwrap().len(), large.len());
    swap(&store, &key("large"), &version, "small").await.unwrap();
    assert_eq!(read(&store, &key("large")).await.unwrap().unwrap(), "small");
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let name = format!("lodger:session:{{{}}}", key.expose());
    server.run(&["SETRANGE", &name, "10000000", "x"]).await;
    let visit = site.visit(Some(&key)).await;
    assert_eq!(visit.get::<i64>("a").unwrap(), None, "what is too large is not decoded");
}
