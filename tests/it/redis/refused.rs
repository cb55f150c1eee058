//! A server that says no.

use lodger_backends::redis::RedisStore;
use lodger_core::{Created, SessionStore, Swapped};
use lodger_tests::redis::OwnRedis;

use super::deed::{assert_unavailable, create, errors_of_all, key, put, read, swap};

fn as_user(server: &OwnRedis, user: &str) -> RedisStore {
    RedisStore::connect(&format!("redis://{user}@127.0.0.1:{}/", server.port())).unwrap()
}

/// Promise 12
#[tokio::test]
async fn a_wrong_password_is_told_and_not_shown() {
    let Some(server) = OwnRedis::start(&["--requirepass", "right"]).await else { return };
    let store = as_user(&server, ":right");
    let version = put(&store, &key("a"), "data").await;
    for (user, part) in [
        (":s3cret", "refused user name or password"),
        ("nobody:s3cret", "refused user name or password"),
        ("", "wants a password"),
    ] {
        let store = if user.is_empty() {
            RedisStore::connect(&server.url()).unwrap()
        } else {
            as_user(&server, user)
        };
        for error in errors_of_all(&store, &key("a"), &version).await {
            assert_unavailable(&error, part);
            assert!(!error.to_string().contains("s3cret"), "{error}");
        }
    }
    assert_eq!(read(&store, &key("a")).await.unwrap().unwrap(), "data");
}

#[tokio::test]
async fn a_user_needs_no_more_than_the_documentation_says() {
    let Some(server) = OwnRedis::start(&[]).await else { return };
    let front_page = include_str!("../../../crates/lodger-backends/src/redis/mod.rs");
    let rights = front_page.lines().find_map(|line| line.strip_prefix("//! `~lodger:session:*"));
    let rights = rights.unwrap().trim_end_matches("`, in a Cluster");
    let mut command = vec!["ACL", "SETUSER", "lodger", "on", ">pw", "~lodger:session:*"];
    command.extend(rights.split_whitespace());
    server.run(&command).await;
    let store = as_user(&server, "lodger:pw");
    let version = put(&store, &key("a"), "data").await;
    let Swapped::Swapped(Some(version)) = swap(&store, &key("a"), &version, "b").await.unwrap()
    else {
        panic!()
    };
    super::deed::touch(&store, &key("a"), &version).await.unwrap();
    let version = store.load(&key("a"), super::deed::now()).await.unwrap().unwrap().version;
    super::deed::cycle(&store, &key("a"), &version.unwrap(), &key("b")).await.unwrap();
    assert!(store.delete(&key("b")).await.unwrap());
}

#[tokio::test]
async fn the_number_of_a_database_takes_a_right_of_its_own() {
    let Some(server) = OwnRedis::start(&[]).await else { return };
    let rights = ["on", ">pw", "~lodger:session:*", "+get"];
    server.run(&[&["ACL", "SETUSER", "lodger"], &rights[..]].concat()).await;
    let url = format!("redis://lodger:pw@127.0.0.1:{}/1", server.port());
    let store = RedisStore::connect(&url).unwrap();
    assert_unavailable(&read(&store, &key("a")).await.unwrap_err(), "the user lacks +select");
    server.run(&["ACL", "SETUSER", "lodger", "+select"]).await;
    tokio::time::sleep(std::time::Duration::from_millis(60)).await;
    assert_eq!(read(&store, &key("a")).await.unwrap(), None);
}

#[tokio::test]
async fn a_user_without_rights_is_told() {
    let Some(server) = OwnRedis::start(&[]).await else { return };
    let owner = RedisStore::connect(&server.url()).unwrap();
    let version = put(&owner, &key("a"), "data").await;
    for rights in [vec!["-@all"], vec!["~other:*", "+@all"]] {
        let mut command = vec!["ACL", "SETUSER", "weak", "reset", "on", ">pw"];
        command.extend(rights);
        server.run(&command).await;
        let store = as_user(&server, "weak:pw");
        for error in errors_of_all(&store, &key("a"), &version).await {
            assert_unavailable(&error, "may not do what sessions need");
        }
    }
    // The script may be run, but not all that is in it.
    server.run(&["ACL", "SETUSER", "weak", "reset", "on", ">pw", "~*", "+@all", "-set"]).await;
    let error = swap(&as_user(&server, "weak:pw"), &key("a"), &version, "more").await.unwrap_err();
    assert_unavailable(&error, "may not do what sessions need");
    assert_eq!(read(&owner, &key("a")).await.unwrap().unwrap(), "data");
}

