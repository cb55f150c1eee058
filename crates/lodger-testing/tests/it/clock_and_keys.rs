//! Time and keys from a script.

use lodger_core::{Clock, Rng, SessionKey, Span, Timestamp};
use lodger_testing::{FakeClock, SequenceRng, StuckRng};

#[test]
fn time_moves_only_when_it_is_moved() {
    let clock = FakeClock::default();
    let clone = clock.clone();
    assert_eq!(clone.now().as_micros(), 1_700_000_000_123_456);
    clock.advance(Span::from_secs(-1));
    assert_eq!(clone.now().as_micros(), 1_699_999_999_123_456);
    clone.set(Timestamp::from_secs(5));
    assert_eq!(clock.now(), Timestamp::from_secs(5));
}

#[test]
fn keys_come_in_their_order_and_then_none() {
    let keys = ["key00001abcdefghijklmnopqrstuvwx", "99999999999999999999999999999999"];
    let rng = SequenceRng::new(keys);
    // Randomness for other ends than keys leaves the script alone.
    rng.fill(&mut [0; 1]).unwrap();
    for (left, key) in [(1, keys[0]), (0, keys[1])] {
        assert_eq!(SessionKey::generate(&rng).unwrap().expose(), key);
        assert_eq!(rng.left(), left);
    }
    assert!(SessionKey::generate(&rng).is_err());
}

#[test]
fn a_stuck_source_gives_one_key() {
    let rng = StuckRng::new("key00001abcdefghijklmnopqrstuvwx");
    for _ in 0..3 {
        let key = SessionKey::generate(&rng).unwrap();
        assert_eq!(key.expose(), "key00001abcdefghijklmnopqrstuvwx");
    }
}

#[test]
#[should_panic(expected = "32 characters of a-z0-9")]
fn a_key_that_lodger_would_not_make_is_refused() {
    let _ = StuckRng::new("KEY00001abcdefghijklmnopqrstuvwx");
}
