//! Patch and compare-and-swap, for one commit or several at once.

use std::time::Duration;

use lodger_core::{
    CommitError, Committed, Cycled, EditError, Loaded, Opened, Saved, SessionConflict, SessionDict,
    SessionInterrupted, SessionKey, SessionStore, StoreError, StoredKey, Swapped, Timestamp,
    Touched, Version,
};
use tokio::time::Instant;

use crate::SessionManager;
use crate::conflict::{Standing, stand};
use crate::create::{DRAWS, keys_taken};
use crate::queue::Waiting;
use crate::sync::sleep;

/// What a patch is applied to: the data that are taken to be stored.
#[derive(Clone)]
pub(crate) struct Base {
    pub(crate) place: StoredKey,
    pub(crate) version: Option<Version>,
    pub(crate) stamp: Option<i64>,
    pub(crate) expire_date: Option<Timestamp>,
    pub(crate) dict: SessionDict,
}

/// What an attempt to write came to.
enum Attempt {
    Written(Box<Saved>),
    /// Something else is stored: try again on that.
    Moved(Loaded),
    /// The base is what is stored.
    Unmoved,
    /// There is nothing to write: a touch was asked for, and somebody was faster.
    Renewed,
    /// The fresh key is in use: try again with another.
    Taken,
    Gone,
}

impl<S: SessionStore> SessionManager<S> {
    /// Writes a group of commits, answers all of them, and gives what is stored afterwards, as far
    /// as it is known.
    pub(crate) async fn write_group(
        &self,
        key: &SessionKey,
        mut base: Base,
        mut group: Vec<Waiting>,
    ) -> Base {
        for attempt in 0_u32.. {
            group = answer_late(group);
            if group.is_empty() {
                break;
            }
            let mut dict = base.dict.clone();
            let conflicts = apply(&group, &mut dict);
            let attempted = if conflicts.iter().all(Option::is_some) {
                self.reload(key, &base).await.map_err(CommitError::from)
            } else {
                self.attempt(key, &base, &group, dict).await
            };
            match attempted {
                Ok(Attempt::Written(saved)) => {
                    let opened = saved.opened.clone();
                    answer_each(group, conflicts, Ok(&Committed::Saved(*saved)));
                    return Base::of(self.place(key), opened).unwrap_or(base);
                }
                Ok(Attempt::Unmoved) => {
                    answer_each(group, conflicts, Err(CommitError::Contended));
                    return base;
                }
                Ok(Attempt::Renewed) => {
                    answer_each(group, conflicts, Ok(&Committed::Unchanged));
                    return base;
                }
                Ok(Attempt::Moved(loaded)) => match self.standing(key, &base, &group, loaded) {
                    None => return base.answered(group, &SessionInterrupted.into()),
                    Some(Standing::On(newer)) => base = newer,
                    Some(Standing::Changed) => {
                        return base.answered(group, &SessionConflict::Changed.into());
                    }
                    Some(Standing::Renewed) => {
                        answer_each(group, conflicts, Ok(&Committed::Unchanged));
                        return base;
                    }
                    // What was loaded came from a copy, and the row itself cannot be read.
                    Some(Standing::Unreadable) if base.version.is_none() => {
                        return self.begin_group(base, group).await;
                    }
                    // Somebody stored what only another secret can read.
                    Some(Standing::Unreadable) => {
                        return base.answered(group, &CommitError::Contended);
                    }
                },
                Ok(Attempt::Taken) if attempt < DRAWS => {}
                Ok(Attempt::Taken) => return base.answered(group, &keys_taken().into()),
                Ok(Attempt::Gone) => return base.answered(group, &SessionInterrupted.into()),
                Err(CommitError::Encode(_)) if group.len() > 1 => {
                    // One of them makes the data too large: let each answer for itself.
                    for waiting in group {
                        base = Box::pin(self.write_group(key, base, vec![waiting])).await;
                    }
                    return base;
                }
                Err(error) => return base.answered(group, &error),
            }
            self.step_aside(attempt).await;
        }
        base
    }

