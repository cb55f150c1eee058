//! One operation on a session's data, as it can be applied again.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::RESERVED_FIELD;
use crate::{EditError, FieldError, JsonText, SessionDict};

/// A change of one field, computed from what the field holds.
pub(super) type Change =
    Arc<dyn Fn(Option<&JsonText>) -> Result<JsonText, FieldError> + Send + Sync>;

/// An operation on the data, to be applied to whatever data are there when it is committed.
#[derive(Clone)]
#[non_exhaustive]
pub enum Operation {
    /// The field gets the value.
    Set(Arc<str>, JsonText),
    /// The field goes, whatever it holds.
    Remove(Arc<str>),
    /// The field goes if it holds the value that the application was given.
    Pop(Arc<str>, JsonText),
    /// The field gets the value unless there is one.
    SetDefault(Arc<str>, JsonText),
    /// The field, an integer, absent counting as zero, grows by so much.
    Increment(Arc<str>, i64),
    /// The field, a list, absent counting as empty, gets one more item.
    Append(Arc<str>, JsonText),
    /// The field gets what a closure makes of it.
    Modify(Arc<str>, Modification),
    /// Every field goes but the reserved one.
    Clear,
    /// Nothing, but the data are written.
    Rewrite,
}

/// The closure of a [`Session::modify`](crate::Session::modify).
#[derive(Clone)]
pub struct Modification(pub(super) Change);

impl fmt::Debug for Modification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Modification")
    }
}

impl Modification {
    /// What the closure makes of a value. It is the user's code: a panic is an error.
    pub(super) fn run(&self, name: &str, held: Option<&JsonText>) -> Result<JsonText, EditError> {
        match catch_unwind(AssertUnwindSafe(|| (self.0)(held))) {
            Ok(result) => Ok(result?),
            Err(_) => Err(EditError::Panicked { name: name.into() }),
        }
    }
}

impl Operation {
    /// Applies the operation; on an error the data are as they were.
    ///
    /// # Errors
    ///
    /// When the field holds something that the operation cannot act on.
    pub fn apply(&self, dict: &mut SessionDict) -> Result<(), EditError> {
        match self {
            Self::Set(name, value) => dict.insert_json(name, value.clone()),
            Self::Remove(name) => {
                dict.remove(name);
            }
            Self::Pop(name, returned) => {
                if dict.get_json(name) == Some(returned) {
                    dict.remove(name);
                }
            }
            Self::SetDefault(name, value) => {
                if !dict.contains(name) {
                    dict.insert_json(name, value.clone());
                }
            }
            Self::Increment(name, by) => dict.insert_json(name, incremented(dict, name, *by)?),
            Self::Append(name, value) => dict.insert_json(name, appended(dict, name, value)?),
            Self::Modify(name, change) => {
                let value = change.run(name, dict.get_json(name))?;
                dict.insert_json(name, value);
            }
            Self::Clear => dict.retain(|name| name == RESERVED_FIELD),
            Self::Rewrite => {}
        }
        Ok(())
    }
}

fn incremented(dict: &SessionDict, name: &str, by: i64) -> Result<JsonText, EditError> {
    let held = match dict.get_json(name) {
        None => 0,
        Some(value) => value.decode().map_err(|_| EditError::NotAnInteger { name: name.into() })?,
    };
    let sum: i64 =
        i64::checked_add(held, by).ok_or_else(|| EditError::Overflow { name: name.into() })?;
    Ok(JsonText::of(&sum).expect("an integer has a JSON form"))
}

fn appended(dict: &SessionDict, name: &str, value: &JsonText) -> Result<JsonText, EditError> {
    match dict.get_json(name) {
        None => Ok(value.listed()),
        Some(list) => list.appended(value).ok_or_else(|| EditError::NotAList { name: name.into() }),
    }
}

/// Shows the kind and the field's name, never a value.
impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, name) = match self {
            Self::Set(name, _) => ("Set", name),
            Self::Remove(name) => ("Remove", name),
            Self::Pop(name, _) => ("Pop", name),
            Self::SetDefault(name, _) => ("SetDefault", name),
            Self::Increment(name, _) => ("Increment", name),
            Self::Append(name, _) => ("Append", name),
            Self::Modify(name, _) => ("Modify", name),
            Self::Clear => return f.write_str("Clear"),
            Self::Rewrite => return f.write_str("Rewrite"),
        };
        f.debug_tuple(kind).field(name).finish()
    }
}
