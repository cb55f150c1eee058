//! A site with limits, and one that gets them later.

use std::sync::Arc;

use lodger_core::{SessionKey, SessionStore, Settings, Span, StoredKey};
use lodger_manager::SessionManager;
use lodger_tests::site::{SECRET_KEY, Site, codec};

/// Ten minutes.
pub(super) const IDLE: i64 = 600;
/// One hour.
pub(super) const ABSOLUTE: i64 = 3600;

/// Default settings with these limits, in seconds.
pub(super) fn limits(idle: impl Into<Option<i64>>, absolute: impl Into<Option<i64>>) -> Settings {
    let mut settings = Settings::default();
    settings.idle_age = idle.into().map(Span::from_secs);
    settings.absolute_age = absolute.into().map(Span::from_secs);
    settings
}

/// Another site over the same store, with the same clock.
pub(super) fn beside<S: SessionStore>(site: &Site<S>, settings: Settings) -> Site<S> {
    with_secret(site, settings, SECRET_KEY)
}

/// The same, with another secret.
pub(super) fn with_secret<S: SessionStore>(
    site: &Site<S>,
    settings: Settings,
    secret_key: &str,
) -> Site<S> {
    let codec = codec(secret_key, settings.limits.clone());
    let builder = SessionManager::builder(site.spy.clone(), codec);
    let manager = builder.with_settings(settings).with_clock(site.clock.clone()).build();
    Site { manager: Arc::new(manager.unwrap()), ..site.clone() }
}

/// Moves the end of a stored session as somebody would who knows of no limits, so many seconds from
/// now.
pub(super) async fn move_end<S: SessionStore>(site: &Site<S>, key: &SessionKey, seconds: i64) {
    use lodger_core::{Clock, Touched};
    let (stored_key, now) = (StoredKey::from(key), site.clock.now());
    let loaded = site.spy.load_for_write(&stored_key, now).await.unwrap().unwrap();
    let end = now + Span::from_secs(seconds);
    let touched = site.spy.touch(&stored_key, &loaded.version.unwrap(), end, now).await.unwrap();
    assert!(matches!(touched, Touched::Touched(_)));
    site.spy.reset();
}

/// A `Set-Cookie` header that says so.
pub(super) fn max_age(cookie: Option<&str>) -> Option<i64> {
    let (_, rest) = cookie?.split_once("; Max-Age=")?;
    rest.split(';').next()?.parse().ok()
}

/// When a session says that it began, in whole seconds.
pub(super) async fn began<S: SessionStore>(site: &Site<S>, key: &SessionKey) -> Option<i64> {
    let reserved = site.field(key, "_lodger").await?;
    lodger_tests::site::dict(&reserved).get("began").unwrap()
}
