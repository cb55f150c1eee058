//! Something that listens and is no memcached, or a mad one.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use lodger_backends::memcached::MemcachedStore;
use lodger_core::{SessionStore, StoreError};
use lodger_tests::memcached::OwnServer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::entry::{create, is_unavailable, key, load};

const INTRODUCTION: &str =
    "STAT pid 1\r\nSTAT uptime 5\r\nSTAT time 1005\r\nSTAT version 1.6.18\r\nEND\r\n";

/// What answers the first request of each connection with an introduction and the others with a reply,
/// and counts the others.
async fn mad(introduction: &'static str, reply: Vec<u8>) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("memcached://{}/", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let (reply, count) = (reply.clone(), Arc::clone(&count));
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let _ = client.read(&mut request).await;
                let _ = client.write_all(introduction.as_bytes()).await;
                while let Ok(1..) = client.read(&mut request).await {
                    count.fetch_add(1, Ordering::SeqCst);
                    let _ = client.write_all(&reply).await;
                    if reply.is_empty() {
                        break;
                    }
                }
            });
        }
    });
    (url, asked)
}

/// Promise 15
#[tokio::test]
async fn whatever_comes_back_is_an_error_and_no_session() {
    let endless = b"x".repeat(1 << 20);
    for reply in [
        b"".as_slice(),
        b"\r\n",
        b"\n",
        b"HD\r\n",
        b"NS\r\n",
        b"EX\r\n",
        b"VA\r\n",
        b"VA 3\r\nabc\r\n",
        b"VA 3 c1 f0\r\nabcdef",
        b"VA -1 c1 f0\r\n\r\n",
        b"VA 99999999999 c1 f0\r\nabc\r\n",
        b"VA 18446744073709551615 c1 f0\r\nabc\r\n",
        b"VA 18446744073709551616 c1 f0\r\nabc\r\n",
        b"VA 3 c-1 f0\r\nabc\r\n",
        b"VA 3 cx f0 t\r\nabc\r\n",
        b"\0\0\0\0",
        b"\xff\xfe\xfd\r\n",
        b"SERVER_ERROR no\r\n",
        b"CLIENT_ERROR bad\r\n",
        b"ERROR\r\n",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"-ERR unknown command\r\n",
        &endless,
    ] {
        let (url, _) = mad(INTRODUCTION, reply.to_vec()).await;
        let deadline = Duration::from_millis(300);
        let store = MemcachedStore::connect(&url).unwrap().with_deadline(deadline);
        let shown = String::from_utf8_lossy(&reply[..reply.len().min(40)]);
        for _ in 0..2 {
            assert!(is_unavailable(&load(&store, &key("a")).await), "{shown:?}");
        }
        // A creation that something is there already is the one thing that can be meant.
        match create(&store, &key("a"), "data").await {
            Ok(_) => assert!(matches!(reply, b"NS\r\n" | b"EX\r\n" | b"HD\r\n"), "{shown:?}"),
            Err(error) => assert!(!error.to_string().contains("data"), "{error}"),
        }
    }
}

/// Promise 14
#[tokio::test]
async fn a_reply_too_many_is_left_to_nobody() {
    let reply = b"VA 1 c1 f0 t100\r\na\r\nVA 1 c2 f0 t100\r\nb\r\n".to_vec();
    let (url, _) = mad(INTRODUCTION, reply).await;
    let store = MemcachedStore::connect(&url).unwrap().with_connections(1);
    for _ in 0..20 {
        let loaded = load(&store, &key("a")).await.unwrap().unwrap();
        assert_eq!(loaded.record.session_data.as_text(), Some("a"));
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Promise 14
#[tokio::test]
async fn a_connection_that_gave_an_answer_to_something_else_is_not_used_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("memcached://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            tokio::spawn(async move {
                // The first request of each connection gets the answer to a write, the others none.
                for reply in [INTRODUCTION, "HD c1\r\n", "EN\r\n", "EN\r\n"] {
                    let _ = client.read(&mut [0; 4096]).await;
                    let _ = client.write_all(reply.as_bytes()).await;
                }
            });
        }
    });
    let store = MemcachedStore::connect(&url).unwrap().with_connections(1);
    for _ in 0..3 {
        let loaded = load(&store, &key("a")).await;
        assert!(is_unavailable(&loaded), "{loaded:?}");
    }
}

/// An older server would take the lines of a value for commands.
///
/// Promise 15
#[tokio::test]
async fn a_server_that_does_not_know_the_commands_is_sent_none() {
    for introduction in [
        "STAT pid 1\r\nSTAT uptime 5\r\nSTAT time 1005\r\nSTAT version 1.5.22\r\nEND\r\n",
        "STAT pid 1\r\nSTAT version 1.6.18\r\nEND\r\n",
        "END\r\n",
        "ERROR\r\n",
        "STAT pid 1\r\nSTAT uptime 5\r\nSTAT time 1005\r\nSTAT version 1.6.18\r\nERROR\r\n",
        "-ERR unknown command 'stats'\r\n",
        "",
    ] {
        let (url, asked) = mad(introduction, b"HD\r\n".to_vec()).await;
        let deadline = Duration::from_millis(200);
        let store = MemcachedStore::connect(&url).unwrap().with_deadline(deadline);
        assert!(is_unavailable(&create(&store, &key("a"), "a\r\nflush_all\r\n").await));
        assert!(is_unavailable(&store.delete(&key("a")).await));
        assert_eq!(asked.load(Ordering::SeqCst), 0, "{introduction:?}");
    }
}

/// Without numbers nothing can be compared: a change would never come about, and a change of key would
/// delete whatever is there.
///
/// Promise 3
#[tokio::test]
async fn a_server_that_gives_no_numbers_is_refused() {
    let Some(server) = OwnServer::start(&["-C"]) else { return };
    let store = MemcachedStore::connect(&server.url()).unwrap();
    let created = create(&store, &key("a"), "data").await;
    assert!(matches!(created, Err(StoreError::Unknown { .. })), "{created:?}");
    let loaded = load(&store, &key("a")).await;
    assert!(is_unavailable(&loaded), "{loaded:?}");
    for error in [created.unwrap_err(), loaded.unwrap_err()] {
        assert!(error.to_string().contains("-C"), "{error}");
    }
}
