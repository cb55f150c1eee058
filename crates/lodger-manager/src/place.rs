//! Under which name a session lies: its place in the store.
//!
//! It is one, but for as long as keys are moved to hashed ones: then a session may lie under its key
//! still. The first write to it moves it, in one step of the store, so that it lies in one place at any
//! time.

use lodger_core::{
    CookieValue, Cycled, Loaded, SessionKey, SessionStore, StoreError, StoredKey, Timestamp,
    Version, Write,
};

use crate::SessionManager;

/// What a look into the store is for.
#[derive(Clone, Copy)]
enum Purpose {
    Reading,
    Writing,
}

impl<S: SessionStore> SessionManager<S> {
    /// The key that a cookie's value may be.
    pub(crate) fn admitted_key(&self, value: &CookieValue) -> Option<SessionKey> {
        let key = value.session_key(self.settings.limits.key).ok()?;
        self.settings.key_storage.admits(&key).then_some(key)
    }

    /// Where a session is put, and where it is found unless it is still to be moved.
    pub(crate) fn place(&self, key: &SessionKey) -> StoredKey {
        self.settings.key_storage.stored(key)
    }

    /// The live record under a key. One that is to be moved has no version: who writes to it has to
    /// look where it lies by then.
    pub(crate) async fn look_up(&self, key: &SessionKey) -> Result<Option<Loaded>, StoreError> {
        let found = self.look_for(key, Purpose::Reading).await?;
        Ok(found.map(|loaded| {
            let version = loaded.version.filter(|_| loaded.record.session_key == self.place(key));
            Loaded { version, ..loaded }
        }))
    }

    /// The same for who is about to write, where it lies.
    pub(crate) async fn look_up_for_write(
        &self,
        key: &SessionKey,
    ) -> Result<Option<Loaded>, StoreError> {
        self.look_for(key, Purpose::Writing).await
    }

    async fn look_for(
        &self,
        key: &SessionKey,
        purpose: Purpose,
    ) -> Result<Option<Loaded>, StoreError> {
        let place = self.place(key);
        if let Some(found) = self.look_at(&place, purpose).await? {
            return Ok(Some(found));
        }
        let Some(former) = self.settings.key_storage.former(key) else { return Ok(None) };
        match self.look_at(&former, purpose).await? {
            Some(found) => Ok(Some(found)),
            // It may have been moved between the two looks.
            None => self.look_at(&place, purpose).await,
        }
    }

    async fn look_at(
        &self,
        place: &StoredKey,
        purpose: Purpose,
    ) -> Result<Option<Loaded>, StoreError> {
        let now = self.clock.now();
        match purpose {
            Purpose::Reading => self.read(self.store.load(place, now)).await,
            Purpose::Writing => self.read(self.store.load_for_write(place, now)).await,
        }
    }

    /// Writes to a session that is to be moved, and moves it.
    pub(crate) async fn write_and_move(
        &self,
        from: &StoredKey,
        version: &Version,
        to: &StoredKey,
        write: Write,
        now: Timestamp,
    ) -> Result<Cycled, StoreError> {
        // Not to be confirmed by what is found afterwards: others know this key, too.
        self.write(self.store.cycle(from, version, to, write, now)).await
    }

    /// Ends whatever lies under a key; whether there was something.
    pub(crate) async fn remove(&self, key: &SessionKey) -> Result<bool, StoreError> {
        // Where it was first: whoever moves it later finds nothing there, and who has moved it before
        // put it where the second deletion finds it.
        let mut removed = false;
        for place in self.settings.key_storage.former(key).into_iter().chain([self.place(key)]) {
            removed |= self.write(self.store.delete(&place)).await?;
        }
        Ok(removed)
    }

    /// After a change of key: ends what a move that was broken off, or is under way, may have left under
    /// the old one beside the place that the session had.
    pub(crate) async fn remove_remains(
        &self,
        old: &SessionKey,
        place: &StoredKey,
    ) -> Result<(), StoreError> {
        let Some(former) = self.settings.key_storage.former(old) else { return Ok(()) };
        let home = self.place(old);
        let other = if *place == home { former } else { home };
        match self.write(self.store.delete(&other)).await {
            Ok(_) => Ok(()),
            // The new key is there, and is told to nobody.
            Err(error) => Err(StoreError::unknown(format!(
                "the session has another key, and its old one may be left: {error}"
            ))),
        }
    }
}
