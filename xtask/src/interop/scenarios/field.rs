use std::fmt::Write as _;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::interop::agreement::agree;
use crate::interop::expectation::{expect, holds};
use crate::interop::pair::Pair;
use crate::interop::seen::Stored;
use crate::interop::stage::Stage;
use crate::interop::visitor::Visitor;

/// Names and texts that some encoding on the way could spoil.
const TEXTS: [(&str, &str); 13] = [
    ("plain", "text"),
    ("empty", ""),
    ("größe", "süß und groß"),
    ("名前", "寿限無"),
    ("astral", "😀 𝒳 🏳️‍🌈"),
    ("combining", "e\u{301} ≠ é"),
    ("right to left", "שלום \u{200f}مرحبا"),
    ("quo\"ted", "\"double\" 'single' `back` \\ / \\u0041 \\\""),
    ("controls", "\u{1}\u{8}\t\u{b}\u{c}\u{1b}\u{1f}\u{7f}\u{80}\u{9f}"),
    ("zero", "before\0after"),
    ("lines", "one\ntwo\r\nthree\rfour\u{85}five\u{2028}six\u{2029}"),
    ("markup", "<script>&amp;</script> a=b&c=d;e %41+%2B"),
    ("edges", " \u{a0}\u{feff}blanks around\u{ffff} \u{10ffff} "),
];

pub(super) fn lodgers_visitor_is_seen_by_django_with_the_same_fields(
    _: &Stage,
    pair: &Pair,
) -> Result<()> {
    let visitor = Visitor::new();
    let home = pair.demo.home(&visitor)?;
    expect("the first visit", (home.visits, home.basket.len()), (1, 0))?;
    pair.demo.home(&visitor)?;
    pair.demo.add_to_basket(&visitor, "a lamp")?;
    pair.demo.add_to_basket(&visitor, "süßes 😀")?;
    pair.demo.set(&visitor, "colour", "blue")?;
    let expected = json!({
        "visits": 2, "basket": ["a lamp", "süßes 😀"], "colour": "blue",
    });
    let seen = agree(pair, &visitor)?;
    expect("the fields", Value::from(seen.fields), expected)
}

pub(super) fn a_text_set_by_lodger_is_read_by_django(_: &Stage, pair: &Pair) -> Result<()> {
    let visitor = Visitor::new();
    for (name, text) in TEXTS {
        pair.demo.set(&visitor, name, text)?;
        expect(name, pair.django.seen(&visitor)?.field(name), &json!(text))?;
    }
    all_texts_are_there(pair, &visitor)
}

pub(super) fn a_text_set_by_django_is_read_by_lodger(_: &Stage, pair: &Pair) -> Result<()> {
    let visitor = Visitor::new();
    for (name, text) in TEXTS {
        pair.django.set(&visitor, name, &json!(text))?;
        expect(name, pair.demo.seen(&visitor)?.field(name), &json!(text))?;
    }
    all_texts_are_there(pair, &visitor)
}

/// On both sides, and after each has written the row once more.
fn all_texts_are_there(pair: &Pair, visitor: &Visitor) -> Result<()> {
    for write in 0..2 {
        let seen = agree(pair, visitor)?;
        for (name, text) in TEXTS {
            expect(name, seen.field(name), &json!(text))?;
        }
        if write == 0 {
            pair.django.count(visitor, "writes")?;
            pair.demo.home(visitor)?;
        }
    }
    Ok(())
}

pub(super) fn a_value_set_by_django_is_read_by_lodger(_: &Stage, pair: &Pair) -> Result<()> {
    let visitor = Visitor::new();
    let values = json!({
        "null": null,
        "true": true,
        "false": false,
        "zero": 0,
        "big": 9_007_199_254_740_993_u64,
        "negative": i64::MIN,
        "float": 0.1,
        "tiny": 5e-324,
        "empty list": [],
        "empty map": {},
        "nested": [{"a": [1, [2, {"b": [null, "ü", {"": 1.5}]}]]}, "😀"],
    });
    let values = values.as_object().context("a map")?;
    for (name, value) in values {
        pair.django.set(&visitor, name, value)?;
    }
    pair.demo.home(&visitor)?;
    let seen = agree(pair, &visitor)?;
    for (name, value) in values {
        holds(&format!("{name} is there"), seen.fields.contains_key(name))?;
        expect(name, seen.field(name), value)?;
    }
    Ok(())
}

