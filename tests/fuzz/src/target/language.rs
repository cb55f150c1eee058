//! The languages that a visitor asks for.

use lodger_entity::session::Column;
use lodger_entity::verbose_name::{VerboseNames, languages};

use crate::input::Input;

/// Choices: a number to be counted and a language. Commas and semicolons part what is asked for.
///
/// Whatever is asked for, the answer is one of the languages, and everything in it has a name. A
/// language that there is, asked for first, is the answer whatever follows it.
pub(super) fn check(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let count = input.number().unsigned_abs();
    let all: Vec<&str> = languages().collect();
    let known = input.choose(&all);
    let text = input.text();
    let requested = || text.split([',', ';']);

    let names = VerboseNames::negotiate(requested());
    assert!(all.contains(&names.language()));
    let columns = [Column::SessionKey, Column::SessionData, Column::ExpireDate];
    let told = columns.map(|column| names.field(column)).into_iter();
    let told = told.chain([names.app(), names.model(count), names.model_plural()]);
    for name in told.chain([names.counted(count), names.counted(0)]) {
        assert!(!name.trim().is_empty() && !name.contains(['{', '}']), "{name:?}");
    }
    assert_eq!(VerboseNames::negotiate([known].into_iter().chain(requested())).language(), known);
}
