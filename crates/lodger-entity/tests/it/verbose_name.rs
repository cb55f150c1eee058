//! Every language says everything, in its own words, with the plural forms of the CLDR.

use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use lodger_entity::{
    session::Column,
    verbose_name::{VerboseNames, languages},
};

const MESSAGES: [&str; 7] = [
    "app-verbose-name",
    "expire-date",
    "model-counted",
    "model-verbose-name",
    "model-verbose-name-plural",
    "session-data",
    "session-key",
];

/// The CLDR's categories for whole numbers.
const CATEGORIES: [(&str, &str); 16] = [
    ("ar", "zero one two few many other"),
    ("cs", "one few many other"),
    ("de", "one other"),
    ("en", "one other"),
    ("es", "one many other"),
    ("fr", "one many other"),
    ("it", "one many other"),
    ("ja", "other"),
    ("nl", "one other"),
    ("pl", "one few many other"),
    ("pt-BR", "one many other"),
    ("ru", "one few many other"),
    ("sv", "one other"),
    ("tr", "one other"),
    ("uk", "one few many other"),
    ("zh-Hans", "other"),
];

/// What is rightly the same word as in English.
const SAME_AS_ENGLISH: [(&str, &str); 4] = [
    ("fr", "app-verbose-name"),
    ("fr", "model-verbose-name"),
    ("fr", "model-verbose-name-plural"),
    ("sv", "model-verbose-name"),
];

fn source(language: &str) -> String {
    let path = format!("{}/locales/{language}/lodger.ftl", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn message_names(language: &str) -> Vec<String> {
    source(language)
        .lines()
        .filter(|line| line.starts_with(|start: char| start.is_ascii_alphabetic() || start == '-'))
        .map(|line| line.split([' ', '=']).next().unwrap().to_owned())
        .collect()
}

/// The bundle as a stranger would make it, so that a fault is not hidden by the fallback.
fn bundle(language: &str) -> FluentBundle<FluentResource> {
    let resource = FluentResource::try_new(source(language))
        .unwrap_or_else(|(_, errors)| panic!("{language}: {errors:?}"));
    let mut bundle = FluentBundle::new_concurrent(vec![language.parse().unwrap()]);
    bundle.set_use_isolating(false);
    bundle.add_resource(resource).unwrap_or_else(|errors| panic!("{language}: {errors:?}"));
    bundle
}

fn rendered(bundle: &FluentBundle<FluentResource>, name: &str, count: u64) -> String {
    let pattern = bundle.get_message(name).and_then(|message| message.value()).unwrap();
    let mut arguments = FluentArgs::new();
    arguments.set("count", count);
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&arguments), &mut errors).into_owned();
    assert!(errors.is_empty(), "{name} for {count}: {errors:?}");
    text
}

#[test]
fn the_folders_are_the_languages() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/locales");
    let folders: BTreeSet<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let known: BTreeSet<_> = languages().map(str::to_owned).collect();
    assert_eq!(folders, known);
    assert!(known.len() >= 15, "{known:?}");
    assert_eq!(known, CATEGORIES.iter().map(|(language, _)| (*language).to_owned()).collect());
}

#[test]
fn every_language_has_every_message_once_and_no_other() {
    for language in languages() {
        let mut names = message_names(language);
        names.sort();
        assert_eq!(names, MESSAGES, "{language}");
    }
}

#[test]
fn every_message_renders_without_a_fault_for_every_number() {
    for language in languages() {
        let bundle = bundle(language);
        for name in MESSAGES {
            for count in [0, 1, 2, 3, 5, 11, 21, 100, 1_000_000] {
                let text = rendered(&bundle, name, count);
                assert!(
                    !text.trim().is_empty() && !text.contains('{'),
                    "{language} {name}: {text}"
                );
            }
        }
    }
}

