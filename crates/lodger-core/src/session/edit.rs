//! Changing a session.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::access::TEST_COOKIE;
use super::handle::{Edited, unreserved};
use super::operation::Modification;
use super::{Operation, Session};
use crate::engine::Retire;
use crate::{EditError, FieldError, JsonText};

/// # Changing
///
/// Every change is refused with [`EditError::Closed`] once the response has been sent.
impl Session {
    /// Sets a field.
    ///
    /// # Errors
    ///
    /// When the value has no JSON form or is nested too deeply, or the name is reserved.
    pub fn insert<T: Serialize + ?Sized>(&self, name: &str, value: &T) -> Result<(), EditError> {
        let value = self.json(name, value)?;
        self.apply(Operation::Set(name.into(), value))
    }

    /// Sets a field to a value that is JSON text already, such as a number beyond 64 bits or `NaN`.
    ///
    /// # Errors
    ///
    /// When the value is nested too deeply, or the name is reserved.
    pub fn insert_json(&self, name: &str, value: JsonText) -> Result<(), EditError> {
        let value = self.fitting(name, value)?;
        self.apply(Operation::Set(name.into(), value))
    }

    /// Removes a field; whether there was one. Removing none is no modification.
    ///
    /// # Errors
    ///
    /// When the name is reserved.
    pub fn remove(&self, name: &str) -> Result<bool, EditError> {
        unreserved(name)?;
        self.edit(|document| {
            if !document.view.contains(name) {
                return Ok(Edited::unmodified(false));
            }
            document.apply(Operation::Remove(name.into()))?;
            Ok(Edited::modified(true))
        })
    }

    /// Removes a field and gives what it held; `None` if there is no such field, which is no
    /// modification. If the stored value is another one by the time of the commit, that one stays.
    ///
    /// # Errors
    ///
    /// When the field is of another type, and then stays, or the name is reserved.
    pub fn pop<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, EditError> {
        unreserved(name)?;
        loop {
            let Some(held) = self.get_json(name) else {
                return self.edit(|_| Ok(Edited::unmodified(None)));
            };
            let value = held.decode().map_err(|problem| FieldError::new(name, problem))?;
            let popped = self.edit(|document| {
                // A clone of the handle may have changed the field while it was decoded.
                if document.view.get_json(name) != Some(&held) {
                    return Ok(Edited::unmodified(false));
                }
                document.apply(Operation::Pop(name.into(), held.clone()))?;
                Ok(Edited::modified(true))
            })?;
            if popped {
                return Ok(Some(value));
            }
        }
    }

    /// Sets a field unless it is there, and gives what it then holds. A stored value wins over this
    /// one also when it came in by the time of the commit.
    ///
    /// # Errors
    ///
    /// As [`insert`](Self::insert), and when what is there is of another type.
    pub fn set_default<T: Serialize + DeserializeOwned>(
        &self,
        name: &str,
        value: T,
    ) -> Result<T, EditError> {
        let json = self.json(name, &value)?;
        let held = self.edit(|document| {
            if let Some(held) = document.view.get_json(name) {
                return Ok(Edited::unmodified(Some(held.clone())));
            }
            document.apply(Operation::SetDefault(name.into(), json))?;
            Ok(Edited::modified(None))
        })?;
        match held {
            None => Ok(value),
            Some(held) => held.decode().map_err(|problem| FieldError::new(name, problem).into()),
        }
    }

    /// Sets many fields; always a modification, even by none.
    ///
    /// # Errors
    ///
    /// As [`insert`](Self::insert); then none of the fields is set.
    pub fn update<N, T>(&self, fields: impl IntoIterator<Item = (N, T)>) -> Result<(), EditError>
    where
        N: AsRef<str>,
        T: Serialize,
    {
        let json = |(name, value): (N, T)| {
            Ok(Operation::Set(name.as_ref().into(), self.json(name.as_ref(), &value)?))
        };
        let mut operations = fields.into_iter().map(json).collect::<Result<Vec<_>, EditError>>()?;
        operations.push(Operation::Rewrite);
        self.edit(|document| {
            operations.into_iter().try_for_each(|operation| document.apply(operation))?;
            Ok(Edited::modified(()))
        })
    }

    /// Removes every field and keeps the key. To end a session use [`flush`](Self::flush).
    ///
    /// # Errors
    ///
    /// Only [`EditError::Closed`].
    pub fn clear(&self) -> Result<(), EditError> {
        self.apply(Operation::Clear)
    }

    /// Adds to an integer, absent counting as zero, and gives the provisional sum. Concurrent
    /// increments all count.
    ///
    /// # Errors
    ///
    /// When the field is no integer of 64 bits, or the sum would not be one.
    ///
    /// # Django
    ///
    /// No counterpart: `session["n"] += 1` loses increments there.
    pub fn increment(&self, name: &str, by: i64) -> Result<i64, EditError> {
        unreserved(name)?;
        self.edit(|document| {
            document.apply(Operation::Increment(name.into(), by))?;
            let sum = document.view.get(name)?;
            Ok(Edited::modified(sum.expect("the operation has just set the field")))
        })
    }

