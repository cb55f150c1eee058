//! The keys of the sessions in use, which all workers know.

use std::sync::{Mutex, MutexGuard, PoisonError};

use lodger_core::SessionKey;

/// Tells other processes of a slot's new key.
type Announce = Box<dyn Fn(usize, &SessionKey) + Send + Sync>;

/// The sessions in use, each in a slot, and every key that was ever handed out.
pub(super) struct Board {
    slots: Vec<Mutex<Slot>>,
    made: Mutex<Vec<SessionKey>>,
    announce: Announce,
}

#[derive(Default)]
struct Slot {
    current: Option<SessionKey>,
    previous: Option<SessionKey>,
}

impl Board {
    /// With empty slots; `announce` learns of each key that a worker of this process was given.
    pub(super) fn new(
        sessions: usize,
        announce: impl Fn(usize, &SessionKey) + Send + Sync + 'static,
    ) -> Self {
        Self {
            slots: (0..sessions).map(|_| Mutex::default()).collect(),
            made: Mutex::default(),
            announce: Box::new(announce),
        }
    }

    fn slot(&self, slot: usize) -> MutexGuard<'_, Slot> {
        self.slots[slot].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The key of a slot, or the one before it.
    pub(super) fn key(&self, slot: usize, old_key: bool) -> Option<SessionKey> {
        let slot = self.slot(slot);
        let previous = slot.previous.clone().filter(|_| old_key);
        previous.or_else(|| slot.current.clone())
    }

    /// Whether this is the present key of a slot.
    pub(super) fn is_current(&self, slot: usize, key: Option<&SessionKey>) -> bool {
        self.slot(slot).current.as_ref() == key
    }

    /// Puts a key that a worker of this process was given in the place of the one it had used.
    pub(super) fn hand_out(&self, slot: usize, used: Option<&SessionKey>, new: SessionKey) {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).push(new.clone());
        if self.is_current(slot, used) {
            (self.announce)(slot, &new);
            self.put(slot, new);
        }
    }

    /// Puts a key into a slot.
    pub(super) fn put(&self, slot: usize, key: SessionKey) {
        let mut slot = self.slot(slot);
        if slot.current.as_ref() != Some(&key) {
            slot.previous = slot.current.replace(key);
        }
    }

    /// Every key that workers of this process were given.
    pub(super) fn made(&self) -> Vec<SessionKey> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
