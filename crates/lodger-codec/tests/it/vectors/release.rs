//! Which codec stands for which release.

use lodger_codec::{DjangoCodec, Format, Formats, KeyRing};
use lodger_core::Limits;

/// A release of Django, by the name it has in the files: `3.1.14/py3.8`.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
pub(super) struct Release {
    major: u32,
    minor: u32,
    pub(super) python: u32,
}

impl Release {
    pub(super) fn parse(name: &str) -> Self {
        let number = |text: &str| text.parse().expect("a version is made of numbers");
        let (django, python) = name.split_once("/py").expect("a name holds both versions");
        let mut parts = django.split('.').map(number);
        let mut next = || parts.next().expect("a version has two parts at least");
        let python = number(python.split('.').next().expect("a version has a part"));
        Self { major: next(), minor: next(), python }
    }

    /// What this release does with rows; `sha1` under `DEFAULT_HASHING_ALGORITHM = "sha1"`.
    pub(super) fn rows(self, sha1: bool) -> Formats {
        match (self.major, self.minor) {
            (4.., _) => Formats::MODERN,
            (3, 1..) if sha1 => Formats::TRANSITION_SHA1,
            (3, 1..) => Formats::TRANSITION,
            _ => Formats::LEGACY,
        }
    }

    /// What this release does with signed cookies.
    pub(super) fn cookies(self, sha1: bool) -> Formats {
        match (self.major, self.minor) {
            (4.., _) => Formats::MODERN,
            (3, 1..) if !sha1 => Formats::MODERN.reading(Format::ModernSha1),
            _ => Formats::writing(Format::ModernSha1),
        }
    }
}

pub(super) fn row_codec(secret: &str, formats: Formats) -> DjangoCodec {
    let keys = KeyRing::new(secret).expect("the secret is not empty");
    DjangoCodec::new(keys, Limits::default()).with_formats(formats)
}

pub(super) fn cookie_codec(secret: &str, formats: Formats) -> DjangoCodec {
    row_codec(secret, formats).with_salt("django.contrib.sessions.backends.signed_cookies")
}
