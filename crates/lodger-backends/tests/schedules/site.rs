//! A site whose visitors come at once.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use lodger_core::{
    CommitError, Context, CookieValue, DecodeError, Decoded, EncodeError, LazySession, Presented,
    Session, SessionCodec, SessionCookie, SessionData, SessionDict, SessionKey, Settings,
};
use lodger_manager::SessionManager;
use lodger_testing::{FakeClock, SequenceRng};
use shuttle::future::{JoinHandle, block_on, spawn};

use crate::busy_store::BusyStore;

/// What a request came to.
pub(crate) type Ended = Result<Option<SessionCookie>, CommitError>;

/// A manager over a busy store. The keys it makes are the same in every run.
#[derive(Clone)]
pub(crate) struct Site {
    pub(crate) store: BusyStore,
    pub(crate) manager: Arc<SessionManager<BusyStore>>,
}

/// JSON and nothing else, since signing takes most of a run's time.
struct JsonCodec;

impl SessionCodec for JsonCodec {
    fn encode(&self, dict: &SessionDict, _: &Context<'_>) -> Result<SessionData, EncodeError> {
        Ok(SessionData::from_text(dict.to_json()))
    }

    fn decode(&self, data: &SessionData, _: &Context<'_>) -> Result<Decoded, DecodeError> {
        let malformed = || DecodeError::Malformed { part: "JSON" };
        let dict = SessionDict::parse(data.as_text().ok_or_else(malformed)?, 10);
        Ok(Decoded { dict: dict.map_err(|_| malformed())?, stamp: None })
    }
}

impl Site {
    /// With one session, which holds `{"n":0}`, and its key.
    pub(crate) fn begin() -> (Self, SessionKey) {
        let store = BusyStore::default();
        let mut settings = Settings::default();
        // No time passes but that of the machine, which nothing is to depend on.
        settings.limits.commit = Duration::from_secs(86_400);
        let keys = ('a'..='d').map(|letter| letter.to_string().repeat(32));
        let manager = SessionManager::builder(store.clone(), JsonCodec)
            .with_settings(settings)
            .with_clock(FakeClock::default())
            .with_rng(SequenceRng::new(keys))
            .build();
        let site = Self { store, manager: Arc::new(manager.unwrap()) };
        let first = site.visit_by(Presented::Absent);
        first.edit(|session| drop(session.insert("n", &0)));
        let cookie = block_on(first.end()).unwrap().unwrap();
        (site, key_of(&cookie))
    }

    pub(crate) fn visit(&self, key: &SessionKey) -> Visit {
        self.visit_by(Presented::Value(CookieValue::from(key)))
    }

    fn visit_by(&self, presented: Presented) -> Visit {
        let request = LazySession::new(self.manager.clone(), presented);
        let session = block_on(request.load()).unwrap();
        Visit { request, session }
    }

    /// A field of the session under a key; `None` if there is no such session.
    pub(crate) fn number(&self, key: &SessionKey, name: &str) -> Option<i64> {
        let dict = block_on(self.manager.find(key)).unwrap()?;
        Some(dict.get(name).unwrap().unwrap_or(0))
    }

    /// How a schedule ends, whatever came before.
    pub(crate) fn end(&self, key: &SessionKey) {
        // The last worker answers before it leaves.
        shuttle::thread::yield_now();
        while !self.manager.is_idle() {
            shuttle::thread::yield_now();
        }
        let late = self.visit(key);
        late.edit(|session| session.increment("late", 1).map(drop).unwrap());
        let stored = block_on(late.end()).unwrap();
        assert!(stored.is_some(), "a key that nobody works on is free");
    }
}

pub(crate) fn key_of(cookie: &SessionCookie) -> SessionKey {
    cookie.value.session_key(128).unwrap()
}

/// A request that has loaded its session.
pub(crate) struct Visit {
    request: LazySession,
    session: Session,
}

impl Visit {
    pub(crate) fn edit(&self, edit: impl FnOnce(&Session)) {
        edit(&self.session);
    }

    /// The response is sent.
    pub(crate) async fn end(self) -> Ended {
        self.request.commit(false).await
    }

    /// The same in a task of its own.
    pub(crate) fn end_aside(self) -> JoinHandle<Ended> {
        spawn(self.end())
    }

    /// The visitor goes away as soon as the response is about to be sent.
    pub(crate) fn end_and_leave(self) {
        block_on(async {
            let mut end = pin!(self.request.commit(false));
            poll_fn(|context| {
                drop(end.as_mut().poll(context));
                Poll::Ready(())
            })
            .await;
        });
    }
}

/// What came of tasks.
pub(crate) fn join<T>(tasks: impl IntoIterator<Item = JoinHandle<T>>) -> Vec<T> {
    tasks.into_iter().map(|task| block_on(task).unwrap()).collect()
}
