//! What a memcached server says.

use lodger_backends::memcached::{MemcachedStore, fuzzing};
use lodger_core::{StoredKey, Timestamp};

use crate::canary::{KEY, assert_unseen};
use crate::input::Input;
use crate::memory;

/// The largest item that is read.
const LARGEST: usize = 1 << 14;

/// Choices: whether the rest is a reply, a value in a reply, or what a server tells of itself.
///
/// Any bytes are a reply or an error, which quotes none of them; memory is bounded by the largest
/// item, whatever length is announced; a whole value is read as it is.
pub(super) fn check(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let store = MemcachedStore::connect("memcached://localhost/").expect("the URL is one");
    let store = store.with_largest_item(LARGEST);
    let key = StoredKey::from(format!("{KEY}0123456789"));
    let now = Timestamp::from_secs(1_700_000_000);
    let load =
        |reply: &[u8]| memory::at_most(4 * LARGEST, || fuzzing::loaded(&store, &key, reply, now));
    match input.choose(b"rvs") {
        b'r' => match load(input.rest()) {
            Ok(Some(loaded)) => {
                assert!(loaded.record.expire_date > now);
                assert!(loaded.record.session_data.as_bytes().len() <= LARGEST);
                assert!(input.rest().starts_with(b"VA"));
            }
            Ok(None) => {}
            Err(error) => assert_unseen(&error),
        },
        b'v' => {
            let value = [b"1700000000000001:", input.rest()].concat();
            let line = format!("VA {} c7 f0 t-1\r\n", value.len());
            let reply = [line.as_bytes(), &value, b"\r\n", KEY.as_bytes()].concat();
            let loaded = load(&reply).map(|loaded| loaded.map(|loaded| loaded.record.session_data));
            match loaded {
                Ok(data) => assert_eq!(data.expect("it is live").as_bytes(), input.rest()),
                Err(error) => {
                    assert!(value.len() > LARGEST);
                    assert_unseen(&error);
                }
            }
            let cut = &reply[..reply.len() - KEY.len() - 1];
            assert!(load(cut).is_err(), "a value that is cut is no value");
        }
        _ => {
            let told = [input.rest(), b"\r\nEND\r\n"].concat();
            match memory::at_most(4 * LARGEST, || fuzzing::boot(&told)) {
                Ok((pid, _)) => {
                    let said = format!("STAT pid {pid}\r\n");
                    let plus = format!("STAT pid +{pid}\r\n");
                    let text = String::from_utf8_lossy(&told);
                    let zeros = text.contains("STAT pid 0") || text.contains("STAT pid +0");
                    assert!(zeros || text.contains(said.trim()) || text.contains(plus.trim()));
                }
                Err(error) => assert_unseen(&error),
            }
        }
    }
}
