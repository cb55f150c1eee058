use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use anyhow::{Context, Result};
use serde_json::json;

use crate::interop::agreement::agree;
use crate::interop::expectation::{expect, holds};
use crate::interop::pair::Pair;
use crate::interop::stage::Stage;
use crate::interop::visitor::Visitor;

pub(super) fn visits_to_both_sites_in_turn_are_all_counted(_: &Stage, pair: &Pair) -> Result<()> {
    const ROUNDS: i64 = 15;
    let visitor = Visitor::new();
    for round in 0..ROUNDS {
        expect("the visit to Lodger", pair.demo.home(&visitor)?.visits, 2 * round + 1)?;
        let seen = pair.django.count(&visitor, "visits")?;
        expect("the visit to Django", seen.field("visits"), &json!(2 * round + 2))?;
    }
    if !pair.engine().has_keys() {
        // Requests at once would each go out from the same cookie.
        return Ok(());
    }
    // Several of Lodger's at once, between two of Django's.
    const AT_ONCE: i64 = 8;
    const EACH: i64 = 5;
    let key = visitor.expect_key()?;
    all_at_once(AT_ONCE, || {
        let visitor = Visitor::with_key(&key);
        (0..EACH).try_for_each(|_| pair.demo.home(&visitor).map(drop))
    })?;
    let seen = pair.django.count(&visitor, "visits")?;
    expect("all visits", seen.field("visits"), &json!(2 * ROUNDS + AT_ONCE * EACH + 1))
}

/// Django overwrites what came between its reading and its writing; Lodger looks and begins again.
/// So all of Django's own visits are there in the end, however many of Lodger's came between.
pub(super) fn lodger_undoes_nothing_that_django_writes_meanwhile(
    _: &Stage,
    pair: &Pair,
) -> Result<()> {
    const DJANGOS: i64 = 40;
    let visitor = Visitor::new();
    pair.demo.home(&visitor)?;
    let key = visitor.expect_key()?;
    let done = AtomicBool::new(false);
    let lodgers = thread::scope(|scope| {
        let visits: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let visitor = Visitor::with_key(&key);
                    let mut visits = 0;
                    while !done.load(Ordering::Relaxed) {
                        pair.demo.home(&visitor)?;
                        visits += 1;
                    }
                    Ok::<i64, anyhow::Error>(visits)
                })
            })
            .collect();
        let result = (1..=DJANGOS).try_for_each(|number| {
            let seen = pair.django.count(&visitor, "django visits")?;
            expect("Django's own count", seen.field("django visits"), &json!(number))
        });
        done.store(true, Ordering::Relaxed);
        let visits: Vec<_> = visits.into_iter().map(|thread| thread.join()).collect();
        result?;
        visits.into_iter().try_fold(0, |sum, visits| {
            let visits = visits.map_err(|_| anyhow::anyhow!("a visit of Lodger's panicked"))??;
            Ok::<i64, anyhow::Error>(sum + visits)
        })
    })?;
    holds("Lodger was visited meanwhile", lodgers > DJANGOS / 4)?;
    let seen = agree(pair, &visitor)?;
    expect("Django's visits", seen.field("django visits"), &json!(DJANGOS))?;
    let visits = seen.field("visits").as_i64().context("the visits are a number")?;
    holds("no visit was counted twice", (1..=lodgers + 1).contains(&visits))?;
    // With Django at rest, none is lost.
    pair.demo.home(&visitor)?;
    expect("a visit more", pair.demo.home(&visitor)?.visits, visits + 2)
}

fn all_at_once(threads: i64, action: impl Fn() -> Result<()> + Sync) -> Result<()> {
    thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(&action)).collect();
        running.into_iter().try_for_each(|thread| {
            thread.join().map_err(|_| anyhow::anyhow!("a visit panicked"))?
        })
    })
}
