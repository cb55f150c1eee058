use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::json;

use crate::interop::agreement::{agree, ended};
use crate::interop::expectation::{expect, holds};
use crate::interop::instant::Instant;
use crate::interop::pair::Pair;
use crate::interop::seen::Seen;
use crate::interop::stage::Stage;
use crate::interop::visitor::{Reply, Visitor};
use crate::interop::window::Window;

/// Django's `SESSION_COOKIE_AGE`: two weeks.
const DEFAULT: f64 = 1_209_600.0;

pub(super) fn the_default_expiry_agrees_to_the_second(_: &Stage, pair: &Pair) -> Result<()> {
    for by_django in [true, false] {
        let visitor = Visitor::new();
        let (window, _) = Window::around(|| set(pair, &visitor, by_django))?;
        slides_by(pair, &visitor, window, DEFAULT, false)?;
    }
    Ok(())
}

pub(super) fn seconds_set_on_either_side_agree(_: &Stage, pair: &Pair) -> Result<()> {
    slides_alike(pair)
}

pub(super) fn slides_alike(pair: &Pair) -> Result<()> {
    for (by_django, seconds) in [(true, 1_000.0), (false, 86_400.0)] {
        let visitor = Visitor::new();
        set(pair, &visitor, by_django)?;
        let (window, _) = Window::around(|| expire(pair, &visitor, by_django, Some(seconds)))?;
        slides_by(pair, &visitor, window, seconds, false)?;

        // The other side's next write moves the row, and by the same span.
        let (window, _) = Window::around(|| set(pair, &visitor, !by_django))?;
        slides_by(pair, &visitor, window, seconds, false)?;

        let (window, _) = Window::around(|| expire(pair, &visitor, !by_django, None))?;
        slides_by(pair, &visitor, window, DEFAULT, false)?;
    }
    Ok(())
}

pub(super) fn the_browsers_end_set_on_either_side_agrees(_: &Stage, pair: &Pair) -> Result<()> {
    for by_django in [true, false] {
        let visitor = Visitor::new();
        set(pair, &visitor, by_django)?;
        let (window, _) = Window::around(|| expire(pair, &visitor, by_django, Some(0.0)))?;
        slides_by(pair, &visitor, window, DEFAULT, true)?;

        let (window, reply) = Window::around(|| set(pair, &visitor, !by_django))?;
        let cookie = reply.cookie.context("a write renews the cookie")?;
        holds("the other side's cookie ends with the browser", cookie.max_age().is_none())?;
        slides_by(pair, &visitor, window, DEFAULT, true)?;
    }
    Ok(())
}

pub(super) fn a_date_set_by_django_is_read_by_lodger(_: &Stage, pair: &Pair) -> Result<()> {
    for kind in ["timedelta", "datetime"] {
        for seconds in [5_000.0, 123_456.789] {
            let visitor = Visitor::new();
            let (window, _) = Window::around(|| pair.django.set_expiry(&visitor, kind, seconds))?;
            let (stored, _) = stands_at(pair, &visitor)?;
            window.wider(pair.engine().precision()).plus(seconds, "the date", stored)?;

            // It does not slide, whoever writes next.
            for by_django in [false, true] {
                let cookie = set(pair, &visitor, by_django)?.cookie;
                let cookie = cookie.context("a write renews the cookie")?;
                let (same, now) = stands_at(pair, &visitor)?;
                near(pair, "the stored date after another write", same, stored)?;
                let age = cookie.max_age().context("the cookie has a date")?;
                let left = stored.since(now);
                #[expect(clippy::cast_precision_loss, reason = "spans here are of days")]
                let off = age.whole_seconds() as f64 - left;
                holds(
                    &format!("the cookie's age {age} is what is left, {left} s"),
                    (-1.0..=30.0).contains(&off),
                )?;
            }
        }
    }
    Ok(())
}

/// The stored date, which must be the date that both sites tell; and the instant after asking.
fn stands_at(pair: &Pair, visitor: &Visitor) -> Result<(Instant, Instant)> {
    let stored = pair.django.expect_stored(visitor)?.expire_date()?;
    let begin = Instant::now();
    let (django, lodger) = (pair.django.seen(visitor)?, pair.demo.seen(visitor)?);
    let end = Instant::now();
    let date = django.expiry_date()?;
    near(pair, "the stored date, beside the one that Django tells", stored, date)?;
    let off = lodger.expiry_date()?.since(date).abs();
    holds(&format!("the date that Lodger tells is off by {off} s"), off < 1.0)?;
    for (site, seen) in [("Django", django), ("Lodger", lodger)] {
        let (most, least) = (date.since(begin).floor(), date.since(end).floor());
        let age = seen.expiry_age;
        holds(
            &format!("the age that {site} tells, {age}, lies between {least} and {most}"),
            (least..=most).contains(&age),
        )?;
    }
    Ok((stored, end))
}

