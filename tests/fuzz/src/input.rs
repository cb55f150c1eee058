//! Bytes taken apart into choices and a rest.

/// What is left of a target's bytes. Choices come first, a byte each, so that a seed can be written
/// by hand; where there is no byte left, a choice is its first.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    rest: &'a [u8],
}

impl<'a> Input<'a> {
    /// Begins with all bytes.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// One byte, and zero at the end.
    pub fn byte(&mut self) -> u8 {
        let (byte, rest) = self.rest.split_first().unwrap_or((&0, &[]));
        self.rest = rest;
        *byte
    }

    /// One of these; printable bytes choose too.
    ///
    /// # Panics
    ///
    /// When there are none.
    pub fn choose<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::from(self.byte()) % all.len()]
    }

    /// Eight bytes as a number, little end first.
    pub fn number(&mut self) -> i64 {
        let mut bytes = [0; 8];
        bytes.fill_with(|| self.byte());
        i64::from_le_bytes(bytes)
    }

    /// As many bytes as the next byte says, if there are so many.
    pub fn part(&mut self) -> &'a [u8] {
        let length = usize::from(self.byte()).min(self.rest.len());
        let (part, rest) = self.rest.split_at(length);
        self.rest = rest;
        part
    }

    /// All that is left.
    #[must_use]
    pub fn rest(self) -> &'a [u8] {
        self.rest
    }

    /// All that is left, as text.
    #[must_use]
    pub fn text(self) -> String {
        String::from_utf8_lossy(self.rest).into_owned()
    }
}