#[test]
fn nothing_is_left_in_english_by_accident() {
    let english = bundle("en");
    for language in languages().filter(|language| *language != "en") {
        let bundle = bundle(language);
        for name in MESSAGES {
            let same = rendered(&bundle, name, 1) == rendered(&english, name, 1);
            let allowed = SAME_AS_ENGLISH.contains(&(language, name))
                || (name == "model-counted"
                    && SAME_AS_ENGLISH.contains(&(language, "model-verbose-name")));
            assert_eq!(same, allowed, "{language} {name}");
        }
    }
}

#[test]
fn every_language_names_exactly_the_categories_of_the_cldr() {
    for (language, expected) in CATEGORIES {
        let source = source(language);
        let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut message = "";
        for line in source.lines() {
            if line.starts_with(|start: char| start.is_ascii_alphabetic()) {
                message = line.split([' ', '=']).next().unwrap();
            }
            if let Some((before, _)) = line.split_once(']')
                && let Some((_, category)) = before.split_once('[')
            {
                found.entry(message).or_default().insert(category);
            }
        }
        let expected: BTreeSet<_> = expected.split(' ').collect();
        if expected.len() == 1 {
            assert!(found.is_empty(), "{language}");
            continue;
        }
        for name in ["model-counted", "model-verbose-name"] {
            assert_eq!(found.get(name), Some(&expected), "{language} {name}");
        }
    }
}

#[test]
fn numbers_take_their_languages_plural_form() {
    let rows = [
        ("en", "0 sessions|1 session|2 sessions|5 sessions|11 sessions|21 sessions"),
        ("fr", "0 session|1 session|2 sessions|5 sessions|11 sessions|21 sessions"),
        ("pt-BR", "0 sessão|1 sessão|2 sessões|5 sessões|11 sessões|21 sessões"),
        ("ru", "0 сессий|1 сессия|2 сессии|5 сессий|11 сессий|21 сессия"),
        ("uk", "0 сесій|1 сесія|2 сесії|5 сесій|11 сесій|21 сесія"),
        ("pl", "0 sesji|1 sesja|2 sesje|5 sesji|11 sesji|21 sesji"),
        ("cs", "0 relací|1 relace|2 relace|5 relací|11 relací|21 relací"),
        ("ar", "لا جلسات|جلسة واحدة|جلستان|5 جلسات|11 جلسة|21 جلسة"),
        ("ja", "0 セッション|1 セッション|2 セッション|5 セッション|11 セッション|21 セッション"),
        ("tr", "0 oturum|1 oturum|2 oturum|5 oturum|11 oturum|21 oturum"),
    ];
    for (language, expected) in rows {
        let names = VerboseNames::negotiate([language]);
        assert_eq!(names.language(), language);
        let counted: Vec<_> = [0, 1, 2, 5, 11, 21].map(|count| names.counted(count)).into();
        assert_eq!(counted.join("|"), expected, "{language}");
    }
}

#[test]
fn the_english_names_are_djangos() {
    let names = VerboseNames::negotiate(["en"]);
    assert_eq!(names.app(), "Sessions");
    assert_eq!([names.model(1), names.model_plural()], ["session", "sessions"]);
    let fields = [Column::SessionKey, Column::SessionData, Column::ExpireDate];
    assert_eq!(
        fields.map(|column| names.field(column)),
        ["session key", "session data", "expire date"]
    );
}

#[test]
fn the_best_language_that_there_is_wins() {
    let rows: [(&[&str], &str); 13] = [
        (&["de"], "de"),
        (&["de-CH", "fr"], "de"),
        (&["tlh", "fr-CA"], "fr"),
        (&["pt-BR"], "pt-BR"),
        (&["pt"], "pt-BR"),
        (&["zh-CN"], "zh-Hans"),
        (&["zh-Hans-CN"], "zh-Hans"),
        (&["zh-Hant", "ja"], "ja"),
        (&["en-GB"], "en"),
        (&[" sv "], "sv"),
        (&["not a tag", "\u{0}", ""], "en"),
        (&["tlh"], "en"),
        (&[], "en"),
    ];
    for (requested, expected) in rows {
        assert_eq!(VerboseNames::negotiate(requested).language(), expected, "{requested:?}");
    }
}
