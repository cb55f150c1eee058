//! What a server says, line by line.

use super::mark::Boot;

/// The line that a reply to a meta command begins with.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// A value of so many bytes follows.
    Value { length: usize, about: About },
    /// It was done.
    Done { cas: Option<u64> },
    /// Nothing is there.
    Absent,
    /// Something is there already.
    Present,
    /// Another number is there than the stated one.
    Moved,
    /// It was not done, as far as the server tells.
    Refused(Refusal),
}

/// What a server tells of a value.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct About {
    pub(super) cas: Option<u64>,
    pub(super) flags: u32,
    /// How many seconds it is kept; `None`: for ever.
    pub(super) left: Option<u32>,
}

/// Why a server did not do what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    TooLarge,
    OutOfMemory,
    /// It understood, and something failed: it does not tell when.
    Failed,
    /// It did not take it for a command; its words may quote what it was sent.
    NoCommand,
}

impl Head {
    /// Reads a line, without its end; `None` for what no memcached says.
    pub(super) fn parse(line: &[u8]) -> Option<Self> {
        let line = std::str::from_utf8(line).ok()?;
        if let Some(refusal) = Refusal::parse(line) {
            return Some(Self::Refused(refusal));
        }
        let mut words = line.split(' ').filter(|word| !word.is_empty());
        match words.next()? {
            "VA" => {
                let length = words.next()?.parse().ok()?;
                Some(Self::Value { length, about: About::parse(words)? })
            }
            "HD" => Some(Self::Done { cas: About::parse(words)?.cas }),
            "EN" | "NF" => Some(Self::Absent),
            "NS" => Some(Self::Present),
            "EX" => Some(Self::Moved),
            _ => None,
        }
    }
}

impl About {
    fn parse<'a>(words: impl Iterator<Item = &'a str>) -> Option<Self> {
        let mut about = Self::default();
        for word in words {
            let flag = word.chars().next()?;
            let value = &word[flag.len_utf8()..];
            match flag {
                'c' => about.cas = Some(value.parse().ok()?),
                'f' => about.flags = value.parse().ok()?,
                't' if value == "-1" => about.left = None,
                't' => about.left = Some(value.parse().ok()?),
                // Newer servers may tell more than was asked.
                _ => {}
            }
        }
        Some(about)
    }
}

impl Refusal {
    fn parse(line: &str) -> Option<Self> {
        let failed = line.strip_prefix("SERVER_ERROR");
        match failed.or(line.strip_prefix("CLIENT_ERROR")) {
            Some(words) if words.contains("too large") => Some(Self::TooLarge),
            Some(words) if words.contains("out of memory") => Some(Self::OutOfMemory),
            Some(_) if failed.is_some() => Some(Self::Failed),
            Some(_) => Some(Self::NoCommand),
            None => (line == "ERROR").then_some(Self::NoCommand),
        }
    }
}

/// What a server tells of itself, one line of `stats` after the other.
#[derive(Debug, Default)]
pub(super) struct Introduction {
    pid: Option<u64>,
    time: Option<i64>,
    uptime: Option<i64>,
    knows_meta_commands: bool,
}

impl Introduction {
    pub(super) fn read(&mut self, line: &[u8]) {
        let Ok(line) = std::str::from_utf8(line) else { return };
        let mut words = line.split(' ').skip(1);
        let (Some(name), Some(value)) = (words.next(), words.next()) else { return };
        match name {
            "pid" => self.pid = value.parse().ok(),
            "time" => self.time = value.parse().ok(),
            "uptime" => self.uptime = value.parse().ok(),
            "version" => self.knows_meta_commands = has_meta_commands(value),
            _ => {}
        }
    }

    /// `None` for a server too old, or none at all.
    pub(super) fn boot(&self) -> Option<Boot> {
        let began = self.time?.checked_sub(self.uptime?)?;
        self.knows_meta_commands.then_some(Boot { pid: self.pid?, began })
    }
}

/// Whether this version, `1.6.18` for instance, is 1.6 or later.
fn has_meta_commands(version: &str) -> bool {
    let mut numbers = version.split('.').map(|number| number.parse::<u32>().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) >= (1, 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(line: &str) -> Option<Head> {
        Head::parse(line.as_bytes())
    }

    #[test]
    fn what_memcached_says_is_understood() {
        let about = About { cas: Some(4), flags: 1, left: None };
        assert_eq!(head("VA 3 c4 t-1 f1"), Some(Head::Value { length: 3, about }));
        let about = About { cas: None, flags: 0, left: Some(100) };
        assert_eq!(head("VA 0 t100 zz9"), Some(Head::Value { length: 0, about }));
        assert_eq!(head("HD c5"), Some(Head::Done { cas: Some(5) }));
        assert_eq!(head("HD"), Some(Head::Done { cas: None }));
        assert_eq!(head("HD "), Some(Head::Done { cas: None }));
        assert_eq!(head("EN"), Some(Head::Absent));
        assert_eq!(head("NF c0"), Some(Head::Absent));
        assert_eq!(head("NS c0"), Some(Head::Present));
        assert_eq!(head("EX c0"), Some(Head::Moved));
        for (line, refusal) in [
            ("SERVER_ERROR object too large for cache", Refusal::TooLarge),
            ("SERVER_ERROR out of memory storing object", Refusal::OutOfMemory),
            ("SERVER_ERROR temporary failure", Refusal::Failed),
            ("CLIENT_ERROR bad command line format", Refusal::NoCommand),
            ("ERROR", Refusal::NoCommand),
        ] {
            assert_eq!(head(line), Some(Head::Refused(refusal)), "{line}");
        }
    }

    #[test]
    fn what_no_memcached_says_is_nothing() {
        for line in [
            "",
            " ",
            "VA",
            "VA x",
            "VA -1",
            "VA 1 cx",
            "VA 1 f-1",
            "VA 1 t-2",
            "HD c",
            "hd",
            "STORED",
            "VALUE a 0 1",
            "VA 99999999999999999999999",
            "HD é5x cé",
            "-ERR unknown command",
            "HTTP/1.1 400",
        ] {
            assert_eq!(head(line), None, "{line:?}");
        }
        assert_eq!(Head::parse(b"HD \xff"), None);
    }

    #[test]
    fn a_server_is_known_by_its_process_and_its_beginning() {
        let told = |lines: &[&str]| {
            let mut introduction = Introduction::default();
            lines.iter().for_each(|line| introduction.read(line.as_bytes()));
            introduction.boot()
        };
        let (pid, uptime, time) = ("STAT pid 7", "STAT uptime 100", "STAT time 1100");
        let boot = Some(Boot { pid: 7, began: 1000 });
        assert_eq!(told(&[pid, uptime, time, "STAT version 1.6.18"]), boot);
        assert_eq!(told(&[pid, uptime, time, "STAT version 2.0"]), boot);
        assert_eq!(told(&[pid, uptime, time, "STAT version 1.5.22"]), None);
        assert_eq!(told(&[uptime, time, "STAT version 1.6.18"]), None);
        assert_eq!(told(&["ERROR"]), None);
        assert_eq!(told(&["STAT", "STAT pid", "STAT pid x", "STAT version x"]), None);
    }
}
