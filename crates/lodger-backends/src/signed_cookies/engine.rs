//! The engine.

use std::fmt;
use std::sync::Arc;

use lodger_codec::{DjangoCodec, KeyRing};
use lodger_core::store::BoxFuture;
use lodger_core::{
    Clock, Commit, CommitError, Committed, CookieValue, LoadError, Opened, Rng, SessionEngine,
    SessionKey, Settings, StoreError,
};

use super::SignedCookiesBuilder;
use super::revocations::Revocations;
use super::unkept::{UnkeptPromise, unkept};

/// Sessions that the browser keeps, in cookies that we signed.
///
/// Made once for each kind of session and shared in an `Arc`. With a revocation list commits run in tasks
/// of their own, so it must be used within a tokio runtime then; without one nothing ever waits.
///
/// A cookie that nobody signed, that is too old, or that holds no session is a fresh visitor's, and no
/// line of the log tells of it: anybody can send one. A session whose cookie would be larger than
/// [`LARGEST_COOKIE`](super::LARGEST_COOKIE) is refused with
/// [`EncodeError::TooLarge`](lodger_core::EncodeError::TooLarge), and the browser keeps the cookie it
/// has.
///
/// # Security
///
/// See [the room's front page](super): the data can be read by the visitor, and a copied cookie works
/// until it is too old.
///
/// # Django
///
/// The engine `signed_cookies`. There a cookie that cannot be read is answered with a new one that
/// holds an empty session; here nothing is written, and the cookie is removed once it was looked at.
/// `Session::delete` has nothing to delete without a revocation list: it leaves the cookie alone,
/// and the handle can store nothing more. To log a visitor out use `flush`.
///
/// ```
/// use std::sync::Arc;
///
/// use lodger_backends::signed_cookies::SignedCookies;
/// use lodger_codec::KeyRing;
/// use lodger_core::{LazySession, Presented, Settings};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let keys = KeyRing::new("the site's SECRET_KEY")?;
/// let engine = SignedCookies::builder(keys).with_settings(Settings::django()).build()?;
///
/// let request = LazySession::new(Arc::new(engine), Presented::Absent);
/// request.load().await?.insert("colour", "blue")?;
/// let cookie = request.commit(false).await?.expect("there is something to keep");
/// assert!(cookie.value.expose().starts_with(b"eyJjb2xvdXIiOiJibHVlIn0:"));
/// # Ok(())
/// # }
/// ```
pub struct SignedCookies {
    pub(super) codec: DjangoCodec,
    pub(super) settings: Settings,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) rng: Arc<dyn Rng>,
    pub(super) revocations: Option<Revocations>,
    /// Whether a session's own expiry is looked at, too.
    pub(super) own_expiry: bool,
}

impl SignedCookies {
    /// Begins an engine whose cookies these keys sign.
    pub fn builder(keys: KeyRing) -> SignedCookiesBuilder {
        SignedCookiesBuilder::new(keys)
    }

    /// Which of Lodger's promises do not hold for these sessions, and why.
    ///
    /// ```
    /// use lodger_backends::signed_cookies::SignedCookies;
    /// use lodger_codec::KeyRing;
    ///
    /// let engine = SignedCookies::builder(KeyRing::new("secret")?).build()?;
    /// let numbers: Vec<u8> = engine.unkept_promises().iter().map(|unkept| unkept.number).collect();
    /// assert_eq!(numbers, [3, 4, 5, 6, 7, 8]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn unkept_promises(&self) -> Vec<UnkeptPromise> {
        unkept(self.revocations.is_some(), self.own_expiry)
    }
}

impl SessionEngine for SignedCookies {
    fn settings(&self) -> &Settings {
        &self.settings
    }

    fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    fn presented_key(&self, value: &CookieValue) -> Option<SessionKey> {
        value.session_key(self.settings.limits.cookie_value).ok()
    }

    fn load(self: Arc<Self>, value: CookieValue) -> BoxFuture<'static, Result<Opened, LoadError>> {
        Box::pin(async move { self.open(&value).await })
    }

    fn commit(
        self: Arc<Self>,
        opened: Opened,
        commit: Commit,
    ) -> BoxFuture<'static, Result<Committed, CommitError>> {
        if self.revocations.is_none() {
            // It ends with the first poll.
            return Box::pin(async move { self.store_commit(opened, commit).await });
        }
        Box::pin(async move {
            // In a task of its own, so that a caller who goes away cancels nothing.
            let work = tokio::spawn(async move { self.store_commit(opened, commit).await });
            work.await.unwrap_or_else(|_| Err(interrupted()))
        })
    }

    /// Puts the session on the revocation list; whether it was not there. Without a list there is
    /// nothing to delete.
    fn delete(self: Arc<Self>, key: SessionKey) -> BoxFuture<'static, Result<bool, CommitError>> {
        Box::pin(async move { Ok(self.revoke(&key).await?) })
    }
}

/// The task of a commit came to no end, which happens when the runtime shuts down.
fn interrupted() -> CommitError {
    CommitError::Unknown(StoreError::unknown("the commit was interrupted"))
}

impl fmt::Debug for SignedCookies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedCookies")
            .field("unkept_promises", &self.unkept_promises())
            .finish_non_exhaustive()
    }
}
