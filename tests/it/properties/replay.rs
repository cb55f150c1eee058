//! Any interleaving of handles and commits comes out as the model says.

use lodger_backends::memory::MemoryStore;
use lodger_core::{CommitError, EditError, Expiry, SessionKey, SessionStore, Settings, Span};
use lodger_testing::SpyStore;
use lodger_tests::database::{Backend, OwnDatabase};
use lodger_tests::site::{Site, Visit};
use proptest::test_runner::TestCaseError;
use serde_json::Value;
use tokio::runtime::Runtime;

use super::model::{Came, Handle, Misfit, Model};
use super::runner;
use super::step::{Edit, HANDLES, Step, steps};

type Tested = Result<(), TestCaseError>;

/// A handle and what the model has in its place.
struct Place {
    visit: Visit,
    handle: Handle,
}

/// The real thing and the model, side by side.
struct Sides<S> {
    site: Site<S>,
    model: Model,
    /// The keys of the model's sessions.
    keys: Vec<SessionKey>,
}

impl<S: SessionStore> Sides<S> {
    async fn open(&self, session: Option<usize>) -> Place {
        let session = session.filter(|_| !self.keys.is_empty()).map(|n| n % self.keys.len());
        let visit = self.site.visit(session.map(|number| &self.keys[number])).await;
        Place { visit, handle: self.model.open(session) }
    }

    async fn step(&mut self, place: &mut Place, step: &Step) -> Tested {
        match step {
            Step::Open(session) => *place = self.open(*session).await,
            Step::Edit(edit) => {
                let (real, modelled) = (perform(&place.visit, edit), place.handle.edit(edit));
                same(real.map_err(|_| Misfit), modelled, "an edit")?;
            }
            Step::Save => {
                let real = place.visit.save().await;
                let modelled = self.model.commit(&mut place.handle, true);
                self.compare(real, modelled, &place.visit)?;
            }
            Step::Delete => {
                let real = place.visit.delete().await.map_err(|error| fail(&error))?;
                same(real, self.model.delete(&mut place.handle), "a delete")?;
            }
            Step::End => {
                let real = place.visit.end().await.map(|_| ());
                let modelled = self.model.commit(&mut place.handle, false);
                self.compare(real, modelled, &place.visit)?;
                self.same_view(place)?;
                *place = self.open(None).await;
            }
        }
        self.same_view(place)
    }

    fn same_view(&self, place: &Place) -> Tested {
        same(place.visit.fields().to_json(), place.handle.view.to_json(), "the view")
    }

    /// Compares what came of a commit, and takes down the key of a new session.
    fn compare(&mut self, real: Result<(), CommitError>, modelled: Came, visit: &Visit) -> Tested {
        let real = match real {
            Ok(()) => None,
            Err(CommitError::Gone(_)) => Some(Came::Gone),
            Err(CommitError::Conflict(_)) => Some(Came::Conflict),
            Err(error) => return Err(fail(&error)),
        };
        let expected = Some(modelled).filter(|came| matches!(came, Came::Gone | Came::Conflict));
        same(real, expected, "a commit")?;
        if let Came::Stored(number) = modelled {
            let key = visit.session_key().ok_or_else(|| fail(&"a stored session has no key"))?;
            if number == self.keys.len() {
                same(self.keys.contains(&key), false, "a key was used twice: this")?;
                self.keys.push(key);
            } else {
                same(&key, &self.keys[number], "the key")?;
            }
        }
        Ok(())
    }

    /// Every session ever made is stored as the model has it, or dead.
    async fn same_store(&self) -> Tested {
        for (key, modelled) in self.keys.iter().zip(&self.model.sessions) {
            let modelled = modelled.as_ref().map(|document| document.to_json());
            same(self.site.data(key).await, modelled, "a stored session")?;
        }
        Ok(())
    }
}

fn fail(reason: &dyn std::fmt::Debug) -> TestCaseError {
    TestCaseError::fail(format!("{reason:?}"))
}

fn same<T: PartialEq + std::fmt::Debug>(real: T, modelled: T, what: &str) -> Tested {
    if real == modelled {
        return Ok(());
    }
    Err(TestCaseError::fail(format!("{what} is {real:?} and should be {modelled:?}")))
}

fn perform(visit: &Visit, edit: &Edit) -> Result<(), EditError> {
    match edit {
        Edit::Insert(name, value) => visit.insert(name, value),
        Edit::Remove(name) => visit.remove(name).map(|_| ()),
        Edit::Pop(name) => visit.pop::<Value>(name).map(|_| ()),
        Edit::SetDefault(name, value) => visit.set_default(name, value.clone()).map(|_| ()),
        Edit::Update(fields) => visit.update(fields.iter().map(|(name, value)| (name, value))),
        Edit::Clear => visit.clear(),
        Edit::Increment(name, by) => visit.increment(name, *by).map(|_| ()),
        Edit::Append(name, item) => visit.append(name, item),
        Edit::Wrap(name) => {
            visit.modify(name, |held: Option<Value>| serde_json::json!([held])).map(|_| ())
        }
        Edit::Double(name) => {
            let double = |held: Option<i64>| held.unwrap_or(0).wrapping_mul(2);
            visit.modify(name, double).map(|_| ())
        }
        Edit::MarkModified => visit.mark_modified(),
        Edit::Cycle => visit.cycle_key(),
        Edit::Flush => visit.flush(),
        Edit::SetExpiry(expiry) => visit.set_expiry(match expiry {
            None => Expiry::Default,
            Some(0) => Expiry::AtBrowserClose,
            Some(seconds) => Expiry::Sliding(Span::from_secs(*seconds)),
        }),
    }
}

/// Runs some steps on a store that holds no session of theirs, beginning with one that is stored.
async fn run<S: SessionStore>(store: S, steps: Vec<(usize, Step)>) -> Tested {
    let site = Site::with_settings(store, Settings::default());
    let mut sides = Sides { site, model: Model::default(), keys: Vec::new() };
    let mut first = sides.open(None).await;
    for edit in [
        Edit::Insert("a", 1.into()),
        Edit::Insert("b", "text".into()),
        Edit::Insert("c", serde_json::json!([])),
    ] {
        sides.step(&mut first, &Step::Edit(edit)).await?;
    }
    sides.step(&mut first, &Step::End).await?;
    let mut places = Vec::new();
    for _ in 0..HANDLES {
        places.push(sides.open(Some(0)).await);
    }
    for (place, step) in steps {
        sides.step(&mut places[place], &step).await?;
    }
    // Whatever is still open is committed too, in an order that is no handle's.
    for place in places.iter_mut().rev() {
        sides.step(place, &Step::End).await?;
    }
    sides.same_store().await
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

mod memory {
    use super::*;

    /// Promise 5
    #[test]
    fn any_interleaving_of_commits_is_what_the_model_says() {
        let runtime = runtime();
        let result =
            runner(1).run(&steps(), |steps| runtime.block_on(run(MemoryStore::default(), steps)));
        result.unwrap_or_else(|failure| panic!("{failure}"));
    }
}

mod sqlite {
    use super::*;

    /// Promise 5
    #[test]
    fn any_interleaving_of_commits_is_what_the_model_says() {
        let runtime = runtime();
        let database = runtime.block_on(OwnDatabase::create(Backend::Sqlite)).unwrap();
        // Each case makes its own sessions, so they share the table.
        let store = SpyStore::new(database.store::<lodger_entity::session::Entity>());
        let result = runner(16).run(&steps(), |steps| runtime.block_on(run(store.clone(), steps)));
        runtime.block_on(database.close());
        result.unwrap_or_else(|failure| panic!("{failure}"));
    }
}