/// Promise 9
#[tokio::test]
async fn a_server_that_is_loading_is_unavailable() {
    let slow = ["--appendonly", "yes", "--key-load-delay", "300"];
    let Some(mut server) = OwnRedis::start(&slow).await else { return };
    let store = RedisStore::connect(&server.url()).unwrap();
    let version = put(&store, &key("a"), "data").await;
    // It looks up from its loading after every thousandth.
    for number in 0..4000 {
        put(&store, &key(&format!("more{number}")), "data").await;
    }
    server.restart_unready().unwrap();
    let mut loading = 0;
    let found = loop {
        match read(&store, &key("a")).await {
            Ok(found) => break found,
            Err(error) if error.to_string().contains("still loading") => {
                assert_unavailable(&error, "still loading its data");
                let error = swap(&store, &key("a"), &version, "more").await;
                if let Err(error) = error {
                    assert_unavailable(&error, "");
                }
                loading += 1;
            }
            Err(error) => assert_unavailable(&error, ""),
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    };
    assert!(loading > 0, "it was never seen to be loading");
    assert!(found.is_some(), "a session was taken to be gone");
}

/// Promise 9
#[tokio::test]
async fn a_replica_takes_no_writes() {
    let Some(leader) = OwnRedis::start(&[]).await else { return };
    let Some(replica) = OwnRedis::start(&[]).await else { return };
    let store = RedisStore::connect(&leader.url()).unwrap();
    let version = put(&store, &key("a"), "data").await;
    replica.run(&["REPLICAOF", "127.0.0.1", &leader.port().to_string()]).await;
    let store = RedisStore::connect(&replica.url()).unwrap();
    while !matches!(read(&store, &key("a")).await, Ok(Some(_))) {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    for error in errors_of_writes(&store, &version).await {
        assert_unavailable(&error, "is a replica and takes no writes");
    }
    // It has become the leader, and nobody had to restart anything.
    replica.run(&["REPLICAOF", "NO", "ONE"]).await;
    let swapped = swap(&store, &key("a"), &version, "more").await.unwrap();
    assert!(matches!(swapped, Swapped::Swapped(_)));
}

async fn errors_of_writes(
    store: &RedisStore,
    version: &lodger_core::Version,
) -> Vec<lodger_core::StoreError> {
    vec![
        create(store, &key("new"), "data").await.unwrap_err(),
        swap(store, &key("a"), version, "more").await.unwrap_err(),
        store.delete(&key("a")).await.unwrap_err(),
    ]
}

/// Promise 9
#[tokio::test]
async fn a_full_server_refuses_writes_and_keeps_what_it_has() {
    let arguments = ["--maxmemory", "3mb", "--maxmemory-policy", "noeviction"];
    let Some(server) = OwnRedis::start(&arguments).await else { return };
    let store = RedisStore::connect(&server.url()).unwrap();
    let version = put(&store, &key("a"), "data").await;
    let data = "x".repeat(10_000);
    let mut kept = 0;
    let error = loop {
        match create(&store, &key(&format!("more{kept}")), &data).await {
            Ok(Created::Created(_)) => kept += 1,
            Ok(Created::Taken) => panic!("a fresh key is taken"),
            Err(error) => break error,
        }
    };
    assert_unavailable(&error, "reached maxmemory");
    let error = swap(&store, &key("a"), &version, &data).await.unwrap_err();
    assert_unavailable(&error, "reached maxmemory");
    let error = super::deed::cycle(&store, &key("a"), &version, &key("b")).await.unwrap_err();
    assert_unavailable(&error, "reached maxmemory");
    assert_eq!(read(&store, &key("a")).await.unwrap().unwrap(), "data");
    assert_eq!(read(&store, &key("b")).await.unwrap(), None);
    // Logging out is possible, and makes room.
    for number in 0..kept {
        assert!(store.delete(&key(&format!("more{number}"))).await.unwrap());
    }
    assert!(matches!(swap(&store, &key("a"), &version, "b").await.unwrap(), Swapped::Swapped(_)));
}

#[tokio::test]
async fn a_node_of_a_cluster_names_the_remedy() {
    let Some(server) = OwnRedis::start(&["--cluster-enabled", "yes"]).await else { return };
    let store = RedisStore::connect(&server.url()).unwrap();
    let error = read(&store, &key("a")).await.unwrap_err();
    assert_unavailable(&error, "the Redis Cluster is down");
    // And the other way round.
    let Some(single) = OwnRedis::start(&[]).await else { return };
    let url = single.url().replace("redis:", "redis+cluster:");
    let error = read(&RedisStore::connect(&url).unwrap(), &key("a")).await.unwrap_err();
    assert_unavailable(&error, "leads in no Cluster");
}
