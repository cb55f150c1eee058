//! The parsed messages, made once per process.

use std::sync::LazyLock;

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

use super::language::{FALLBACK, LANGUAGES, Language};

/// A language's messages, ready to be formatted.
pub(super) struct Bundle {
    pub(super) id: &'static str,
    pub(super) language: LanguageIdentifier,
    messages: FluentBundle<FluentResource>,
}

/// Every language's.
pub(super) static BUNDLES: LazyLock<Vec<Bundle>> =
    LazyLock::new(|| LANGUAGES.iter().map(Bundle::new).collect());

impl Bundle {
    fn new(language: &Language) -> Self {
        let identifier: LanguageIdentifier =
            language.id.parse().expect("a tag that a test has parsed");
        let mut messages = FluentBundle::new_concurrent(vec![identifier.clone()]);
        // The marks around an argument's direction would show in a terminal.
        messages.set_use_isolating(false);
        // A file that does not parse as a whole still gives its good messages; a test sees that
        // none is bad.
        let resource = match FluentResource::try_new(language.source.to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        messages.add_resource_overriding(resource);
        Self { id: language.id, language: identifier, messages }
    }

    /// The message of this name, if the language has it without a fault.
    pub(super) fn format(&self, name: &str, count: Option<u64>) -> Option<String> {
        let pattern = self.messages.get_message(name)?.value()?;
        let mut arguments = FluentArgs::new();
        if let Some(count) = count {
            arguments.set("count", count);
        }
        let mut faults = Vec::new();
        let text = self.messages.format_pattern(pattern, Some(&arguments), &mut faults);
        faults.is_empty().then(|| text.into_owned())
    }

    /// The bundle of the language in which every message is sure to exist.
    pub(super) fn fallback() -> &'static Self {
        BUNDLES
            .iter()
            .find(|bundle| bundle.id == FALLBACK)
            .expect("the fallback is among the languages")
    }
}
