//! A server spoken to directly, as other programs do.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// A connection by the protocol that all clients know.
pub struct Raw {
    stream: BufReader<TcpStream>,
}

/// A value as another client sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawValue {
    /// The bytes.
    pub value: Vec<u8>,
    /// What tells clients how to read them.
    pub flags: u32,
}

impl Raw {
    /// Connects to the server of a URL `memcached://host:port/`.
    ///
    /// # Panics
    ///
    /// When it is not there, as everywhere below.
    #[must_use]
    pub fn connect(url: &str) -> Self {
        let address = url.trim_start_matches("memcached://").trim_end_matches('/');
        let stream = TcpStream::connect(address).expect("the server is there");
        Self { stream: BufReader::new(stream) }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).expect("the server answers");
        line.trim_end().to_owned()
    }

    /// Sends a command and gives the first line of the reply.
    pub fn ask(&mut self, command: &str) -> String {
        self.send(format!("{command}\r\n").as_bytes());
        self.line()
    }

    fn send(&mut self, bytes: &[u8]) {
        self.stream.get_mut().write_all(bytes).expect("the server listens");
    }

    /// Writes a value, kept for an hour.
    pub fn set(&mut self, name: &str, flags: u32, value: &[u8]) {
        self.set_for(name, flags, 3600, value);
    }

    /// Writes a value, kept for so many seconds.
    pub fn set_for(&mut self, name: &str, flags: u32, seconds: u32, value: &[u8]) {
        let line = format!("set {name} {flags} {seconds} {}\r\n", value.len());
        self.send(&[line.as_bytes(), value, b"\r\n"].concat());
        assert_eq!(self.line(), "STORED");
    }

    /// Reads a value.
    pub fn get(&mut self, name: &str) -> Option<RawValue> {
        let line = self.ask(&format!("get {name}"));
        let mut words = line.strip_prefix("VALUE ")?.split(' ').skip(1);
        let mut number = || words.next().expect("flags and length").parse::<u32>();
        let flags = number().expect("flags are a number");
        let mut value = vec![0; number().expect("a length is a number") as usize + 2];
        self.stream.read_exact(&mut value).expect("the value follows");
        value.truncate(value.len() - 2);
        assert_eq!(self.line(), "END");
        Some(RawValue { value, flags })
    }

    /// How many seconds a value is kept; -1 for ever.
    pub fn time_to_live(&mut self, name: &str) -> Option<i64> {
        self.ask(&format!("mg {name} t")).strip_prefix("HD t")?.parse().ok()
    }

    /// A number that the server counts.
    pub fn stat(&mut self, name: &str) -> u64 {
        let mut value = None;
        let mut line = self.ask("stats");
        while line != "END" {
            if let Some(text) = line.strip_prefix(&format!("STAT {name} ")) {
                value = text.parse().ok();
            }
            line = self.line();
        }
        value.expect("the server counts it")
    }

    /// The names that begin so, of what has not ended.
    pub fn names(&mut self, prefix: &str) -> Vec<String> {
        let start = format!("key={}", encoded(prefix));
        let mut line = self.ask("lru_crawler metadump hash");
        while line.starts_with("BUSY") {
            std::thread::sleep(std::time::Duration::from_millis(1));
            line = self.ask("lru_crawler metadump hash");
        }
        let mut names = Vec::new();
        while line != "END" {
            if let Some(rest) = line.strip_prefix(&start) {
                let rest = rest.split(' ').next().unwrap_or_default();
                names.push(format!("{prefix}{}", decoded(rest)));
            }
            line = self.line();
        }
        names
    }
}

/// As memcached writes names in a dump.
fn encoded(name: &str) -> String {
    let mut text = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text += &format!("%{byte:02X}");
        }
    }
    text
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut digit = || char::from(rest.next()?).to_digit(16);
        match byte {
            b'%' => {
                let code = digit().zip(digit()).expect("two digits follow");
                bytes.push((code.0 * 16 + code.1) as u8);
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).expect("names of ours are UTF-8")
}
