//! What is asked of a store, and whether its answer agrees with what is stored then.

use std::time::Duration;

use lodger_core::{
    AnyStore, Clock, Created, Cycled, SessionData, SessionDict, SessionRecord, SessionStore, Span,
    StoreError, StoredKey, Swapped, SystemClock, Timestamp, Touched, Version, Write,
};

use super::giving_up::{Dropped, polled};
use super::row::Tally;

/// A call to a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// A load.
    Load,
    /// A creation.
    Create,
    /// A save.
    Swap,
    /// A new expiry.
    Touch,
    /// A change of key.
    Cycle,
    /// A deletion.
    Delete,
}

const LIFETIME: Span = Span::from_secs(3600);
/// Nobody has been told of a new key whose call failed, so it may go a little later.
const SETTLING: Duration = Duration::from_secs(3);

/// What is stored under two keys: the data, and whether the expiry is the later one.
type Stored = [Option<(String, bool)>; 2];

/// One call, about to be made to a record of its own.
pub struct Case {
    question: Question,
    before: String,
    after: String,
    old: StoredKey,
    new: StoredKey,
    now: Timestamp,
    version: Option<Version>,
}

impl Question {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Load, Self::Create, Self::Swap, Self::Touch, Self::Cycle, Self::Delete];
}

impl Case {
    /// Puts the record there, by a store that nothing disturbs.
    ///
    /// # Errors
    ///
    /// When it cannot be put there.
    pub async fn prepare(
        question: Question,
        name: &str,
        beside: &AnyStore,
    ) -> Result<Self, StoreError> {
        let key = |start: &str| StoredKey::from(format!("{start}{name:x>29}"));
        // Whole seconds, which every backend keeps.
        let now = Timestamp::from_secs(SystemClock.now().as_secs());
        // Nobody else's.
        let before = format!("what was there before {name}");
        let after = format!("what is there after {name}, and is a little longer");
        let (old, new) = (key("old"), key("new"));
        let case = Self { question, before, after, old, new, now, version: None };
        if question != Question::Create {
            let record = case.record(&case.old, &case.before);
            beside.create(record, SessionDict::new(), now).await?;
        }
        Ok(case)
    }

    /// Has the store connect, and learn the version.
    ///
    /// # Errors
    ///
    /// When it cannot be reached.
    pub async fn warm_up(&mut self, store: &AnyStore) -> Result<(), StoreError> {
        let loaded = store.load_for_write(&self.old, self.now).await?;
        self.version = loaded.and_then(|loaded| loaded.version);
        Ok(())
    }

    /// Asks, and gives whether what was asked was done; `None`: the answer is none of the possible.
    async fn ask(&self, store: &AnyStore) -> Result<Option<bool>, StoreError> {
        let Self { question, old, new, now, .. } = self;
        let version = || self.version.clone().expect("a record that is there has a version");
        let write = |expiry| Write {
            session_data: SessionData::from_text(self.after.as_str()),
            expire_date: *now + expiry,
            fields: SessionDict::new(),
        };
        let done = match question {
            Question::Load => {
                let loaded = store.load(old, *now).await?;
                loaded.is_some_and(|loaded| {
                    loaded.record.session_data.as_text() == Some(self.before.as_str())
                })
            }
            Question::Create => {
                let record = self.record(new, &self.after);
                let created = store.create(record, SessionDict::new(), *now).await?;
                matches!(created, Created::Created(_))
            }
            Question::Swap => {
                let swapped = store.swap(old, &version(), write(LIFETIME), *now).await?;
                matches!(swapped, Swapped::Swapped(_))
            }
            Question::Touch => {
                let later = *now + LIFETIME + LIFETIME;
                matches!(store.touch(old, &version(), later, *now).await?, Touched::Touched(_))
            }
            Question::Cycle => {
                let cycled = store.cycle(old, &version(), new, write(LIFETIME), *now).await?;
                matches!(cycled, Cycled::Cycled(_))
            }
            // A deletion that is sent again may find that the first one has done it.
            Question::Delete => {
                store.delete(old).await?;
                true
            }
        };
        Ok(done.then_some(true))
    }

    /// Asks, and counts the answer against what is stored then.
    ///
    /// # Errors
    ///
    /// When the store that nothing disturbs fails.
    pub async fn judge(
        &self,
        store: &AnyStore,
        beside: &AnyStore,
        tally: &mut Tally,
    ) -> Result<(), StoreError> {
        self.count(self.ask(store).await, beside, tally).await
    }