pub(super) fn long_values_are_read_by_both(_: &Stage, pair: &Pair) -> Result<()> {
    let long = "a long story, ".repeat(LONGEST_AT_LODGER / 14);
    for by_django in [true, false] {
        let visitor = Visitor::new();
        for number in 0..20 {
            let name = format!("story {number}");
            if by_django {
                pair.django.set(&visitor, &name, &json!(long))?;
            } else {
                pair.demo.set(&visitor, &name, &long)?;
            }
        }
        if pair.engine().is_signed() {
            is_compressed(&pair.django.expect_stored(&visitor)?, 20 * long.len() / 10)?;
        }
        let seen = agree(pair, &visitor)?;
        for number in 0..20 {
            expect("a story", seen.field(&format!("story {number}")), &json!(long))?;
        }
    }
    let visitor = Visitor::new();
    let very_long = "a very long story, ".repeat(10_000);
    pair.django.set(&visitor, "story", &json!(very_long))?;
    pair.demo.home(&visitor)?;
    expect("the very long story", agree(pair, &visitor)?.field("story"), &json!(very_long))
}

fn is_compressed(stored: &Stored, longest: usize) -> Result<()> {
    let data = stored.data()?;
    holds("the text begins with the mark of compressed data", data.starts_with('.'))?;
    holds(&format!("{} bytes are fewer", data.len()), data.len() < longest)
}

/// With neither much nor little around the limit.
pub(super) fn values_that_hardly_compress_are_read_by_both(_: &Stage, pair: &Pair) -> Result<()> {
    let visitor = Visitor::new();
    for number in 0..12_u32 {
        let value = noise(number, 1 << number);
        pair.demo.set(&visitor, &format!("lodger {number}"), at_lodger(&value))?;
        pair.django.set(&visitor, &format!("django {number}"), &json!(value))?;
    }
    let seen = agree(pair, &visitor)?;
    for number in 0..12_u32 {
        let value = noise(number, 1 << number);
        let (lodgers, djangos) = (json!(at_lodger(&value)), json!(value));
        expect("noise of Lodger's", seen.field(&format!("lodger {number}")), &lodgers)?;
        expect("noise of Django's", seen.field(&format!("django {number}")), &djangos)?;
    }
    Ok(())
}

/// As much as the demo's form takes.
const LONGEST_AT_LODGER: usize = 500;

fn at_lodger(value: &str) -> &str {
    &value[..value.len().min(LONGEST_AT_LODGER)]
}

/// Characters without a pattern, the same each time (xorshift).
fn noise(seed: u32, length: usize) -> String {
    let mut state = seed.wrapping_mul(2_654_435_761) | 1;
    let mut text = String::new();
    while text.len() < length {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        write!(text, "{state:08x}").expect("a text takes all that is written");
    }
    text.truncate(length);
    text
}

pub(super) fn a_big_list_grows_on_both_sides(_: &Stage, pair: &Pair) -> Result<()> {
    let visitor = Visitor::new();
    let big: Vec<Value> = (0..5_000).map(|number| json!([number, "ü", null])).collect();
    pair.django.set(&visitor, "big", &json!(big))?;
    let mut items = Vec::new();
    for number in 0..20 {
        let (lodgers, djangos) = (format!("Lodger's {number}"), format!("Django's {number}"));
        pair.demo.add_to_basket(&visitor, &lodgers)?;
        pair.django.append(&visitor, "basket", &json!(djangos))?;
        pair.django.append(&visitor, "big", &json!(number))?;
        items.extend([lodgers, djangos]);
    }
    expect("the basket on Lodger's front page", pair.demo.home(&visitor)?.basket, &items[..])?;
    let seen = agree(pair, &visitor)?;
    expect("the basket", seen.field("basket"), &json!(items))?;
    let big: Vec<Value> = big.into_iter().chain((0..20).map(Value::from)).collect();
    expect("the big list", seen.field("big"), &json!(big))
}
