//! As much of a browser as the demo needs.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::Value;

/// A browser with one cookie.
pub(crate) struct Browser {
    address: String,
    pub(crate) cookie: Option<String>,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, wanted: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
            .map(|(_, value)| value)
    }

    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), Some("application/json"));
        serde_json::from_str(&self.body).unwrap()
    }
}

impl Browser {
    pub(crate) fn new(address: &str) -> Self {
        Self { address: address.to_owned(), cookie: None }
    }

    /// The same browser, when the demo is served elsewhere.
    pub(crate) fn moved(self, address: &str) -> Self {
        Self { address: address.to_owned(), ..self }
    }

    pub(crate) fn get(&mut self, path: &str) -> Answer {
        let accept = "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n";
        self.send(&format!("GET {path}"), accept, "")
    }

    /// The page as JSON; it has to be there.
    pub(crate) fn json(&mut self, path: &str) -> Value {
        let answer = self.send(&format!("GET {path}"), "Accept: application/json\r\n", "");
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }

    pub(crate) fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_with(path, fields, "")
    }

    /// Sends a form that leads back to a page.
    pub(crate) fn submit(&mut self, path: &str, fields: &[(&str, &str)], back: &str) {
        let answer = self.post(path, fields);
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, Some(back)),
            "{}",
            answer.body
        );
    }

    pub(crate) fn post_with(&mut self, path: &str, fields: &[(&str, &str)], more: &str) -> Answer {
        let pairs: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let headers = format!("Content-Type: application/x-www-form-urlencoded\r\n{more}");
        self.send(&format!("POST {path}"), &headers, &pairs.join("&"))
    }

    fn send(&mut self, what: &str, headers: &str, body: &str) -> Answer {
        let cookie = match &self.cookie {
            Some(value) => format!("Cookie: sessionid={value}\r\n"),
            None => String::new(),
        };
        let request = format!(
            "{what} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}{cookie}Content-Length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        let (head, body) = response.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let answer = Answer { status, head: head.to_owned(), body: body.to_owned() };
        self.keep_cookie(&answer);
        answer
    }

    fn keep_cookie(&mut self, answer: &Answer) {
        let Some(cookie) = answer.header("set-cookie") else { return };
        let value = cookie.strip_prefix("sessionid=").unwrap().split(';').next().unwrap();
        let removed = value.is_empty() || cookie.contains("Max-Age=0");
        self.cookie = (!removed).then(|| value.to_owned());
    }
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
