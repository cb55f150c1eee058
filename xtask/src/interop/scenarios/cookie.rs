use anyhow::{Context, Result};
use cookie::{Cookie, SameSite};
use serde_json::json;

use crate::interop::expectation::{expect, holds};
use crate::interop::pair::Pair;
use crate::interop::stage::Stage;
use crate::interop::visitor::{Reply, Visitor};

/// All that tells a browser which cookie it is and what to do with it, but for its value.
#[derive(Debug, PartialEq)]
struct Attributes {
    domain: Option<String>,
    path: Option<String>,
    http_only: bool,
    secure: bool,
    same_site: Option<SameSite>,
    max_age: Option<i64>,
    expires: bool,
}

/// A cookie of other attributes would stand beside the other site's instead of replacing it.
pub(super) fn both_sites_set_the_same_cookie(_: &Stage, pair: &Pair) -> Result<()> {
    let (at_django, at_lodger) = (Visitor::new(), Visitor::new());
    let same = |what: &str, django: Reply, lodger: Reply| -> Result<Attributes> {
        let django = attributes(django).with_context(|| format!("Django, {what}"))?;
        let lodger = attributes(lodger).with_context(|| format!("Lodger, {what}"))?;
        expect(&format!("Lodger's cookie, {what}"), &lodger, &django)?;
        Ok(lodger)
    };

    let django = pair.django.set(&at_django, "colour", &json!("blue"))?;
    let begun = same("a new session", django, pair.demo.set(&at_lodger, "colour", "blue")?)?;
    expect("its lifetime", begun.max_age, Some(1_209_600))?;
    holds("it is hidden from scripts", begun.http_only)?;

    let django = pair.django.set_expiry(&at_django, "seconds", 600.0)?;
    let short = same("ten minutes", django, pair.demo.set_expiry(&at_lodger, "600")?)?;
    expect("its lifetime", short.max_age, Some(600))?;

    let django = pair.django.set_expiry(&at_django, "seconds", 0.0)?;
    let closing = same("the browser's end", django, pair.demo.set_expiry(&at_lodger, "0")?)?;
    expect("its lifetime", (closing.max_age, closing.expires), (None, false))?;

    let django = pair.django.logout(&at_django)?;
    let gone = same("after a logout", django, pair.demo.logout(&at_lodger)?)?;
    expect("its lifetime", (gone.max_age, gone.expires), (Some(0), true))
}

fn attributes(reply: Reply) -> Result<Attributes> {
    let cookie: Cookie<'static> = reply.cookie.context("the reply has no cookie")?;
    Ok(Attributes {
        domain: cookie.domain().map(str::to_owned),
        path: cookie.path().map(str::to_owned),
        http_only: cookie.http_only().unwrap_or(false),
        secure: cookie.secure().unwrap_or(false),
        same_site: cookie.same_site(),
        max_age: cookie.max_age().map(|age| age.whole_seconds()),
        expires: cookie.expires_datetime().is_some(),
    })
}
