use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::interop::agreement::agree;
use crate::interop::configuration::secret;
use crate::interop::engine::Engine;
use crate::interop::expectation::expect;
use crate::interop::pair::Pair;
use crate::interop::stage::Stage;
use crate::interop::visitor::Visitor;

pub(super) fn a_session_signed_with_a_foreign_key_is_empty_on_both_sides(
    stage: &Stage,
    pair: &Pair,
) -> Result<()> {
    let foreign = pair.configuration.clone().with_secret(secret("foreign"), &[]);
    // A copy in a cache is signed by nobody: each pair has its own there.
    let foreign = stage.serve(&foreign.with_key_prefix("foreign"))?;
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

pub(super) fn unreadable_data_are_an_empty_session_on_both_sides(
    _: &Stage,
    pair: &Pair,
) -> Result<()> {
    let visitor = Visitor::new();
    pair.django.set(&visitor, "story", &json!("once upon a time ".repeat(40)))?;
    let stored = pair.django.expect_stored(&visitor)?;
    let good = stored.data()?;
    let (body, signature) = good.rsplit_once(':').context("a row has a signature")?;
    let (document, stamp) = body.rsplit_once(':').context("a row has a time stamp")?;
    let texts: Vec<String> = [
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
    ]
    .into_iter()
    .filter(|text| can_hold(pair.engine(), text))
    .collect();
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

/// Whether such data can be put where the engine keeps them, and Django does not break over them.
fn can_hold(engine: Engine, text: &str) -> bool {
    match engine {
        // Its file engine takes what is no ASCII for an error of the site's.
        Engine::File => text.is_ascii(),
        Engine::SignedCookies => {
            let octet = |byte: u8| byte.is_ascii_graphic() && !b"\",;\\".contains(&byte);
            (1..4_000).contains(&text.len()) && text.bytes().all(octet)
        }
        _ => true,
    }
}

/// Values that a pickle ends in the middle of, or does not begin with.
pub(super) fn what_is_no_pickle_is_an_empty_session_on_both_sides(
    _: &Stage,
    pair: &Pair,
) -> Result<()> {
    // In Latin-1.
    for (value, write_at_lodger) in [
        "x",
        "garbage",
        "\u{80}\u{2}",
        "\u{80}\u{5}}",
        "\u{80}\u{2}}q\0X\u{5}\0\0\0vis",
        "\u{80}\u{ff}.",
    ]
    .into_iter()
    .zip([true, false].into_iter().cycle())
    {
        begins_anew(pair, &pair.django.plant_data(value)?, write_at_lodger)
            .with_context(|| format!("the value {value:?}"))?;
    }
    // Django has no answer to a pickle of what is no map: it fails. Lodger takes it for empty.
    for value in ["\u{80}\u{2}]q\0.", "\u{80}\u{2}K\u{1}.", "\u{80}\u{2}\u{88}."] {
        let seen = pair.demo.seen(&pair.django.plant_data(value)?)?;
        expect(value, seen.fields.len(), 0)?;
    }
    Ok(())
}

/// Fails unless both sites see an empty session of nobody, and one writes what then both see. Each is
/// shown what was planted: a site may put another cookie in its place at once.
fn begins_anew(pair: &Pair, visitor: &Visitor, write_at_lodger: bool) -> Result<()> {
    let planted = visitor.expect_key()?;
    let at_lodger = pair.demo.seen(&Visitor::with_key(&planted))?;
    let at_django = pair.django.seen(&Visitor::with_key(&planted))?;
    for (site, seen) in [("Lodger", at_lodger), ("Django", at_django)] {
        expect(&format!("the fields at {site}"), seen.fields.len(), 0)?;
        expect(&format!("the user at {site}"), seen.user_id, None)?;
    }
    if write_at_lodger {
        pair.demo.set(visitor, "colour", "red")?;
    } else {
        pair.django.set(visitor, "colour", &json!("red"))?;
    }
    let fields = agree(pair, visitor)?.fields;
    expect("the fields after a write", Value::from(fields), json!({"colour": "red"}))
}
