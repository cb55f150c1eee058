//! What the model and its fields are called, in many languages.
//!
//! Django translates a model's verbose names with gettext, which knows one plural rule per file.
//! Here every language has a file of [Fluent](https://projectfluent.org) messages, compiled into the
//! program, whose plural forms follow the CLDR: Russian tells 1, 2 and 5 sessions apart, Arabic has
//! six forms, Japanese one. Nothing of this reaches the database: a comment on a column would make
//! MySQL's table differ from Django's.
//!
//! ```
//! use lodger_entity::{session, verbose_name::VerboseNames};
//!
//! let names = VerboseNames::negotiate(["de-AT", "en"]);
//! assert_eq!(names.language(), "de");
//! assert_eq!(names.field(session::Column::ExpireDate), "Ablaufdatum");
//! assert_eq!(names.counted(5), "5 Sitzungen");
//! ```

mod names;

mod bundle;
mod language;

pub use language::languages;
pub use names::VerboseNames;
