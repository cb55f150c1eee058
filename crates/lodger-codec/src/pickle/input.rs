//! The bytes of a pickle, of which no more is taken than there is.

use lodger_core::DecodeError;

use super::malformed;

const TRUNCATED: DecodeError = malformed("pickle, which ends too early");

/// What is left of a pickle.
pub(super) struct Input<'a> {
    rest: &'a [u8],
}

impl<'a> Input<'a> {
    pub(super) fn new(pickle: &'a [u8]) -> Self {
        Self { rest: pickle }
    }

    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], DecodeError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(TRUNCATED)?;
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(TRUNCATED)?;
        self.rest = rest;
        Ok(*taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8, DecodeError> {
        self.array().map(|[byte]| byte)
    }

    /// A number of `N` bytes, the lowest one first.
    pub(super) fn number<const N: usize>(&mut self) -> Result<usize, DecodeError> {
        let mut bytes = [0; 8];
        bytes[..N].copy_from_slice(&self.array::<N>()?);
        // What no memory could hold is not there either.
        usize::try_from(u64::from_le_bytes(bytes)).map_err(|_| TRUNCATED)
    }

    /// A length in `N` bytes, and as many bytes after it.
    pub(super) fn block<const N: usize>(&mut self) -> Result<&'a [u8], DecodeError> {
        let length = self.number::<N>()?;
        self.take(length)
    }

    /// What stands before the next line feed, which is taken too.
    pub(super) fn line(&mut self) -> Result<&'a [u8], DecodeError> {
        let end = self.rest.iter().position(|&byte| byte == b'\n').ok_or(TRUNCATED)?;
        let line = self.take(end)?;
        self.byte()?;
        Ok(line)
    }

    /// The length of a frame. A frame says how much could be read at once, and nothing else.
    pub(super) fn frame(&mut self) -> Result<(), DecodeError> {
        let length = self.number::<8>()?;
        if length <= self.rest.len() { Ok(()) } else { Err(TRUNCATED) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_length_takes_more_than_there_is() {
        let long = [&10_000_000_u32.to_le_bytes()[..], b"abc"].concat();
        assert_eq!(Input::new(&long).block::<4>(), Err(TRUNCATED));
        let longest = [0xff; 12];
        assert_eq!(Input::new(&longest).block::<8>(), Err(TRUNCATED));
        assert_eq!(Input::new(&longest).frame(), Err(TRUNCATED));
        assert_eq!(Input::new(b"\x03abc").block::<1>(), Ok(&b"abc"[..]));
        assert_eq!(Input::new(b"\x04abc").block::<1>(), Err(TRUNCATED));
        assert_eq!(Input::new(b"\x01").array::<2>(), Err(TRUNCATED));
    }

    #[test]
    fn a_line_ends_with_a_line_feed() {
        let mut input = Input::new(b"os\n\nx");
        assert_eq!(input.line(), Ok(&b"os"[..]));
        assert_eq!(input.line(), Ok(&b""[..]));
        assert_eq!(input.line(), Err(TRUNCATED));
    }
}
