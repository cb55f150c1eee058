//! The rules of replay, once more and as plainly as possible.
//!
//! Nothing here is shared with the code it judges: a document is a list of names and values, and a
//! patch a list of edits.

use serde_json::{Value, json};

use super::step::Edit;

/// The name of a session's own expiry.
const EXPIRY: &str = "_session_expiry";

/// Names and values in the order of their insertion.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Document(Vec<(String, Value)>);

impl Document {
    fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(held, _)| held == name).map(|(_, value)| value)
    }

    fn set(&mut self, name: &str, value: Value) {
        match self.0.iter_mut().find(|(held, _)| held == name) {
            Some((_, held)) => *held = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    fn remove(&mut self, name: &str) {
        self.0.retain(|(held, _)| held != name);
    }

    pub(super) fn to_json(&self) -> String {
        let fields: Vec<String> =
            self.0.iter().map(|(name, value)| format!("{}:{value}", json!(name))).collect();
        format!("{{{}}}", fields.join(","))
    }
}

/// What a commit applies.
#[derive(Clone, Debug)]
enum Replayed {
    Set(String, Value),
    Remove(String),
    Pop(String, Value),
    SetDefault(String, Value),
    Increment(String, i64),
    Append(String, Value),
    Wrap(String),
    Double(String),
    Nothing,
}

/// The edit does not fit what the field holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Misfit;

fn replay(operation: &Replayed, document: &mut Document) -> Result<(), Misfit> {
    let integer = |name: &str| match document.get(name) {
        None => Ok(0),
        Some(value) => value.as_i64().ok_or(Misfit),
    };
    match operation {
        Replayed::Set(name, value) => document.set(name, value.clone()),
        Replayed::Remove(name) => document.remove(name),
        Replayed::Pop(name, returned) => {
            if document.get(name) == Some(returned) {
                document.remove(name);
            }
        }
        Replayed::SetDefault(name, value) => {
            if document.get(name).is_none() {
                document.set(name, value.clone());
            }
        }
        Replayed::Increment(name, by) => {
            let sum = integer(name)?.checked_add(*by).ok_or(Misfit)?;
            document.set(name, sum.into());
        }
        Replayed::Append(name, item) => {
            let mut list = document.get(name).cloned().unwrap_or_else(|| json!([]));
            list.as_array_mut().ok_or(Misfit)?.push(item.clone());
            document.set(name, list);
        }
        Replayed::Wrap(name) => {
            let wrapped = json!([document.get(name)]);
            document.set(name, wrapped);
        }
        Replayed::Double(name) => {
            let doubled = integer(name)?.wrapping_mul(2);
            document.set(name, doubled.into());
        }
        Replayed::Nothing => {}
    }
    Ok(())
}

/// What becomes of the key.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Retire {
    Keep,
    Cycle,
    Flush,
}

/// What a handle stands on.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stands {
    OnNothing,
    On(usize),
    OnWhatIsGone(usize),
}

/// A handle.
#[derive(Clone, Debug)]
pub(super) struct Handle {
    stands: Stands,
    /// What was there when it last looked.
    base: Document,
    pub(super) view: Document,
    patch: Vec<Replayed>,
    retire: Retire,
}

/// What came of a commit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Came {
    /// There was nothing to store.
    Nothing,
    /// The session of this number is stored.
    Stored(usize),
    /// What was stored is no more.
    Removed,
    Gone,
    Conflict,
}

