use anyhow::{Context, Result};
use serde_json::{Value, json};

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
    let text = pair.django.expect_row(&visitor)?.text.context("Django refuses the row")?;
    let body = DOCUMENT.strip_suffix('}').context("the document is an object")?;
    expect("the text of the row", text, format!(r#"{body},"visits":1}}"#))?;
    // Neither site fails to show what the other wrote.
    pair.demo.look(&visitor)?;
    pair.django.look(&visitor)?;
    Ok(())
}

pub(super) fn rows_of_both_are_read_by_djangos_signing(_: &Stage, pair: &Pair) -> Result<()> {
    let (by_django, by_lodger) = (Visitor::new(), Visitor::new());
    pair.django.set(&by_django, "site", &json!("Django ü"))?;
    pair.demo.set(&by_lodger, "site", "Lodger ü")?;
    let rows = pair.project.rows()?;
    for (visitor, text) in
        [(&by_django, r#"{"site":"Django \u00fc"}"#), (&by_lodger, r#"{"site":"Lodger \u00fc"}"#)]
    {
        let key = visitor.expect_key()?;
        let row = rows.iter().find(|row| row.session_key == key).context("the row is missing")?;
        expect("the text of the row", row.text.as_deref(), Some(text))?;
        let document: Value = serde_json::from_str(text)?;
        holds("Lodger reads it too", pair.demo.seen(visitor)?.field("site") == &document["site"])?;
    }
    Ok(())
}
