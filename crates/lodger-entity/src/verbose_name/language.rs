//! The languages there are, and the files of their messages.

/// A language and its messages in Fluent's syntax.
pub(super) struct Language {
    /// BCP 47, as the folder in `locales/` is named.
    pub(super) id: &'static str,
    pub(super) source: &'static str,
}

macro_rules! languages {
    ($($id:literal)*) => {
        [$(Language {
            id: $id,
            source: include_str!(concat!("../../locales/", $id, "/lodger.ftl")),
        }),*]
    };
}

/// All of them, in alphabetical order.
pub(super) const LANGUAGES: [Language; 16] = languages! {
    "ar" "cs" "de" "en" "es" "fr" "it" "ja" "nl" "pl" "pt-BR" "ru" "sv" "tr" "uk" "zh-Hans"
};

/// The language in which every message is sure to exist.
pub(super) const FALLBACK: &str = "en";

/// The languages in which the names are known, as BCP 47 tags in alphabetical order.
///
/// ```
/// assert!(lodger_entity::verbose_name::languages().any(|language| language == "pt-BR"));
/// ```
pub fn languages() -> impl Iterator<Item = &'static str> {
    LANGUAGES.iter().map(|language| language.id)
}
