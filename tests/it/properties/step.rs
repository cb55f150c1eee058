//! What may happen next.

use proptest::prelude::*;
use serde_json::{Value, json};

/// How many handles there are at a time.
pub(super) const HANDLES: usize = 3;

/// The fields that are edited; few, so that handles meet.
pub(super) const FIELDS: [&str; 3] = ["a", "b", "c"];

#[derive(Clone, Debug)]
pub(super) enum Step {
    /// A request begins in this place, with the key of a session made so far, live or dead, or none.
    Open(Option<usize>),
    Edit(Edit),
    /// The handler saves.
    Save,
    /// The handler deletes the record.
    Delete,
    /// The response is sent.
    End,
}

/// An operation of a handle.
#[derive(Clone, Debug)]
pub(super) enum Edit {
    Insert(&'static str, Value),
    Remove(&'static str),
    Pop(&'static str),
    SetDefault(&'static str, Value),
    Update(Vec<(&'static str, Value)>),
    Clear,
    Increment(&'static str, i64),
    Append(&'static str, Value),
    /// Wraps what the field holds.
    Wrap(&'static str),
    /// Doubles an integer; a field of another type is refused.
    Double(&'static str),
    MarkModified,
    Cycle,
    Flush,
    /// Seconds; 0: with the browser; `None`: back to the default.
    SetExpiry(Option<i64>),
}

fn field() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&FIELDS[..])
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => (-3..4_i64).prop_map(Value::from),
        1 => Just(json!(i64::MAX)),
        2 => "[a-z]{0,3}".prop_map(Value::from),
        2 => prop::collection::vec(0..3_i64, 0..3).prop_map(Value::from),
        1 => Just(Value::Null),
        1 => Just(json!({"x": [true]})),
    ]
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        5 => (field(), value()).prop_map(|(name, value)| Edit::Insert(name, value)),
        3 => field().prop_map(Edit::Remove),
        3 => field().prop_map(Edit::Pop),
        3 => (field(), value()).prop_map(|(name, value)| Edit::SetDefault(name, value)),
        2 => prop::collection::vec((field(), value()), 0..3).prop_map(Edit::Update),
        1 => Just(Edit::Clear),
        5 => (field(), -2..3_i64).prop_map(|(name, by)| Edit::Increment(name, by)),
        3 => (field(), value()).prop_map(|(name, value)| Edit::Append(name, value)),
        2 => field().prop_map(Edit::Wrap),
        2 => field().prop_map(Edit::Double),
        1 => Just(Edit::MarkModified),
        2 => Just(Edit::Cycle),
        1 => Just(Edit::Flush),
        2 => prop::option::of(prop_oneof![Just(0), 100..5000_i64]).prop_map(Edit::SetExpiry),
    ]
}

/// Steps, each in the place of a handle.
pub(super) fn steps() -> impl Strategy<Value = Vec<(usize, Step)>> {
    let step = prop_oneof![
        2 => prop::option::weighted(0.9, 0..6_usize).prop_map(Step::Open),
        12 => edit().prop_map(Step::Edit),
        2 => Just(Step::Save),
        1 => Just(Step::Delete),
        3 => Just(Step::End),
    ];
    prop::collection::vec((0..HANDLES, step), 1..50)
}
