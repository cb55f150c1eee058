//! What both sites must say alike.

use anyhow::{Context, Result};

use super::expectation::{expect, holds};
use super::pair::Pair;
use super::seen::Seen;
use super::visitor::{Visitor, is_removal};

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

/// Fails unless a key leads nowhere on both sites, which take its cookie away, and has no row.
pub(super) fn is_dead(pair: &Pair, key: &str) -> Result<()> {
    ended(pair, key)?;
    let row = pair.django.row(key)?;
    holds("a dead key has no row", row.is_none())
}

/// The same of a session that has expired: its row may still be there.
pub(super) fn ended(pair: &Pair, key: &str) -> Result<()> {
    for (site, look) in [
        ("Django", &(|visitor: &Visitor| pair.django.look(visitor)) as &dyn Fn(&Visitor) -> _),
        ("Lodger", &|visitor| pair.demo.look(visitor)),
    ] {
        let reply = look(&Visitor::with_key(key))?;
        let seen: Seen = reply.json()?;
        let cookie = reply.cookie;
        let check = || -> Result<()> {
            expect("the fields", seen.fields.len(), 0)?;
            expect("the user", seen.user_id.as_deref(), None)?;
            holds("the session is empty", seen.empty)?;
            holds("the cookie is taken away", cookie.as_ref().is_some_and(is_removal))
        };
        check().with_context(|| format!("a key that leads nowhere, shown to {site}"))?;
    }
    Ok(())
}
