//! Zlib, as far as it makes the data shorter, and no further than the limits allow.

use std::cell::RefCell;

use flate2::{Compress, Decompress, FlushCompress, FlushDecompress, Status};
use lodger_core::DecodeError;

thread_local! {
    // Their buffers cost more to make than small data cost to deflate.
    static DEFLATE: RefCell<Compress> =
        RefCell::new(Compress::new(flate2::Compression::default(), true));
    static INFLATE: RefCell<Decompress> = RefCell::new(Decompress::new(true));
}

/// When the data are deflated before they are signed.
///
/// Reading does not depend on it: deflated and plain data are always read, by Django too.
///
/// # Django
///
/// Sessions are deflated if that makes them shorter by at least two bytes: [`Auto`](Self::Auto).
/// The rule is the same here, the deflater is not: its streams are some bytes longer or shorter, so
/// where a few bytes decide, one side may deflate what the other keeps plain. The legacy format is
/// never deflated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Compression {
    /// By Django's rule. Data of less than 13 bytes are not tried, since no stream is short
    /// enough to win there.
    #[default]
    Auto,
    /// By Django's rule, but data of fewer bytes than this are kept plain untried. For a site that
    /// would rather store some more bytes than spend several microseconds at each write.
    AtLeast(usize),
    /// Never.
    Never,
}

impl Compression {
    /// The shortest stream of any data but the shortest takes 11 bytes: header 2, one literal and
    /// one match 3 to 5, checksum 4. It wins against 13 bytes and more.
    const SHORTEST: usize = 13;

    /// The deflated data, if they are to be used.
    pub(crate) fn deflate(self, data: &[u8]) -> Option<Vec<u8>> {
        let least = match self {
            Self::Auto => Self::SHORTEST,
            Self::AtLeast(least) => least.max(Self::SHORTEST),
            Self::Never => return None,
        };
        if data.len() < least {
            return None;
        }
        // Room for a stream that wins and no more: a longer one is given up when it is full.
        let mut stream = Vec::with_capacity(data.len() - 2);
        let status = DEFLATE.with_borrow_mut(|deflate| {
            deflate.reset();
            deflate.compress_vec(data, &mut stream, FlushCompress::Finish)
        });
        (matches!(status, Ok(Status::StreamEnd)) && stream.len() < data.len() - 1).then_some(stream)
    }
}

/// Inflates a stream to at most `limit` bytes; what follows its end is ignored, as in Python.
pub(crate) fn inflate(stream: &[u8], limit: usize) -> Result<Vec<u8>, DecodeError> {
    const MALFORMED: DecodeError = DecodeError::Malformed { part: "compressed data" };
    INFLATE.with_borrow_mut(|inflate| {
        inflate.reset(true);
        let mut data = Vec::new();
        let mut room = stream.len().saturating_mul(4).max(1024);
        loop {
            // One byte beyond the limit tells a stream that ends there from one that goes on.
            data.reserve_exact(room.min(limit.saturating_add(1) - data.len()));
            let read = usize::try_from(inflate.total_in()).map_err(|_| MALFORMED)?;
            let written = data.len();
            let status = inflate
                .decompress_vec(&stream[read..], &mut data, FlushDecompress::None)
                .map_err(|_| MALFORMED)?;
            if data.len() > limit {
                return Err(DecodeError::TooLarge { limit });
            }
            if status == Status::StreamEnd {
                return Ok(data);
            }
            if inflate.total_in() == read as u64 && data.len() == written {
                return Err(MALFORMED);
            }
            room = data.len();
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MALFORMED: DecodeError = DecodeError::Malformed { part: "compressed data" };

    #[test]
    fn a_stream_is_used_if_it_is_shorter_by_two_bytes() {
        let data = "a".repeat(1000);
        let stream = Compression::Auto.deflate(data.as_bytes()).unwrap();
        assert!(stream.len() < 50);
        assert_eq!(inflate(&stream, 1000).unwrap(), data.as_bytes());
        for data in ["", "{}", "aaaaaaaaaaaa", r#"{"a":"3fq9zK0xT7"}"#] {
            assert_eq!(Compression::Auto.deflate(data.as_bytes()), None, "{data}");
        }
        assert_eq!(
            Compression::Auto.deflate(b"aaaaaaaaaaaaa").map(|stream| stream.len()),
            Some(11)
        );
    }

    #[test]
    fn compression_can_be_kept_for_larger_data_or_switched_off() {
        let data = "a".repeat(100);
        assert!(Compression::AtLeast(100).deflate(data.as_bytes()).is_some());
        assert!(Compression::AtLeast(101).deflate(data.as_bytes()).is_none());
        assert!(Compression::AtLeast(0).deflate(b"{}").is_none());
        assert!(Compression::Never.deflate(data.as_bytes()).is_none());
    }

    #[test]
    fn bytes_after_the_stream_are_ignored_and_a_cut_one_is_refused() {
        let data = r#"{"a":"bbbbbbbbbbbbbbbbbbbbbbbbbbbb"}"#.repeat(50);
        let stream = Compression::Auto.deflate(data.as_bytes()).unwrap();
        let trailing = [&stream[..], b"tail"].concat();
        assert_eq!(inflate(&trailing, usize::MAX).unwrap(), data.as_bytes());
        for end in 0..stream.len() {
            assert_eq!(inflate(&stream[..end], 1 << 20).unwrap_err(), MALFORMED, "{end}");
        }
        for garbage in [&b"not zlib"[..], &stream[2..]] {
            assert_eq!(inflate(garbage, 1 << 20).unwrap_err(), MALFORMED);
        }
    }

    /// Promise 10
    #[test]
    fn a_bomb_is_refused_in_bounded_memory() {
        let stream = Compression::Auto.deflate(&vec![b'a'; 10_000_000]).unwrap();
        assert_eq!(inflate(&stream, 9_999_999), Err(DecodeError::TooLarge { limit: 9_999_999 }));
        assert_eq!(inflate(&stream, 5000), Err(DecodeError::TooLarge { limit: 5000 }));
        let data = inflate(&stream, 10_000_000).unwrap();
        assert_eq!(data.len(), 10_000_000);
        assert!(data.capacity() <= 10_000_001);
    }
}
