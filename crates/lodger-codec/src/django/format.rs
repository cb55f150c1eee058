//! Which formats are read, and which one is written.

/// A format in which some release of Django writes sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// Signed with SHA-256 and stamped, since 3.1.
    Modern,
    /// The same with SHA-1: signed cookies up to 3.0.
    ModernSha1,
    /// Rows up to 3.0: a code of SHA-1 before the payload, no stamp, never compressed.
    Legacy,
}

/// The formats that a codec reads, and the one it writes.
///
/// A format that is written is always read too.
///
/// # Django
///
/// No format is read by both 3.0 and 4.0. To share a table with a site up to 3.0, write the legacy
/// format; one from 4.0 on cannot read that.
///
/// | constant | the release that does the same | reads | writes |
/// |---|---|---|---|
/// | [`MODERN`](Self::MODERN) | 4.0 and later | modern | modern |
/// | [`TRANSITION`](Self::TRANSITION) | 3.1, 3.2 | modern, modern SHA-1, legacy | modern |
/// | [`TRANSITION_SHA1`](Self::TRANSITION_SHA1) | these with `DEFAULT_HASHING_ALGORITHM = "sha1"` | modern SHA-1, legacy | legacy |
/// | [`LEGACY`](Self::LEGACY) | up to 3.0 | legacy | legacy |
///
/// ```
/// use lodger_codec::{Format, Formats};
///
/// // A table that Django 2.2 left behind, taken over for good.
/// let formats = Formats::writing(Format::Modern).reading(Format::Legacy);
/// assert!(formats.reads(Format::Modern) && !formats.reads(Format::ModernSha1));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Formats {
    writes: Format,
    /// Those read beside the written one, a bit for each.
    also: u8,
}

impl Formats {
    /// As Django from 4.0 on; the default.
    pub const MODERN: Self = Self::writing(Format::Modern);
    /// As Django 3.1 and 3.2: reads whatever any release wrote.
    pub const TRANSITION: Self = Self::MODERN.reading(Format::ModernSha1).reading(Format::Legacy);
    /// As Django 3.1 and 3.2 beside older ones, with `DEFAULT_HASHING_ALGORITHM = "sha1"`.
    pub const TRANSITION_SHA1: Self = Self::LEGACY.reading(Format::ModernSha1);
    /// As Django up to 3.0.
    pub const LEGACY: Self = Self::writing(Format::Legacy);

    /// Writes and reads one format.
    #[must_use]
    pub const fn writing(format: Format) -> Self {
        Self { writes: format, also: 0 }
    }

    /// Reads one more format.
    #[must_use]
    pub const fn reading(self, format: Format) -> Self {
        Self { also: self.also | 1 << format as u8, ..self }
    }

    /// The format that is written.
    #[must_use]
    pub const fn writes(self) -> Format {
        self.writes
    }

    /// Whether a format is read.
    #[must_use]
    pub const fn reads(self, format: Format) -> bool {
        format as u8 == self.writes as u8 || self.also & 1 << format as u8 != 0
    }
}

impl Default for Formats {
    fn default() -> Self {
        Self::MODERN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_constants_read_and_write_as_their_releases_do() {
        use Format::{Legacy, Modern, ModernSha1};
        for (formats, writes, reads) in [
            (Formats::MODERN, Modern, [true, false, false]),
            (Formats::TRANSITION, Modern, [true, true, true]),
            (Formats::TRANSITION_SHA1, Legacy, [false, true, true]),
            (Formats::LEGACY, Legacy, [false, false, true]),
        ] {
            assert_eq!(formats.writes(), writes);
            assert_eq!([Modern, ModernSha1, Legacy].map(|format| formats.reads(format)), reads);
        }
    }
}
