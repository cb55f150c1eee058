//! What both sites must say alike.

use anyhow::{Context, Result};

use super::engine::Engine;
use super::expectation::{expect, holds};
use super::pair::Pair;
use super::seen::Seen;
use super::visitor::{Reply, Visitor, is_removal};

/// Fails unless both sites see the same fields, user and kind of expiry; returns the demo's view.
pub(super) fn agree(pair: &Pair, visitor: &Visitor) -> Result<Seen> {
    let django = pair.django.seen(visitor)?;
    let lodger = pair.demo.seen(visitor)?;
    expect("the fields that Lodger sees, beside Django's", &lodger.fields, &django.fields)?;
    expect("the user whom Lodger sees, beside Django's", &lodger.user_id, &django.user_id)?;
    expect(
        "whether it ends with the browser for Lodger, beside Django",
        lodger.expire_at_browser_close,
        django.expire_at_browser_close,
    )?;
    Ok(lodger)
}

/// Fails unless a key leads nowhere on both sites, which take its cookie away, and nothing is stored
/// under it, in no cache either. What a browser holds by itself no site can end.
pub(super) fn is_dead(pair: &Pair, key: &str) -> Result<()> {
    if !pair.engine().has_keys() {
        return Ok(());
    }
    ended(pair, key)?;
    let stored = pair.django.stored(key)?;
    holds("nothing is stored under a dead key", stored.is_none())
}

/// The same of a session that has expired: it may still be stored.
///
/// Lodger is asked first: Django's file engine deletes what has expired, and begins an empty session
/// in its place.
pub(super) fn ended(pair: &Pair, key: &str) -> Result<()> {
    let visitor = Visitor::with_key(key);
    nothing(pair.demo.look(&visitor)?, false).context("a key that leads nowhere, at Lodger")?;
    let visitor = Visitor::with_key(key);
    let reply = pair.django.look(&visitor)?;
    let replaced = pair.engine() == Engine::File
        && reply.cookie.as_ref().is_some_and(|cookie| !is_removal(cookie));
    nothing(reply, replaced).context("a key that leads nowhere, at Django")?;
    holds("another key at Django", visitor.key().as_deref() != Some(key))
}

/// Fails unless a site saw nobody and nothing, and took the cookie away if it put no other in its place.
fn nothing(reply: Reply, replaced: bool) -> Result<()> {
    let seen: Seen = reply.json()?;
    expect("the fields", seen.fields.len(), 0)?;
    expect("the user", seen.user_id.as_deref(), None)?;
    holds("the session is empty", seen.empty || replaced)?;
    holds("the cookie is taken away", replaced || reply.cookie.as_ref().is_some_and(is_removal))
}
