use anyhow::Result;
use serde_json::json;

use crate::interop::agreement::{agree, is_dead};
use crate::interop::expectation::{expect, holds};
use crate::interop::pair::Pair;
use crate::interop::stage::Stage;
use crate::interop::visitor::{Reply, Visitor};

pub(super) fn a_key_cycled_by_django_is_dead_on_both_sides(_: &Stage, pair: &Pair) -> Result<()> {
    cycled(pair, |visitor| pair.django.cycle(visitor))
}

pub(super) fn a_key_cycled_by_lodger_is_dead_on_both_sides(_: &Stage, pair: &Pair) -> Result<()> {
    cycled(pair, |visitor| pair.demo.cycle(visitor))
}

fn cycled(pair: &Pair, cycle: impl Fn(&Visitor) -> Result<Reply>) -> Result<()> {
    let visitor = Visitor::new();
    pair.demo.add_to_basket(&visitor, "a lamp")?;
    pair.django.login(&visitor)?;
    pair.django.set(&visitor, "colour", &json!("blue"))?;
    // Twice, so that a key made by the cycling side is cycled, too.
    for _ in 0..2 {
        let (old, before) = (visitor.expect_key()?, agree(pair, &visitor)?);
        cycle(&visitor)?;
        holds("the key is another one", visitor.expect_key()? != old)?;
        let after = agree(pair, &visitor)?;
        expect("the fields under the new key", &after.fields, &before.fields)?;
        holds("the visitor is still known", after.user_id.is_some())?;
        is_dead(pair, &old)?;
    }
    Ok(())
}

pub(super) fn a_dead_key_is_adopted_by_neither(_: &Stage, pair: &Pair) -> Result<()> {
    let visitor = Visitor::new();
    pair.demo.set(&visitor, "colour", "blue")?;
    let dead = visitor.expect_key()?;
    pair.django.cycle(&visitor)?;

    let at_lodger = Visitor::with_key(&dead);
    pair.demo.set(&at_lodger, "colour", "red")?;
    let at_django = Visitor::with_key(&dead);
    pair.django.set(&at_django, "colour", &json!("green"))?;

    let keys =
        [dead.clone(), visitor.expect_key()?, at_lodger.expect_key()?, at_django.expect_key()?];
    for (index, key) in keys.iter().enumerate() {
        holds("each has a key of its own", !keys[..index].contains(key))?;
    }
    for (visitor, colour) in [(&visitor, "blue"), (&at_lodger, "red"), (&at_django, "green")] {
        expect("the colour", agree(pair, visitor)?.field("colour"), &json!(colour))?;
    }
    is_dead(pair, &dead)
}
