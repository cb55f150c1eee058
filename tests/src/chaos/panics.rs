//! Code of the application that panics in the middle of a visit.

use std::ops::RangeInclusive;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::header::COOKIE;
use http::{Request, StatusCode};
use lodger::axum::{Session, SessionError, SessionLayer};
use lodger_core::{AnyStore, EditError, SessionKey};
use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tower::ServiceExt;

use super::row::Tally;
use super::stage::Stage;
use super::traffic::{Traffic, find, recovery};
use crate::site::Site;

const VISITORS: usize = 4;
/// So many visits on the same session come to their end.
const QUIET: u64 = 4;
/// By then a visit must have been answered.
const PATIENCE: Duration = Duration::from_secs(30);

/// What panics, and when.
#[derive(Clone, Copy, Debug)]
enum Panic {
    /// The handler, after it has changed the session.
    Handler,
    /// The same after a flush.
    AfterFlush,
    /// The same after a change of key.
    AfterCycle,
    /// The same after it has saved by hand, and has changed more.
    AfterSave,
    /// The same while it saves by hand.
    WhileSaving,
    /// What writes a value as JSON.
    Serialize,
    /// What reads one.
    Deserialize,
    /// What gives several fields.
    Fields,
    /// A closure that is given to `modify`.
    Closure,
    /// The same, when it is run again by the commit.
    ClosureAgain,
    /// What writes as JSON what a closure has made.
    ClosureValue,
    /// A task that has a clone of the handle, and has changed the session.
    Task,
}

impl Panic {
    const ALL: [Self; 12] = [
        Self::Handler,
        Self::AfterFlush,
        Self::AfterCycle,
        Self::AfterSave,
        Self::WhileSaving,
        Self::Serialize,
        Self::Deserialize,
        Self::Fields,
        Self::Closure,
        Self::ClosureAgain,
        Self::ClosureValue,
        Self::Task,
    ];
}

/// All kinds of panics at once, among other visits to the same session and to others.
///
/// # Errors
///
/// When visits are not answered any more.
pub async fn handler_panics(stage: &Stage) -> Result<Tally> {
    let (site, _held) = stage.site().await?;
    let traffic = Traffic::start(&site, VISITORS, &stage.dice);
    let mut tally = Tally::default();
    for _ in 0..stage.times(100) {
        traffic.flows(5).await?;
        tally += visits(&site).await?;
        tally.recovered_in(recovery(&site).await?);
    }
    traffic.flows(20).await?;
    tally += traffic.close().await?;
    Ok(tally)
}

