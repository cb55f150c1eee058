//! Through the handle of a session, as a framework holds it.

use std::sync::Arc;

use lodger_core::{CommitError, LazySession, SessionCookie, SessionEngine};
use lodger_testing::history::{ErrorKind, Operation, monotonic_micros};

use super::ask::{Answer, Ask, Deed, Look, kind};

/// Asks an engine.
pub(super) async fn ask(engine: &Arc<dyn SessionEngine>, ask: &Ask) -> Answer {
    if ask.operation == Operation::Revoke {
        return revoke(engine, ask).await;
    }
    let request = LazySession::new(Arc::clone(engine), ask.presented());
    let invoked_at = monotonic_micros();
    let session = match request.load().await {
        Ok(session) => session,
        Err(_) => {
            let seen = Err(ErrorKind::Unavailable);
            let completed_at = monotonic_micros();
            let look = Look { invoked_at, completed_at, seen, version: None };
            return Answer { look: Some(look), ..Answer::default() };
        }
    };
    let look = ask.look(&session, invoked_at);
    let goes_on = ask.goes_on(&look);
    let mut answer = Answer { look: Some(look), ..Answer::default() };
    if goes_on {
        ask.pause().await;
        let invoked_at = monotonic_micros();
        let result = match ask.perform(&session).await {
            Ok(()) => request.commit(false).await,
            Err(error) => Err(error),
        };
        answer.deed = Some(deed(invoked_at, result, ask));
    }
    answer
}

fn deed(invoked_at: u64, result: Result<Option<SessionCookie>, CommitError>, ask: &Ask) -> Deed {
    let completed_at = monotonic_micros();
    let cookie = result.as_ref().ok().and_then(Option::as_ref);
    let key = cookie.and_then(|cookie| cookie.value.session_key(128).ok());
    let new_key = key.filter(|key| ask.key.as_ref() != Some(key));
    Deed { invoked_at, completed_at, result: result.map(drop).map_err(|e| kind(&e)), new_key }
}

async fn revoke(engine: &Arc<dyn SessionEngine>, ask: &Ask) -> Answer {
    let Some(key) = ask.key.clone() else { return Answer::default() };
    let invoked_at = monotonic_micros();
    let result = Arc::clone(engine).delete(key).await;
    let completed_at = monotonic_micros();
    let result = result.map(drop).map_err(|error| kind(&error));
    let deed = Deed { invoked_at, completed_at, result, new_key: None };
    Answer { deed: Some(deed), ..Answer::default() }
}
