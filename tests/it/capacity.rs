//! The memory store is bounded, and never forgets a live session to stay so.

use std::sync::Arc;

use lodger_backends::memory::MemoryStore;
use lodger_core::{CommitError, SessionKey, Span};
use lodger_tests::site::Site;

mod memory {
    use super::*;

    async fn try_to_store(site: &Site<MemoryStore>) -> Result<SessionKey, CommitError> {
        let visit = site.visit(None).await;
        visit.insert("a", &1).unwrap();
        let cookie = visit.end().await?.expect("what was stored has a cookie");
        Ok(cookie.value.session_key(128).unwrap())
    }

    /// Promise 10
    #[tokio::test]
    async fn a_full_store_refuses_new_sessions_and_keeps_the_live_ones() {
        let site = Site::new(MemoryStore::with_capacity(3));
        let mut keys = Vec::new();
        for _ in 0..3 {
            keys.push(try_to_store(&site).await.unwrap());
        }
        for _ in 0..2 {
            assert!(matches!(try_to_store(&site).await, Err(CommitError::Unavailable(_))));
        }
        for key in &keys {
            assert_eq!(site.data(key).await.unwrap(), r#"{"a":1}"#);
        }
        // Those that are there can be changed, and given another key.
        let visit = site.visit(Some(&keys[0])).await;
        visit.insert("a", &2).unwrap();
        visit.cycle_key().unwrap();
        assert!(visit.end_with_key().await.is_some());
        // One that ends makes room for one.
        assert!(site.manager.revoke(&keys[1]).await.unwrap());
        assert!(try_to_store(&site).await.is_ok());
        assert!(try_to_store(&site).await.is_err());
    }

    /// Promise 10
    #[tokio::test]
    async fn expired_sessions_make_room() {
        let site = Site::new(MemoryStore::with_capacity(3));
        for _ in 0..3 {
            try_to_store(&site).await.unwrap();
        }
        assert!(try_to_store(&site).await.is_err());
        site.clock.advance(Span::from_secs(1_209_601));
        for _ in 0..3 {
            try_to_store(&site).await.unwrap();
        }
        assert!(try_to_store(&site).await.is_err());
    }

    /// Promise 10
    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn many_at_once_take_no_more_than_there_is() {
        let site = Arc::new(Site::new(MemoryStore::with_capacity(10)));
        let mut tasks = Vec::new();
        for _ in 0..64 {
            let site = Arc::clone(&site);
            tasks.push(tokio::spawn(async move { try_to_store(&site).await.is_ok() }));
        }
        let mut stored = 0;
        for task in tasks {
            stored += u32::from(task.await.unwrap());
        }
        assert_eq!(stored, 10);
    }
}
