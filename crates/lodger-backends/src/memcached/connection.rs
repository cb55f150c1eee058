//! One connection to one server.

use std::io::ErrorKind;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::address::Address;
use super::mark::{Boot, Mark};
use super::reply::{About, Head, Introduction, Refusal};

/// The longest line that a server is listened to for.
const LONGEST_LINE: u64 = 2048;
/// How many lines a server may tell of itself.
const MOST_LINES: usize = 1000;

/// A connection on which each request has had its whole reply.
///
/// Whoever asks owns it meanwhile. If the reply does not come to its end, because the call is dropped,
/// takes too long or fails, the connection is dropped with it: nobody ever reads the reply to
/// another's request.
pub(super) struct Connection {
    stream: BufReader<TcpStream>,
    boot: Boot,
}

/// A value as it lies on the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) value: Vec<u8>,
    pub(super) flags: u32,
    pub(super) mark: Mark,
    /// How many seconds it is kept; `None`: for ever.
    pub(super) left: Option<u32>,
}

/// A whole reply.
pub(super) enum Reply {
    Value(Item),
    Done(Option<Mark>),
    Absent,
    Present,
    Moved,
    Refused(Refusal),
}

/// Why there is no whole reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// The connection failed.
    Io(ErrorKind),
    /// What came is no reply of memcached 1.6 or later.
    Foreign,
    /// The value is longer than anything that is read.
    TooLong,
    /// The server gives no numbers, so that no value can be told from another.
    Numberless,
}

impl From<std::io::Error> for Broken {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error.kind())
    }
}

impl Connection {
    /// Connects, and asks which process answers.
    ///
    /// A server too old for meta commands is not sent any: it would take the values in them for
    /// commands.
    pub(super) async fn open(address: &Address) -> Result<Self, Broken> {
        let stream = TcpStream::connect(address.target()).await?;
        stream.set_nodelay(true)?;
        let mut stream = BufReader::new(stream);
        stream.write_all(b"stats\r\n").await?;
        let boot = read_boot(&mut stream).await?;
        Ok(Self { stream, boot })
    }

    /// The process at the other end.
    pub(super) fn boot(&self) -> Boot {
        self.boot
    }

    /// Whether it can be used again, as far as can be told without asking: it was not closed, and
    /// nothing came unasked.
    pub(super) fn is_quiet(&self) -> bool {
        let nothing = self.stream.get_ref().try_read(&mut [0]);
        self.stream.buffer().is_empty()
            && nothing.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
    }

    /// Sends one request and reads its reply; a value of at most so many bytes.
    pub(super) async fn ask(&mut self, request: &[u8], longest: usize) -> Result<Reply, Broken> {
        self.stream.write_all(request).await?;
        read_reply(&mut self.stream, self.boot, longest).await
    }
}

/// What a server tells of itself.
pub(super) async fn read_boot<S: AsyncBufRead + Unpin>(stream: &mut S) -> Result<Boot, Broken> {
    let mut introduction = Introduction::default();
    for _ in 0..MOST_LINES {
        let line = read_line(stream).await?;
        if line == b"END" {
            return introduction.boot().ok_or(Broken::Foreign);
        }
        if !line.starts_with(b"STAT ") {
            break;
        }
        introduction.read(&line);
    }
    Err(Broken::Foreign)
}

/// The reply of this process; a value of at most so many bytes.
pub(super) async fn read_reply<S: AsyncBufRead + Unpin>(
    stream: &mut S,
    boot: Boot,
    longest: usize,
) -> Result<Reply, Broken> {
    let line = read_line(stream).await?;
    let mark = |cas: u64| match cas {
        0 => Err(Broken::Numberless),
        cas => Ok(Mark { cas, boot }),
    };
    Ok(match Head::parse(&line).ok_or(Broken::Foreign)? {
        Head::Value { length, .. } if length > longest => return Err(Broken::TooLong),
        Head::Value { length, about: About { cas, flags, left } } => {
            let mark = mark(cas.ok_or(Broken::Foreign)?)?;
            let value = read_value(stream, length).await?;
            Reply::Value(Item { value, flags, mark, left })
        }
        Head::Done { cas } => Reply::Done(cas.map(mark).transpose()?),
        Head::Absent => Reply::Absent,
        Head::Present => Reply::Present,
        Head::Moved => Reply::Moved,
        Head::Refused(refusal) => Reply::Refused(refusal),
    })
}

async fn read_value<S: AsyncBufRead + Unpin>(
    stream: &mut S,
    length: usize,
) -> Result<Vec<u8>, Broken> {
    let mut value = vec![0; length + 2];
    stream.read_exact(&mut value).await?;
    if !value.ends_with(b"\r\n") {
        return Err(Broken::Foreign);
    }
    value.truncate(length);
    Ok(value)
}

/// A line without its end.
async fn read_line<S: AsyncBufRead + Unpin>(stream: &mut S) -> Result<Vec<u8>, Broken> {
    let mut line = Vec::new();
    stream.take(LONGEST_LINE).read_until(b'\n', &mut line).await?;
    if line.ends_with(b"\r\n") {
        line.truncate(line.len() - 2);
        Ok(line)
    } else if line.len() as u64 == LONGEST_LINE || line.ends_with(b"\n") {
        Err(Broken::Foreign)
    } else {
        Err(Broken::Io(ErrorKind::UnexpectedEof))
    }
}