    /// Asks, drops the call once it was polled so often, and counts what is stored then: all of it or
    /// nothing, for who asks beside and for who asks the same store next. Whether it was dropped, and
    /// all of it is stored.
    ///
    /// # Errors
    ///
    /// When the store that nothing disturbs fails.
    pub async fn judge_dropped(
        &self,
        (polls, dropped): (usize, Dropped),
        store: &AnyStore,
        beside: &AnyStore,
        tally: &mut Tally,
    ) -> Result<Option<bool>, StoreError> {
        if let Some(answer) = polled(self.ask(store), polls, dropped).await {
            self.count(answer, beside, tally).await?;
            return Ok(None);
        }
        tally.injections += 1;
        tally.unknown += 1;
        let done = self.is_done(beside, tally).await;
        if !self.is_done(store, tally).await && done {
            tally.wrong(format!("{:?} was dropped, done, and is undone", self.question));
        }
        Ok(Some(done))
    }

    /// Whether all of it is stored; anything between that and nothing is counted.
    pub async fn is_done(&self, store: &AnyStore, tally: &mut Tally) -> bool {
        let stored = self.settled(store).await;
        let done = stored.as_ref() == Ok(&self.after());
        if !done && stored.as_ref() != Ok(&self.before()) {
            tally.wrong(format!("{:?} was dropped, and there is {stored:?}", self.question));
        }
        done
    }

    async fn count(
        &self,
        answer: Result<Option<bool>, StoreError>,
        beside: &AnyStore,
        tally: &mut Tally,
    ) -> Result<(), StoreError> {
        let question = self.question;
        let reads = question == Question::Load;
        // What was acknowledged is so at once.
        let stored =
            if answer.is_ok() { self.stored(beside).await? } else { self.settled(beside).await? };
        let (before, after) = (stored == self.before(), stored == self.after());
        let right = match &answer {
            Ok(Some(_)) => {
                tally.acknowledged += 1;
                after
            }
            Ok(None) => false,
            Err(StoreError::Unknown { .. }) => {
                tally.unknown += 1;
                // A change of key of unknown outcome may end the session.
                !reads && (before || after || question == Question::Cycle && stored == [None, None])
            }
            Err(_) => {
                tally.unavailable += 1;
                before
            }
        };
        if !right {
            tally.wrong(format!("{question:?} was answered {answer:?}, and there is {stored:?}"));
        }
        Ok(())
    }

    /// What is stored under both keys.
    ///
    /// # Errors
    ///
    /// When the store that nothing disturbs fails.
    pub async fn stored(&self, beside: &AnyStore) -> Result<Stored, StoreError> {
        Ok([self.read(beside, &self.old).await?, self.read(beside, &self.new).await?])
    }

    async fn settled(&self, beside: &AnyStore) -> Result<Stored, StoreError> {
        let begun = std::time::Instant::now();
        loop {
            let stored = self.stored(beside).await?;
            let two = stored.iter().all(Option::is_some);
            if !two || begun.elapsed() > SETTLING {
                return Ok(stored);
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn read(
        &self,
        beside: &AnyStore,
        key: &StoredKey,
    ) -> Result<Option<(String, bool)>, StoreError> {
        let loaded = beside.load(key, self.now).await?;
        Ok(loaded.map(|loaded| {
            let later = loaded.record.expire_date > self.now + LIFETIME;
            (loaded.record.session_data.as_text().unwrap_or_default().to_owned(), later)
        }))
    }

    fn before(&self) -> Stored {
        let there = self.question != Question::Create;
        [there.then(|| (self.before.clone(), false)), None]
    }

    fn after(&self) -> Stored {
        let is = |data: &String| Some((data.clone(), false));
        match self.question {
            Question::Load => [is(&self.before), None],
            Question::Create | Question::Cycle => [None, is(&self.after)],
            Question::Swap => [is(&self.after), None],
            Question::Touch => [Some((self.before.clone(), true)), None],
            Question::Delete => [None, None],
        }
    }

    fn record(&self, key: &StoredKey, data: &str) -> SessionRecord {
        SessionRecord {
            session_key: key.clone(),
            session_data: SessionData::from_text(data),
            expire_date: self.now + LIFETIME,
        }
    }
}
