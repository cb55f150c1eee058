use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::interop::agreement::{agree, is_dead};
use crate::interop::expectation::{expect, holds};
use crate::interop::pair::Pair;
use crate::interop::stage::Stage;
use crate::interop::visitor::Visitor;

/// What Python's JSON may hold and others' would spoil: every field another way.
const DOCUMENT: &str = concat!(
    r#"{"integer":123456789012345678901234567890,"float":1.10,"huge":1e400,"minus":-0.0,"#,
    r#""nan":NaN,"infinite":[Infinity,-Infinity],"lone":"\ud800 \udc00","slash":"\/","#,
    r#""escape":"\u0041\u00fc","gr\u00f6\u00dfe":{"b":1,"a":2,"b":3},"\udfff":"","long":0.1000000000000000055,"#,
    r#""deep":[[[[[[[["\ud83d\ude00"]]]]]]]]}"#
);

pub(super) fn lodger_keeps_the_json_text_that_django_wrote(_: &Stage, pair: &Pair) -> Result<()> {
    let visitor = pair.django.plant_document(DOCUMENT)?;
    expect("the first visit", pair.demo.home(&visitor)?.visits, 1)?;
    let text = pair.django.expect_stored(&visitor)?.text.context("Django refuses the text")?;
    let body = DOCUMENT.strip_suffix('}').context("the document is an object")?;
    expect("the text", text, format!(r#"{body},"visits":1}}"#))?;
    // Neither site fails to show what the other wrote.
    pair.demo.look(&visitor)?;
    pair.django.look(&visitor)?;
    Ok(())
}

/// By its signing, or by its cache.
pub(super) fn what_each_side_stores_is_read_by_django_alone(_: &Stage, pair: &Pair) -> Result<()> {
    let (by_django, by_lodger) = (Visitor::new(), Visitor::new());
    pair.django.set(&by_django, "site", &json!("Django ü"))?;
    pair.demo.set(&by_lodger, "site", "Lodger ü")?;
    for (visitor, text) in
        [(&by_django, r#"{"site":"Django \u00fc"}"#), (&by_lodger, r#"{"site":"Lodger \u00fc"}"#)]
    {
        let stored = pair.django.expect_stored(visitor)?;
        expect("the text", stored.text.as_deref(), Some(text))?;
        if let Some(cached) = stored.cached.as_deref() {
            expect("the copy in the cache", cached, text)?;
        }
        let document: Value = serde_json::from_str(text)?;
        holds("Lodger reads it too", pair.demo.seen(visitor)?.field("site") == &document["site"])?;
    }
    Ok(())
}

/// Each reads what the other wrote just now, and changes it: with a cache between them, too.
pub(super) fn sites_that_work_in_turn_never_see_a_stale_value(
    _: &Stage,
    pair: &Pair,
) -> Result<()> {
    const ROUNDS: i64 = 20;
    let visitor = Visitor::new();
    for round in 0..ROUNDS {
        let colour = format!("Lodger's {round}");
        pair.demo.set(&visitor, "colour", &colour)?;
        let seen = pair.django.count(&visitor, "visits")?;
        expect("Lodger's colour at Django", seen.field("colour"), &json!(colour))?;
        expect("the visits at Django", seen.field("visits"), &json!(2 * round + 1))?;

        let colour = format!("Django's {round}");
        pair.django.set(&visitor, "colour", &json!(colour))?;
        let seen = pair.demo.seen(&visitor)?;
        expect("Django's colour at Lodger", seen.field("colour"), &json!(colour))?;
        expect("the visits at Lodger", pair.demo.home(&visitor)?.visits, 2 * round + 2)?;
    }
    let key = visitor.expect_key()?;
    // Both have it in their caches now, and one ends it.
    let seen = agree(pair, &visitor)?;
    expect("the visits in the end", seen.field("visits"), &json!(2 * ROUNDS))?;
    pair.demo.logout(&visitor)?;
    is_dead(pair, &key)
}