    /// What a group stands on once this was found stored; `None` if the absolute limit of that is over.
    fn standing(
        &self,
        key: &SessionKey,
        base: &Base,
        group: &[Waiting],
        loaded: Loaded,
    ) -> Option<Standing> {
        let place = loaded.record.session_key.clone();
        let stored = Base::of(place, self.opened(key, loaded)?);
        Some(stand(self.settings.on_conflict, base, stored, renews(group)))
    }

    /// Stores a group under a fresh key, as where the row was found to be unreadable at once.
    async fn begin_group(&self, base: Base, group: Vec<Waiting>) -> Base {
        let mut dict = SessionDict::new();
        let conflicts = apply(&group, &mut dict);
        let begun = self.begin(dict).await;
        answer_each(group, conflicts, begun.as_ref().map_err(Clone::clone));
        base
    }

    /// One attempt to write `dict`, the base with all patches applied.
    async fn attempt(
        &self,
        key: &SessionKey,
        base: &Base,
        group: &[Waiting],
        dict: SessionDict,
    ) -> Result<Attempt, CommitError> {
        if self.is_over(&base.dict) {
            return Ok(Attempt::Gone);
        }
        if self.is_renewed(base, group) {
            return Ok(Attempt::Renewed);
        }
        let Some(version) = &base.version else {
            return Ok(self.reload(key, base).await?);
        };
        let stored_key = self.place(key);
        let now = self.clock.now();
        let dict = self.begun(dict, now);
        if group[0].job.cycle {
            return self.cycle(key, base, version, dict, now).await;
        }
        let is_moved = base.place == stored_key;
        // An empty session is not worth a move, and may be data that could not be read.
        if renews(group) && dict == base.dict && (is_moved || dict.is_empty()) {
            let expire_date = self.renewed(base, group, now);
            return Ok(self.touch(key, base, version, expire_date, now).await?);
        }
        let (write, stamp) = match self.prepare(&stored_key, &dict, base.stamp, now) {
            Ok(prepared) => prepared,
            // Alone, it may be what was there before that made it too large.
            Err(error) if group.len() == 1 => return self.reload_or(key, base, error.into()).await,
            Err(error) => return Err(error.into()),
        };
        let expire_date = write.expire_date;
        let written = |version| {
            let saved = self.saved(key.clone(), version, stamp, dict, expire_date, now);
            Attempt::Written(Box::new(saved))
        };
        if !is_moved {
            let moved = self.write_and_move(&base.place, version, &stored_key, write, now).await?;
            return Ok(match moved {
                Cycled::Cycled(version) => written(version),
                Cycled::Moved(loaded) => Attempt::Moved(loaded),
                // Somebody else moves it, or has done so.
                Cycled::Gone | Cycled::Taken => self.look_again(key).await?,
            });
        }
        Ok(match self.write(self.store.swap(&stored_key, version, write, now)).await? {
            Swapped::Swapped(version) => written(version),
            Swapped::Moved(loaded) => Attempt::Moved(loaded),
            Swapped::Gone => Attempt::Gone,
        })
    }

    async fn touch(
        &self,
        key: &SessionKey,
        base: &Base,
        version: &Version,
        expire_date: Timestamp,
        now: Timestamp,
    ) -> Result<Attempt, StoreError> {
        Ok(match self.write(self.store.touch(&base.place, version, expire_date, now)).await? {
            Touched::Touched(version) => {
                let version = version.filter(|_| base.place == self.place(key));
                let dict = base.dict.clone();
                let saved = self.saved(key.clone(), version, base.stamp, dict, expire_date, now);
                Attempt::Written(Box::new(saved))
            }
            Touched::Moved(loaded) => Attempt::Moved(loaded),
            Touched::Gone => Attempt::Gone,
        })
    }

