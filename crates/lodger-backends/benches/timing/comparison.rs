//! What is compared, and the two classes of input.

use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context as TaskContext, Poll, Waker};

use lodger_backends::memory::MemoryStore;
use lodger_codec::{DjangoCodec, KeyRing};
use lodger_core::{
    Context, Limits, SessionCodec, SessionData, SessionDict, SessionKey, SessionRecord,
    SessionStore, StoredKey, Timestamp,
};

/// Something that looks at an input.
pub(crate) struct Comparison {
    /// Of which class an input is: whether it differs from what is expected at its end only.
    pub(crate) inputs: Box<dyn Fn(bool) -> Input>,
    pub(crate) look: Box<dyn Fn(&Input)>,
    /// How often it looks in one sample, for what is shorter than the clock can tell.
    pub(crate) times: u32,
}

pub(crate) enum Input {
    Data(SessionData),
    Key(StoredKey),
    Text(Vec<u8>),
}

type Named = (&'static str, fn() -> Comparison);

/// The last one is the control.
pub(crate) const COMPARISONS: &[Named] = &[
    ("signature of session data, wrong at its first or last character", signature),
    ("session key looked up in memory, like a live one up to its end or not", stored_key),
    ("equality of session keys, different from the start or at the end", key_equality),
    ("control: bytes one after the other until two differ", control),
];

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);
const END: Timestamp = Timestamp::from_secs(1_800_000_000);
const KEY: &str = "0123456789abcdefghijklmnopqrstuv";

fn signature() -> Comparison {
    let keys = KeyRing::new("a secret for measuring").expect("it is not empty");
    let codec = DjangoCodec::new(keys, Limits::default());
    let key = stored(KEY);
    let mut dict = SessionDict::new();
    dict.insert("_auth_user_id", "1").expect("a text has a JSON form");
    let context = Context { stored_key: &key, now: NOW, loaded_stamp: None };
    let signed = codec.encode(&dict, &context).expect("a small dict can be encoded");
    let signed = signed.as_text().expect("it is a text").to_owned();
    let first = signed.rfind(':').expect("a signature follows a colon") + 1;
    let inputs = move |at_the_end| {
        // Not the very last character, whose low bits stand for nothing.
        let place = if at_the_end { signed.len() - 2 } else { first };
        Input::Data(SessionData::from_text(changed(&signed, place)))
    };
    let look = move |input: &Input| {
        let Input::Data(data) = input else { unreachable!("the inputs are data") };
        let context = Context { stored_key: &key, now: NOW, loaded_stamp: None };
        // As decoding, without the warning in the log.
        assert!(black_box(codec.inspect(data, &context)).is_err());
    };
    Comparison { inputs: Box::new(inputs), look: Box::new(look), times: 1 }
}

fn stored_key() -> Comparison {
    let store = MemoryStore::default();
    let session_data = SessionData::from_text("data");
    let record = SessionRecord { session_key: stored(KEY), session_data, expire_date: END };
    ready(store.create(record, SessionDict::new(), NOW)).expect("there is room");
    let look = move |input: &Input| {
        let Input::Key(key) = input else { unreachable!("the inputs are keys") };
        assert!(matches!(black_box(ready(store.load(key, NOW))), Ok(None)));
    };
    Comparison { inputs: unlike_the_key(), look: Box::new(look), times: 16 }
}

fn key_equality() -> Comparison {
    let live = stored(KEY);
    let look = move |input: &Input| {
        let Input::Key(key) = input else { unreachable!("the inputs are keys") };
        assert!(black_box(key) != black_box(&live));
    };
    Comparison { inputs: unlike_the_key(), look: Box::new(look), times: 64 }
}

fn control() -> Comparison {
    let inputs = |at_the_end| {
        let place = if at_the_end { KEY.len() - 1 } else { 0 };
        Input::Text(changed(KEY, place).into_bytes())
    };
    let look = |input: &Input| {
        let Input::Text(text) = input else { unreachable!("the inputs are texts") };
        let same = |(left, right): (&u8, &u8)| black_box(*left) == black_box(*right);
        assert!(!black_box(text.iter().zip(KEY.as_bytes()).all(same)));
    };
    Comparison { inputs: Box::new(inputs), look: Box::new(look), times: 16 }
}

/// Keys that nobody has. Another one each time: where a single one lies in a map is a matter of luck.
fn unlike_the_key() -> Box<dyn Fn(bool) -> Input> {
    let (random, drawn) = (RandomState::new(), Cell::new(0_u64));
    Box::new(move |at_the_end| {
        drawn.set(drawn.get() + 1);
        let start = if at_the_end { &KEY[..16] } else { "" };
        let digits = format!("{:016x}{:016x}", random.hash_one(drawn.get()), drawn.get());
        Input::Key(stored(&format!("{start}{}", &digits[start.len()..])))
    })
}

fn stored(key: &str) -> StoredKey {
    StoredKey::from(&SessionKey::parse(key, 128).expect("it has the shape of a key"))
}

/// The text with another character at a place.
fn changed(text: &str, place: usize) -> String {
    let other = if &text[place..=place] == "x" { "y" } else { "x" };
    format!("{}{other}{}", &text[..place], &text[place + 1..])
}

/// What a future gives that never waits.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut TaskContext::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => outcome,
        Poll::Pending => unreachable!("the memory store never waits"),
    }
}
