//! Requests that HTTP itself does not know.

use std::net::SocketAddr;
use std::time::Duration;

use lodger_backends::memory::MemoryStore;
use lodger_core::SessionKey;
use lodger_tests::site::Site;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::page::pages;
use super::visitor::app;

/// The status of what is not read to its end; with luck, it comes before the connection is cut.
const TOO_LARGE: &str = "431";

/// Longer than anything here takes.
const LONG: Duration = Duration::from_secs(20);

/// What a visitor sends behind the request's first lines, by name, and the status of the answer.
fn hostile(key: &SessionKey) -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let key = key.expose().as_bytes();
    let header = |name: &[u8], value: &[u8]| [name, value, b"\r\n\r\n"].concat();
    let cookie = |value: &[u8]| header(b"Cookie: sessionid=", value);
    let many = header(b"Cookie: sessionid=", key)[..key.len() + 20].repeat(100_000);
    vec![
        ("NUL in a key", "400", cookie(&[key, b"\0"].concat())),
        ("NUL before a key", "400", cookie(&[b"\0", key].concat())),
        ("CR in a key", "400", cookie(&[b"abcdefgh\r", key].concat())),
        ("LF in a key", "400", cookie(&[b"abcdefgh\n", key].concat())),
        ("a control character", "400", cookie(&[key, b"\x7f"].concat())),
        ("NUL in the name", "400", header(b"Cook\0ie: sessionid=", key)),
        ("a blank in the name", "400", header(b"Cookie : sessionid=", key)),
        ("a folded line", "400", header(b"Cookie: sessionid=\r\n ", key)),
        ("no colon", "400", header(b"Cookie sessionid=", key)),
        ("a mebibyte", TOO_LARGE, cookie(&[b'k'; 1 << 20])),
        ("100,000 headers", TOO_LARGE, [many.as_slice(), b"\r\n"].concat()),
        ("no end", "", [b"Cookie: sessionid=", key].concat()),
    ]
}

/// Sends bytes and gives what comes back until the connection ends, however that ends.
async fn answer(site: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(site).await.unwrap();
    let (mut reader, mut writer) = stream.split();
    let mut answer = Vec::new();
    // Whoever is refused early is not read to the end.
    let writing = async {
        let _ = writer.write_all(bytes).await;
        let _ = writer.shutdown().await;
    };
    let reading = async {
        let _ = reader.read_to_end(&mut answer).await;
    };
    timeout(LONG, async { tokio::join!(writing, reading) }).await.expect("it is answered in time");
    String::from_utf8(answer).unwrap()
}

/// Promise 10
#[tokio::test]
async fn what_is_no_request_never_reaches_the_store_and_harms_nobody() {
    let site = Site::new(MemoryStore::default());
    let key = site.stored(r#"{"a":1}"#).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = app(&site, pages());
    let server = tokio::spawn(async move { axum::serve(listener, app).await });
    let line = b"GET /set HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";
    for (name, expected, headers) in hostile(&key) {
        let answer = answer(address, &[line, headers.as_slice()].concat()).await;
        let status = answer.split(' ').nth(1).unwrap_or_default();
        let cut = expected == TOO_LARGE && status.is_empty();
        assert!(status == expected || cut, "{name}: {answer}");
        assert!(!answer.to_lowercase().contains("set-cookie"), "{name}: {answer}");
        site.spy.assert_untouched();
    }
    let cookie = [b"Cookie: sessionid=", key.expose().as_bytes(), b"\r\n\r\n"].concat();
    let answer = answer(address, &[line, cookie.as_slice()].concat()).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("a,x"), "{answer}");
    server.abort();
}
