use anyhow::{Context, Result};
use serde_json::json;

use crate::interop::agreement::agree;
use crate::interop::configuration::{Configuration, secret};
use crate::interop::expectation::{expect, holds};
use crate::interop::pair::Pair;
use crate::interop::stage::Stage;
use crate::interop::visitor::Visitor;

/// One session of before the rotation, and who writes it after.
struct Session {
    visitor: Visitor,
    colour: &'static str,
    writer: Writer,
}

#[derive(Clone, Copy, PartialEq)]
enum Writer {
    Django,
    Lodger,
    Nobody,
}

pub(super) fn a_rotated_secret_keeps_old_sessions_on_both_sides(
    stage: &Stage,
    _: &Pair,
) -> Result<()> {
    let (old, new) = (secret("old"), secret("new"));
    let pair = stage.fresh(|configuration| configuration.with_secret(old.clone(), &[]))?;
    let (sessions, user) = begin(&pair)?;
    let before = pair.configuration.clone();
    drop(pair);

    let alone = before.clone().with_secret(new.clone(), &[]);
    let all = || sessions.iter().map(|session| &session.visitor).chain([&user]);
    expect("what the new key reads yet", readable(stage, &alone, all())?.len(), 0)?;
    let pair = stage.serve(&before.with_secret(new, &[old]))?;
    for Session { visitor, colour, writer } in &sessions {
        expect("the colour", agree(&pair, visitor)?.field("colour"), &json!(colour))?;
        match writer {
            Writer::Django => drop(pair.django.count(visitor, "visits")?),
            Writer::Lodger => drop(pair.demo.home(visitor)?),
            Writer::Nobody => continue,
        }
        let seen = agree(&pair, visitor)?;
        expect("the colour after a write", seen.field("colour"), &json!(colour))?;
        expect("the visits", seen.field("visits"), &json!(1))?;
    }
    pair.demo.home(&user)?;
    holds("Django's user is still known", agree(&pair, &user)?.user_id.is_some())?;
    let written = |session: &&Session| session.writer != Writer::Nobody;
    let mut expected = vec![user.expect_key()?];
    for session in sessions.iter().filter(written) {
        expected.push(session.visitor.expect_key()?);
    }
    drop(pair);

    // Every write was signed with the new key; what was only read was not written.
    expected.sort();
    expect("what the new key reads", readable(stage, &alone, all())?, expected)?;
    let pair = stage.serve(&alone)?;
    for Session { visitor, colour, .. } in sessions.iter().filter(written) {
        let seen = agree(&pair, visitor)?;
        expect("the colour without the old key", seen.field("colour"), &json!(colour))?;
    }
    holds("the user is known without the old key", agree(&pair, &user)?.user_id.is_some())
}

/// Sessions of both sides, each for another writer, and a visitor whom Django knows.
fn begin(pair: &Pair) -> Result<(Vec<Session>, Visitor)> {
    let mut sessions = Vec::new();
    for writer in [Writer::Django, Writer::Lodger, Writer::Nobody] {
        let (at_django, at_lodger) = (Visitor::new(), Visitor::new());
        pair.django.set(&at_django, "colour", &json!("blue"))?;
        pair.demo.set(&at_lodger, "colour", "red")?;
        sessions.push(Session { visitor: at_django, colour: "blue", writer });
        sessions.push(Session { visitor: at_lodger, colour: "red", writer });
    }
    let user = Visitor::new();
    pair.django.login(&user)?;
    Ok((sessions, user))
}

/// The keys of those visitors whose data Django's signing reads under a configuration, in order.
fn readable<'a>(
    stage: &Stage,
    configuration: &Configuration,
    visitors: impl Iterator<Item = &'a Visitor>,
) -> Result<Vec<String>> {
    let keys: Vec<String> = visitors.map(Visitor::expect_key).collect::<Result<_>>()?;
    let stored = stage.project(configuration).stored(&keys)?;
    expect("the sessions that are stored", stored.len(), keys.len())?;
    let readable = stored.into_iter().filter(|session| session.text.is_some());
    let mut keys: Vec<String> = readable.map(|session| session.session_key).collect();
    keys.sort();
    Ok(keys)
}

pub(super) fn one_site_may_rotate_its_secret_before_the_other(
    stage: &Stage,
    _: &Pair,
) -> Result<()> {
    let (old, new) = (secret("old"), secret("new"));
    let pair = stage.fresh(|configuration| configuration.with_secret(old.clone(), &[]))?;
    let visitor = Visitor::new();
    pair.django.login(&visitor)?;
    pair.demo.add_to_basket(&visitor, "a lamp")?;
    let before = pair.configuration.clone();
    drop(pair);

    let late = before.clone().with_secret(old.clone(), std::slice::from_ref(&new));
    let early = before.with_secret(new, &[old]);
    for (django, lodger) in [(&late, &early), (&early, &late)] {
        let project = stage.project(django);
        let pair = Pair {
            django: stage.serve_django(&project)?,
            demo: stage.serve_demo(lodger)?,
            project,
            configuration: django.clone(),
        };
        for _ in 0..2 {
            let seen = agree(&pair, &visitor).context("after the other site's write")?;
            holds("the user is known", seen.user_id.is_some())?;
            expect("the basket", seen.field("basket"), &json!(["a lamp"]))?;
            pair.demo.home(&visitor)?;
            agree(&pair, &visitor).context("after a write of Lodger's")?;
            pair.django.count(&visitor, "visits")?;
        }
    }
    let pair = stage.serve(&early)?;
    expect("all visits", agree(&pair, &visitor)?.field("visits"), &json!(8))
}