/// Fails unless two dates are the same, as far as the engine can tell.
fn near(pair: &Pair, what: &str, got: Instant, expected: Instant) -> Result<()> {
    let (precision, off) = (pair.engine().precision(), got.since(expected).abs());
    if precision == 0.0 {
        return expect(what, got, expected);
    }
    holds(&format!("{what}: {got:?} is off from {expected:?} by {off} s"), off <= precision)
}

pub(super) fn a_session_ends_on_both_sides_at_once(_: &Stage, pair: &Pair) -> Result<()> {
    ends_alike(pair)
}

pub(super) fn ends_alike(pair: &Pair) -> Result<()> {
    let (precision, lag) = (pair.engine().precision(), pair.engine().lag());
    let mut sessions = Vec::new();
    for by_django in [true, false] {
        let visitor = Visitor::new();
        set(pair, &visitor, by_django)?;
        expire(pair, &visitor, by_django, Some(2.0 + precision))?;
        let stored = pair.django.expect_stored(&visitor)?;
        sessions.push((visitor.expect_key()?, stored.expire_date()?));
    }
    for (key, end) in sessions {
        // Both see it for as long as it lives; a reply that came too late proves nothing.
        loop {
            let lives = agree(pair, &Visitor::with_key(&key));
            if end.since(Instant::now()) < precision {
                break;
            }
            expect("the colour", lives?.field("colour"), &json!("blue"))?;
            thread::sleep(Duration::from_millis(50));
        }
        let left = end.plus(lag).since(Instant::now());
        thread::sleep(Duration::from_secs_f64(left.max(0.0)));
        ended(pair, &key)?;
    }
    Ok(())
}

pub(super) fn the_rows_date_decides_on_both_sides(_: &Stage, pair: &Pair) -> Result<()> {
    let visitor = Visitor::new();
    set(pair, &visitor, false)?;
    let key = visitor.expect_key()?;
    pair.django.move_expire_date(&key, 20.0)?;
    agree(pair, &visitor)?;
    for seconds in [-0.01, -1.0, -20.0, -5_000.0, -1_000_000.0] {
        pair.django.move_expire_date(&key, seconds)?;
        ended(pair, &key)?;
    }
    // Expired, it is absent, not deleted.
    pair.django.move_expire_date(&key, 20.0)?;
    expect("the colour", agree(pair, &visitor)?.field("colour"), &json!("blue"))
}

fn set(pair: &Pair, visitor: &Visitor, by_django: bool) -> Result<Reply> {
    if by_django {
        pair.django.set(visitor, "colour", &json!("blue"))
    } else {
        pair.demo.set(visitor, "colour", "blue")
    }
}

/// `set_expiry` with seconds, or with none for the default.
fn expire(pair: &Pair, visitor: &Visitor, by_django: bool, seconds: Option<f64>) -> Result<Reply> {
    match (by_django, seconds) {
        (true, Some(seconds)) => pair.django.set_expiry(visitor, "seconds", seconds),
        (true, None) => pair.django.set_expiry(visitor, "default", 0.0),
        (false, Some(seconds)) => pair.demo.set_expiry(visitor, &seconds.to_string()),
        (false, None) => pair.demo.set_expiry(visitor, ""),
    }
}

/// Fails unless both sites and the row agree on an expiry that each write moves by `seconds`.
fn slides_by(
    pair: &Pair,
    visitor: &Visitor,
    written: Window,
    seconds: f64,
    closes: bool,
) -> Result<()> {
    let stored = pair.django.expect_stored(visitor)?.expire_date()?;
    written.wider(pair.engine().precision()).plus(seconds, "the stored date", stored)?;
    agree(pair, visitor)?;
    let (at_django, django) = Window::around(|| pair.django.seen(visitor))?;
    let (at_lodger, lodger) = Window::around(|| pair.demo.seen(visitor))?;
    let sites: [(&str, Window, Seen); 2] =
        [("Django", at_django, django), ("Lodger", at_lodger, lodger)];
    for (site, window, seen) in sites {
        expect(&format!("the age that {site} tells"), seen.expiry_age, seconds)?;
        window.plus(seconds, &format!("the date that {site} tells"), seen.expiry_date()?)?;
        expect(
            &format!("whether it ends with the browser for {site}"),
            seen.expire_at_browser_close,
            closes,
        )?;
    }
    // Looking has moved nothing.
    let still = pair.django.expect_stored(visitor)?.expire_date()?;
    near(pair, "the stored date after looking", still, stored)
}
