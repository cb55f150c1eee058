//! What a Redis server says to a script.

use lodger_backends::redis::{RedisStore, fuzzing};
use lodger_core::{StoredKey, Timestamp};
use redis::Value;

use crate::canary::{KEY, assert_unseen};
use crate::input::Input;

/// The rest is a reply in the protocol's bytes, or the parts of one.
///
/// Any reply is understood or an error, which quotes none of it. Understood is a value with its
/// lifetime, and nothing else.
pub(super) fn check(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let store = RedisStore::connect("redis://localhost/").expect("the URL is one");
    let key = StoredKey::from(format!("{KEY}0123456789"));
    let now = Timestamp::from_secs(1_700_000_000);
    let reply = match input.choose(b"wa") {
        b'w' => redis::parse_redis_value(input.rest()).ok(),
        _ => {
            let left = input.number();
            let value = [KEY.as_bytes(), input.rest()].concat();
            Some(Value::Array(vec![Value::BulkString(value), Value::Int(left)]))
        }
    };
    let Some(reply) = reply else { return };
    let parts = match &reply {
        Value::Array(parts) => parts.clone(),
        _ => Vec::new(),
    };
    let is_nothing = reply == Value::Nil;
    match fuzzing::found(&store, &key, reply, now) {
        Ok(Some(loaded)) => {
            let [Value::BulkString(value), Value::Int(_)] = &parts[..] else {
                panic!("what is no value was read as one");
            };
            assert!(value.ends_with(loaded.record.session_data.as_bytes()));
            assert!(loaded.record.expire_date > now);
        }
        Ok(None) => assert!(is_nothing || parts.len() == 2),
        Err(error) => assert_unseen(&error),
    }
}