/// One session, and at once a visit for each kind of panic and some without any.
async fn visits(site: &Site<AnyStore>) -> Result<Tally> {
    let key = site.stored(r#"{"tags":[]}"#).await;
    let mut visits = JoinSet::new();
    let panics = Panic::ALL.into_iter().map(Some).chain((0..QUIET).map(|_| None));
    for (number, panic) in panics.enumerate() {
        let (site, key) = (site.clone(), key.clone());
        visits.spawn(async move {
            let tag = number as u64 * 2;
            (panic, tag, visit(&site, &key, panic, tag).await)
        });
    }
    let told = timeout(PATIENCE, visits.join_all()).await.context("visits wait for each other")?;
    let there = find(site, &key).await?.and_then(|dict| dict.get::<Vec<u64>>("tags").ok()?);
    let there = there.unwrap_or_default();
    let mut tally = Tally::injected(Panic::ALL.len() as u64);
    for (panic, tag, answer) in told {
        let unavailable = answer == Some(StatusCode::SERVICE_UNAVAILABLE);
        tally.unavailable += u64::from(unavailable);
        // On a busy machine a visit may find no connection in time.
        let (told, first, second) = if unavailable { (answer, 0..=0, 0) } else { left_by(panic) };
        let stored = |tag| there.iter().filter(|there| **there == tag).count();
        let found = (stored(tag), stored(tag + 1));
        tally.acknowledged += *first.start() as u64;
        tally.lost += u64::from(found.0 < *first.start() || found.1 < second);
        if answer != told || !first.contains(&found.0) || found.1 != second {
            tally
                .wrong(format!("{panic:?} was answered {answer:?}, and is stored {found:?} times"));
        }
    }
    Ok(tally)
}

/// The status of the answer, unless it is the panic itself, and how often each of two tags is stored.
const fn left_by(panic: Option<Panic>) -> (Option<StatusCode>, RangeInclusive<usize>, usize) {
    match panic {
        None => (Some(StatusCode::OK), 1..=1, 0),
        Some(panic) => match panic {
            Panic::Handler
            | Panic::AfterFlush
            | Panic::AfterCycle
            | Panic::Serialize
            | Panic::Deserialize
            | Panic::Fields => (None, 0..=0, 0),
            Panic::AfterSave => (None, 1..=1, 0),
            Panic::WhileSaving => (None, 0..=1, 0),
            Panic::Closure | Panic::ClosureValue => (Some(StatusCode::OK), 1..=1, 0),
            Panic::ClosureAgain => (Some(StatusCode::CONFLICT), 0..=0, 0),
            Panic::Task => (Some(StatusCode::OK), 1..=1, 1),
        },
    }
}

/// Asks for the page, through the middleware; the status of the answer, or `None`: it panicked.
async fn visit(
    site: &Site<AnyStore>,
    key: &SessionKey,
    panic: Option<Panic>,
    tag: u64,
) -> Option<StatusCode> {
    let page = get(move |session: Session| page(session, panic, tag));
    let layer = SessionLayer::new(site.manager.clone());
    let app = Router::new().route("/", page).layer(layer);
    let request = Request::get("/").header(COOKIE, format!("sessionid={}", key.expose()));
    let request = request.body(Body::empty()).expect("a key can be in a header");
    let Ok(answer) = tokio::spawn(app.oneshot(request)).await else { return None };
    answer.map(|answer| answer.status()).ok()
}

async fn page(
    session: Session,
    panic: Option<Panic>,
    tag: u64,
) -> Result<StatusCode, SessionError> {
    session.append("tags", &tag)?;
    let Some(panic) = panic else { return Ok(StatusCode::OK) };
    let caught = match panic {
        Panic::Handler => unwind(),
        Panic::AfterFlush => {
            session.flush()?;
            unwind()
        }
        Panic::AfterCycle => {
            session.cycle_key()?;
            unwind()
        }
        Panic::AfterSave => {
            session.save().await?;
            session.append("tags", &(tag + 1))?;
            unwind()
        }
        Panic::WhileSaving => tokio::select! {
            biased;
            _ = session.save() => unwind(),
            () = tokio::task::yield_now() => unwind(),
        },
        Panic::Serialize => session.insert("bomb", &Bomb).is_err(),
        Panic::Deserialize => session.get::<Bomb>("tags").is_err(),
        Panic::Fields => session.update(std::iter::once_with(unwind::<(&str, u64)>)).is_err(),
        Panic::Closure => panicked(session.modify("tags", |_: Option<Vec<u64>>| unwind())),
        Panic::ClosureValue => panicked(session.modify("bomb", |_: Option<Bomb>| Bomb)),
        Panic::ClosureAgain => {
            let runs = AtomicU64::new(0);
            let once = move |_: Option<bool>| runs.fetch_add(1, Ordering::SeqCst) == 0 || unwind();
            session.modify("again", once)?
        }
        Panic::Task => {
            let clone = session.clone();
            let task = async move { clone.append("tags", &(tag + 1)).map(|()| unwind::<()>()) };
            tokio::spawn(task).await.is_err()
        }
    };
    Ok(if caught { StatusCode::OK } else { StatusCode::NOT_IMPLEMENTED })
}

fn panicked<T>(modified: Result<T, EditError>) -> bool {
    matches!(modified, Err(EditError::Panicked { .. }))
}

/// Panics, and prints nothing.
fn unwind<T>() -> T {
    resume_unwind(Box::new("as code does"))
}

/// A value that is neither read nor written.
struct Bomb;

impl Serialize for Bomb {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        unwind()
    }
}

impl<'de> Deserialize<'de> for Bomb {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        unwind()
    }
}