    async fn cycle(
        &self,
        old: &SessionKey,
        base: &Base,
        version: &Version,
        dict: SessionDict,
        now: Timestamp,
    ) -> Result<Attempt, CommitError> {
        let fresh = SessionKey::generate(&*self.rng)?;
        let new = self.place(&fresh);
        let (write, stamp) = self.prepare(&new, &dict, base.stamp, now)?;
        let (data, expire_date) = (write.session_data.clone(), write.expire_date);
        let cycled = self.store.cycle(&base.place, version, &new, write, now);
        let version = match self.write(cycled).await {
            Ok(Cycled::Cycled(version)) => version,
            Ok(Cycled::Moved(loaded)) => return Ok(Attempt::Moved(loaded)),
            // It may have been moved.
            Ok(Cycled::Gone) if base.place != self.place(old) => {
                return Ok(self.look_again(old).await?);
            }
            Ok(Cycled::Gone) => return Ok(Attempt::Gone),
            Ok(Cycled::Taken) => return Ok(Attempt::Taken),
            Err(error) => self.confirm(&new, &data, error).await?,
        };
        self.remove_remains(old, &base.place).await?;
        Ok(Attempt::Written(Box::new(self.saved(fresh, version, stamp, dict, expire_date, now))))
    }

    /// After a look that may have been too early: what is stored, and where.
    async fn look_again(&self, key: &SessionKey) -> Result<Attempt, StoreError> {
        Ok(self.look_up_for_write(key).await?.map_or(Attempt::Gone, Attempt::Moved))
    }

    /// Looks whether the base is what is stored.
    async fn reload(&self, key: &SessionKey, base: &Base) -> Result<Attempt, StoreError> {
        Ok(match self.look_up_for_write(key).await? {
            None => Attempt::Gone,
            Some(loaded) if base.is_of(&loaded) => Attempt::Unmoved,
            Some(loaded) => Attempt::Moved(loaded),
        })
    }

    /// An error that holds only if the base is what is stored.
    async fn reload_or(
        &self,
        key: &SessionKey,
        base: &Base,
        error: CommitError,
    ) -> Result<Attempt, CommitError> {
        match self.reload(key, base).await? {
            Attempt::Unmoved => Err(error),
            attempt => Ok(attempt),
        }
    }

    /// Lets others go first after some lost races, a little longer each time and never in step.
    async fn step_aside(&self, attempt: u32) {
        if attempt < 3 {
            return;
        }
        let mut random = [0; 1];
        if self.rng.fill(&mut random).is_ok() {
            let most = u64::from(attempt.min(20)) * 1000;
            sleep(Duration::from_micros(most * u64::from(random[0]) / 255)).await;
        }
    }
}

impl Base {
    fn of(place: StoredKey, opened: Opened) -> Option<Self> {
        match opened {
            Opened::Live { version, stamp, expire_date, dict, .. } => {
                Some(Self { place, version, stamp, expire_date, dict })
            }
            _ => None,
        }
    }

    /// Whether it is what was found, where it was found.
    fn is_of(&self, loaded: &Loaded) -> bool {
        let place = &loaded.record.session_key;
        self.version.is_some() && self.version == loaded.version && self.place == *place
    }

    /// Answers all with an error; the base stays what it was.
    fn answered(self, group: Vec<Waiting>, error: &CommitError) -> Self {
        group.into_iter().for_each(|waiting| waiting.answer(Err(error.clone())));
        self
    }
}

/// Whether a group changes nothing but the expiry.
fn renews(group: &[Waiting]) -> bool {
    group.iter().all(|waiting| waiting.job.patch.is_empty() && !waiting.job.cycle)
}

/// Applies all patches in their order, and gives what conflicted.
fn apply(group: &[Waiting], dict: &mut SessionDict) -> Vec<Option<EditError>> {
    group.iter().map(|waiting| waiting.job.patch.apply(dict).err()).collect()
}

/// Answers a commit that conflicts with its conflict, and the others with the result.
fn answer_each(
    group: Vec<Waiting>,
    conflicts: Vec<Option<EditError>>,
    result: Result<&Committed, CommitError>,
) {
    for (waiting, conflict) in group.into_iter().zip(conflicts) {
        waiting.answer(match conflict {
            Some(conflict) => Err(CommitError::Conflict(conflict.into())),
            None => result.clone().cloned(),
        });
    }
}

/// Answers those whose time is over, and keeps the others.
fn answer_late(group: Vec<Waiting>) -> Vec<Waiting> {
    let now = Instant::now();
    let (late, others): (Vec<_>, Vec<_>) =
        group.into_iter().partition(|waiting| waiting.deadline <= now);
    late.into_iter().for_each(|waiting| waiting.answer(Err(CommitError::Contended)));
    others
}