    /// Adds an item at the end of a list, absent counting as empty. Concurrent items all stay.
    ///
    /// # Errors
    ///
    /// As [`insert`](Self::insert), and when the field is no list.
    pub fn append<T: Serialize + ?Sized>(&self, name: &str, item: &T) -> Result<(), EditError> {
        let item = JsonText::of(item).map_err(|problem| FieldError::new(name, problem))?;
        self.fitting(name, item.listed())?;
        self.apply(Operation::Append(name.into(), item))
    }

    /// Replaces a field by what a closure makes of it, and gives the provisional value. The closure
    /// runs again on newer data if somebody else changed the session, so it should depend on
    /// nothing but its argument.
    ///
    /// # Errors
    ///
    /// As [`insert`](Self::insert), and when the field is of another type or the closure panics.
    pub fn modify<T, F>(&self, name: &str, change: F) -> Result<T, EditError>
    where
        T: Serialize + DeserializeOwned,
        F: Fn(Option<T>) -> T + Send + Sync + 'static,
    {
        unreserved(name)?;
        let max_depth = self.max_depth();
        let field: Arc<str> = name.into();
        let modification = Modification(Arc::new(move |held: Option<&JsonText>| {
            let problem = |problem| FieldError::new(&field, problem);
            let held = held.map(|held| held.decode().map_err(problem)).transpose()?;
            let made = JsonText::of(&change(held)).map_err(problem)?;
            made.fits(max_depth).map_err(problem)?;
            Ok(made)
        }));
        loop {
            // The closure is the user's code, so the lock is released while it runs.
            let held = self.get_json(name);
            let made = modification.run(name, held.as_ref())?;
            let value = made.decode().map_err(|problem| FieldError::new(name, problem))?;
            let modification = modification.clone();
            let done = self.edit(|document| {
                if document.view.get_json(name) != held.as_ref() {
                    return Ok(Edited::unmodified(false));
                }
                document.view.insert_json(name, made);
                document.patch.push(Operation::Modify(name.into(), modification));
                Ok(Edited::modified(true))
            })?;
            if done {
                return Ok(value);
            }
        }
    }

    /// Has the data written even if nothing changed; this alone is no access.
    ///
    /// # Errors
    ///
    /// Only [`EditError::Closed`].
    ///
    /// # Django
    ///
    /// `session.modified = True`, which is needed there after a change within a value.
    pub fn mark_modified(&self) -> Result<(), EditError> {
        let mut state = self.shared.lock();
        let document = state.phase.editable().ok_or(EditError::Closed)?;
        document.edits += 1;
        document.apply(Operation::Rewrite)?;
        state.modified = true;
        Ok(())
    }

    /// Gives the session a fresh key with the commit; the data stay and the old key dies.
    ///
    /// A session that is not stored yet gets a fresh key anyway.
    ///
    /// # Errors
    ///
    /// Only [`EditError::Closed`].
    ///
    /// # Security
    ///
    /// Call it whenever the visitor's privileges change, so that a key which somebody planted or
    /// overheard before is worth nothing afterwards (CWE-384).
    pub fn cycle_key(&self) -> Result<(), EditError> {
        self.edit(|document| {
            if document.retire == Retire::Keep {
                document.retire = Retire::Cycle;
            }
            Ok(Edited::modified(()))
        })
    }

    /// Ends the session with the commit: its data are deleted, whatever the response's status. What
    /// is inserted afterwards belongs to a new session with a fresh key, and is dropped if the
    /// response is a server error.
    ///
    /// # Errors
    ///
    /// Only [`EditError::Closed`].
    pub fn flush(&self) -> Result<(), EditError> {
        let presented = self.shared.unaccessed_key();
        self.edit(|document| {
            document.presume(presented);
            document.flush();
            Ok(Edited::modified(()))
        })
    }

    /// Sets the test cookie.
    ///
    /// # Errors
    ///
    /// Only [`EditError::Closed`].
    pub fn set_test_cookie(&self) -> Result<(), EditError> {
        let (name, value) = TEST_COOKIE;
        self.insert(name, value)
    }

    /// Removes the test cookie; whether it was there.
    ///
    /// # Errors
    ///
    /// Only [`EditError::Closed`].
    pub fn delete_test_cookie(&self) -> Result<bool, EditError> {
        self.remove(TEST_COOKIE.0)
    }

    fn max_depth(&self) -> usize {
        self.shared.engine.settings().limits.json_depth
    }

    fn json<T: Serialize + ?Sized>(&self, name: &str, value: &T) -> Result<JsonText, EditError> {
        let value = JsonText::of(value).map_err(|problem| FieldError::new(name, problem))?;
        self.fitting(name, value)
    }

    fn fitting(&self, name: &str, value: JsonText) -> Result<JsonText, EditError> {
        unreserved(name)?;
        value.fits(self.max_depth()).map_err(|problem| FieldError::new(name, problem))?;
        Ok(value)
    }
}
