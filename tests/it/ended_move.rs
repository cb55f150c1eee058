//! A session that has ended while it was about to move to another place.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use lodger_core::{
    Clock, Cycled, SessionData, SessionDict, SessionRecord, SessionStore, Span, StoredKey,
    SystemClock, Write,
};

/// By one store, while another one, as another process has it, writes to whatever it finds in the new
/// place.
pub(crate) async fn leaves_nothing(store: impl SessionStore, other: impl SessionStore) {
    let now = SystemClock.now();
    let write = |data: &str| Write {
        session_data: SessionData::from_text(data),
        expire_date: now + Span::from_secs(3600),
        fields: SessionDict::new(),
    };
    let other = Arc::new(other);
    for round in 0..100 {
        let key = |place: &str| StoredKey::from(format!("{place}{round:0>29}"));
        let (old, new) = (key("old"), key("new"));
        let Write { session_data, expire_date, fields } = write("old");
        let record = SessionRecord { session_key: old.clone(), session_data, expire_date };
        store.create(record, fields, now).await.unwrap();
        let version = store.load_for_write(&old, now).await.unwrap().unwrap().version.unwrap();
        assert!(store.delete(&old).await.unwrap());
        let done = Arc::new(AtomicBool::new(false));
        let writing = tokio::spawn({
            let (other, done, new, write) = (other.clone(), done.clone(), new.clone(), write("b"));
            async move {
                while !done.load(Ordering::SeqCst) {
                    let loaded = other.load_for_write(&new, now).await.unwrap();
                    if let Some(version) = loaded.and_then(|loaded| loaded.version) {
                        other.swap(&new, &version, write.clone(), now).await.unwrap();
                    }
                }
            }
        });
        let moved = store.cycle(&old, &version, &new, write("a"), now).await;
        assert!(matches!(moved, Ok(Cycled::Gone)), "{moved:?}");
        done.store(true, Ordering::SeqCst);
        writing.await.unwrap();
        assert!(other.load(&new, now).await.unwrap().is_none(), "it came back");
    }
}
