use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::interop::agreement::agree;
use crate::interop::configuration::secret;
use crate::interop::expectation::expect;
use crate::interop::pair::Pair;
use crate::interop::stage::Stage;
use crate::interop::visitor::Visitor;

pub(super) fn a_session_signed_with_a_foreign_key_is_empty_on_both_sides(
    stage: &Stage,
    pair: &Pair,
) -> Result<()> {
    let foreign = stage.serve(&pair.configuration.clone().with_secret(secret("foreign"), &[]))?;
    for (ours, theirs) in [(pair, &foreign), (&foreign, pair)] {
        for write_at_lodger in [true, false] {
            let (at_django, at_lodger) = (Visitor::new(), Visitor::new());
            theirs.django.login(&at_django)?;
            theirs.demo.set(&at_lodger, "colour", "blue")?;
            begins_anew(ours, &at_django, write_at_lodger).context("a row of Django's")?;
            begins_anew(ours, &at_lodger, write_at_lodger).context("a row of Lodger's")?;
        }
    }
    Ok(())
}

pub(super) fn an_unreadable_row_is_an_empty_session_on_both_sides(
    _: &Stage,
    pair: &Pair,
) -> Result<()> {
    let visitor = Visitor::new();
    pair.django.set(&visitor, "story", &json!("once upon a time ".repeat(40)))?;
    let good = pair.django.expect_row(&visitor)?.session_data;
    let (body, signature) = good.rsplit_once(':').context("a row has a signature")?;
    let (document, stamp) = body.rsplit_once(':').context("a row has a time stamp")?;
    let texts = [
        String::new(),
        ":".to_owned(),
        "::".to_owned(),
        ".::".to_owned(),
        "garbage".to_owned(),
        // No astral character: Django 4.2 talks to MariaDB in three-byte UTF-8.
        "ünreadable €".to_owned(),
        "a".repeat(100_000),
        body.to_owned(),
        good[..good.len() - 1].to_owned(),
        good[1..].to_owned(),
        format!("{good}="),
        format!("{good}\n"),
        format!(" {good}"),
        format!("{document}:1{stamp}:{signature}"),
        format!("{document}::{signature}"),
        format!("x{body}:{signature}"),
        // Django's format up to 3.0.
        "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzp7ImEiOjF9".to_owned(),
    ];
    // Written by Lodger and by Django in turn.
    for (text, write_at_lodger) in texts.iter().zip([true, false].into_iter().cycle()) {
        let start: String = text.chars().take(40).collect();
        begins_anew(pair, &pair.django.plant_data(text)?, write_at_lodger)
            .with_context(|| format!("the row {start:?}"))?;
    }
    // Well signed, but no JSON.
    let documents = ["", "{", "{]", "{\"a\":1", "{\"a\":01}", "{'a':1}", "nothing"];
    for (document, write_at_lodger) in documents.into_iter().zip([true, false].into_iter().cycle())
    {
        begins_anew(pair, &pair.django.plant_document(document)?, write_at_lodger)
            .with_context(|| format!("the document {document:?}"))?;
    }
    // Django has no answer to a document that is no object: it fails. Lodger takes it for empty.
    for document in ["[1,2]", "null", "\"text\"", "1"] {
        let seen = pair.demo.seen(&pair.django.plant_document(document)?)?;
        expect(document, seen.fields.len(), 0)?;
    }
    Ok(())
}

/// Fails unless both sites see an empty session of nobody, and one writes what then both see.
fn begins_anew(pair: &Pair, visitor: &Visitor, write_at_lodger: bool) -> Result<()> {
    let seen = agree(pair, visitor)?;
    expect("the fields", seen.fields.len(), 0)?;
    expect("the user", seen.user_id, None)?;
    if write_at_lodger {
        pair.demo.set(visitor, "colour", "red")?;
    } else {
        pair.django.set(visitor, "colour", &json!("red"))?;
    }
    let fields = agree(pair, visitor)?.fields;
    expect("the fields after a write", Value::from(fields), json!({"colour": "red"}))
}