impl Handle {
    /// Does an edit; a misfit changes nothing.
    pub(super) fn edit(&mut self, edit: &Edit) -> Result<(), Misfit> {
        let name = |name: &&'static str| (*name).to_owned();
        let operations = match edit {
            Edit::Insert(field, value) => vec![Replayed::Set(name(field), value.clone())],
            Edit::Remove(field) => {
                if self.view.get(field).is_none() {
                    return Ok(());
                }
                vec![Replayed::Remove(name(field))]
            }
            Edit::Pop(field) => match self.view.get(field) {
                None => return Ok(()),
                Some(held) => vec![Replayed::Pop(name(field), held.clone())],
            },
            Edit::SetDefault(field, value) => {
                if self.view.get(field).is_some() {
                    return Ok(());
                }
                vec![Replayed::SetDefault(name(field), value.clone())]
            }
            Edit::Update(fields) => {
                let set = |(field, value): &(&'static str, Value)| {
                    Replayed::Set(name(field), value.clone())
                };
                fields.iter().map(set).chain([Replayed::Nothing]).collect()
            }
            Edit::Increment(field, by) => vec![Replayed::Increment(name(field), *by)],
            Edit::Append(field, item) => vec![Replayed::Append(name(field), item.clone())],
            Edit::Wrap(field) => vec![Replayed::Wrap(name(field))],
            Edit::Double(field) => vec![Replayed::Double(name(field))],
            Edit::MarkModified => vec![Replayed::Nothing],
            Edit::SetExpiry(Some(seconds)) => {
                vec![Replayed::Set(EXPIRY.to_owned(), (*seconds).into())]
            }
            Edit::SetExpiry(None) => {
                if self.view.get(EXPIRY).is_none() {
                    return Ok(());
                }
                vec![Replayed::Remove(EXPIRY.to_owned())]
            }
            Edit::Clear => {
                // Of what came before nothing is left, so it is not replayed either.
                self.view = Document::default();
                self.patch = vec![Replayed::Nothing];
                let fields = [super::step::FIELDS.as_slice(), &[EXPIRY]].concat();
                self.patch.extend(fields.iter().map(|field| Replayed::Remove((*field).to_owned())));
                return Ok(());
            }
            Edit::Cycle => {
                if self.retire == Retire::Keep {
                    self.retire = Retire::Cycle;
                }
                return Ok(());
            }
            Edit::Flush => {
                (self.view, self.patch) = (Document::default(), Vec::new());
                self.retire = Retire::Flush;
                return Ok(());
            }
        };
        let mut view = self.view.clone();
        operations.iter().try_for_each(|operation| replay(operation, &mut view))?;
        self.view = view;
        self.patch.extend(operations);
        Ok(())
    }
}

/// All sessions that were ever made; dead ones are `None`.
#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    pub(super) sessions: Vec<Option<Document>>,
}

impl Model {
    pub(super) fn open(&self, session: Option<usize>) -> Handle {
        let live = session.filter(|number| self.sessions[*number].is_some());
        let view = live.and_then(|number| self.sessions[number].clone()).unwrap_or_default();
        let stands = live.map_or(Stands::OnNothing, Stands::On);
        Handle { stands, base: view.clone(), view, patch: Vec::new(), retire: Retire::Keep }
    }

    /// Whether there was something to delete.
    pub(super) fn delete(&mut self, handle: &mut Handle) -> bool {
        let number = match handle.stands {
            Stands::OnNothing => return false,
            Stands::On(number) | Stands::OnWhatIsGone(number) => number,
        };
        handle.stands = Stands::OnWhatIsGone(number);
        self.sessions[number].take().is_some()
    }

    /// Commits; `renew` even if there is nothing to commit.
    pub(super) fn commit(&mut self, handle: &mut Handle, renew: bool) -> Came {
        if handle.patch.is_empty() && handle.retire == Retire::Keep && !renew {
            return Came::Nothing;
        }
        if handle.retire == Retire::Flush {
            self.delete(handle);
            handle.stands = Stands::OnNothing;
            handle.retire = Retire::Keep;
            return match self.begin(handle) {
                Came::Nothing => Came::Removed,
                came => came,
            };
        }
        match handle.stands {
            Stands::OnNothing => self.begin(handle),
            Stands::OnWhatIsGone(_) => Came::Gone,
            Stands::On(number) => self.merge(handle, number),
        }
    }

    /// Makes a session of what was done, unless it would be empty.
    fn begin(&mut self, handle: &mut Handle) -> Came {
        let mut document = Document::default();
        let patch = std::mem::take(&mut handle.patch);
        handle.retire = Retire::Keep;
        for operation in &patch {
            replay(operation, &mut document).expect("it fitted when it was made");
        }
        if document.0.is_empty() {
            return Came::Nothing;
        }
        self.put(handle, document)
    }

    fn merge(&mut self, handle: &mut Handle, number: usize) -> Came {
        let Some(mut document) = self.sessions[number].clone() else {
            handle.stands = Stands::OnWhatIsGone(number);
            return Came::Gone;
        };
        if handle.patch.iter().any(|operation| replay(operation, &mut document).is_err()) {
            // It would never fit, so it is dropped.
            (handle.patch, handle.retire) = (Vec::new(), Retire::Keep);
            handle.view = handle.base.clone();
            return Came::Conflict;
        }
        handle.patch.clear();
        let retire = std::mem::replace(&mut handle.retire, Retire::Keep);
        if retire == Retire::Cycle {
            self.sessions[number] = None;
            return self.put(handle, document);
        }
        self.sessions[number] = Some(document.clone());
        (handle.base, handle.view) = (document.clone(), document);
        Came::Stored(number)
    }

    /// Stores under a fresh key.
    fn put(&mut self, handle: &mut Handle, document: Document) -> Came {
        let number = self.sessions.len();
        handle.stands = Stands::On(number);
        (handle.base, handle.view) = (document.clone(), document.clone());
        self.sessions.push(Some(document));
        Came::Stored(number)
    }
}
