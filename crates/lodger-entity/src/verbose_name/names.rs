//! The names in one language.

use std::fmt;

use fluent_langneg::{NegotiationStrategy, negotiate_languages};
use unic_langid::LanguageIdentifier;

use super::bundle::{BUNDLES, Bundle};
use crate::session;

/// The verbose names of the session model, in one language.
///
/// Cheap to copy: the messages live as long as the process. A name that a language should lack is
/// given in English.
///
/// # Django
///
/// `Session._meta.verbose_name`, `verbose_name_plural`, the fields' `verbose_name`, and the app
/// config's. Django's plural is one word for every number; here it follows the number.
#[derive(Clone, Copy)]
pub struct VerboseNames {
    bundle: &'static Bundle,
}

impl VerboseNames {
    /// The names in the first of the requested languages that there is, else in English.
    ///
    /// `requested` are BCP 47 tags, the best first, as in the header `Accept-Language` once its
    /// weights have been sorted out. A region that has no file of its own gets its language's
    /// (`de-AT`, `de`); what is no tag is passed over.
    ///
    /// ```
    /// use lodger_entity::verbose_name::VerboseNames;
    ///
    /// assert_eq!(VerboseNames::negotiate(["tlh", "uk"]).counted(2), "2 сесії");
    /// assert_eq!(VerboseNames::negotiate(["*", "tlh"]).counted(2), "2 sessions");
    /// ```
    #[must_use]
    pub fn negotiate<L: AsRef<str>>(requested: impl IntoIterator<Item = L>) -> Self {
        let requested: Vec<LanguageIdentifier> =
            requested.into_iter().filter_map(|tag| tag.as_ref().trim().parse().ok()).collect();
        let available: Vec<_> = BUNDLES.iter().map(|bundle| &bundle.language).collect();
        let chosen =
            negotiate_languages(&requested, &available, None, NegotiationStrategy::Filtering);
        let bundle = chosen
            .first()
            .and_then(|language| BUNDLES.iter().find(|bundle| bundle.language == ***language))
            .unwrap_or_else(|| Bundle::fallback());
        Self { bundle }
    }

    /// The language of the names, as a BCP 47 tag.
    #[must_use]
    pub fn language(&self) -> &'static str {
        self.bundle.id
    }

    /// The app: "Sessions".
    #[must_use]
    pub fn app(&self) -> String {
        self.message("app-verbose-name", None)
    }

    /// The model's name for `count` of them, without the number: "session", "sessions".
    #[must_use]
    pub fn model(&self, count: u64) -> String {
        self.message("model-verbose-name", Some(count))
    }

    /// The model's name for many, when no number is known: "sessions".
    #[must_use]
    pub fn model_plural(&self) -> String {
        self.message("model-verbose-name-plural", None)
    }

    /// The number and the name: "1 session", "5 sessions".
    ///
    /// A language may say a small number in words; Arabic does for 0, 1 and 2.
    #[must_use]
    pub fn counted(&self, count: u64) -> String {
        self.message("model-counted", Some(count))
    }

    /// A field: "session key", "session data", "expire date".
    #[must_use]
    pub fn field(&self, column: session::Column) -> String {
        let name = match column {
            session::Column::SessionKey => "session-key",
            session::Column::SessionData => "session-data",
            session::Column::ExpireDate => "expire-date",
        };
        self.message(name, None)
    }

    fn message(&self, name: &str, count: Option<u64>) -> String {
        self.bundle
            .format(name, count)
            .or_else(|| Bundle::fallback().format(name, count))
            .expect("the fallback has every message, as a test sees")
    }
}

impl fmt::Debug for VerboseNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("VerboseNames").field(&self.language()).finish()
    }
}
