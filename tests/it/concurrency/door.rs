//! Where requests go in.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::Response;
use lodger_core::SessionKey;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::flow::visitor::{Answer, ask};

/// A process's site, reached as it can be.
#[derive(Clone)]
pub(super) enum Door {
    /// A manager of this process.
    Here(Router),
    /// Another process, over HTTP.
    There(SocketAddr),
}

impl Door {
    /// Asks for a page as a visitor with this key does, or one without.
    pub(super) async fn ask(&self, path: &str, key: Option<&SessionKey>) -> Answer {
        match self {
            Self::Here(site) => ask(site, path, key).await,
            Self::There(address) => Answer::read(over_http(*address, path, key).await).await,
        }
    }

    /// Asks again as long as the answer is 503, with which surely nothing was stored; gives also how
    /// often that was.
    pub(super) async fn ask_again(&self, path: &str, key: &SessionKey) -> (Answer, usize) {
        for refused in 0..100 {
            let answer = self.ask(path, Some(key)).await;
            if answer.status != 503 {
                return (answer, refused);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{path} is refused for ever");
    }
}

async fn over_http(address: SocketAddr, path: &str, key: Option<&SessionKey>) -> Response<Body> {
    let cookie = key.map(|key| format!("Cookie: sessionid={}\r\n", key.expose()));
    let cookie = cookie.unwrap_or_default();
    let request = format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{cookie}\r\n");
    let mut stream = TcpStream::connect(address).await.expect("the other process is there");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    read(&answer)
}

/// Reads a response that ends with its connection.
fn read(text: &str) -> Response<Body> {
    let (head, body) = text.split_once("\r\n\r\n").expect("a response has a head");
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).expect("it has a status");
    let mut response = Response::builder().status(status);
    for line in lines {
        let (name, value) = line.split_once(": ").expect("a header has a value");
        response = response.header(name, value);
    }
    response.body(Body::from(body.to_owned())).unwrap()
}
