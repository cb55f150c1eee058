//! Sessions that the browser keeps.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use lodger_backends::signed_cookies::SignedCookies;
use lodger_codec::KeyRing;
use lodger_core::{
    Clock, CookieValue, Opened, SessionDict, SessionEngine, Settings, StoredExpiry, Timestamp,
};
use lodger_testing::FakeClock;

use crate::canary::SECRET;
use crate::input::Input;
use crate::signature::{COOKIE, body, is_signed, sign};

/// Choices: the clock, whether a session's own expiry counts, and what of the cookie is signed.
///
/// Whatever is sent, it is a session only if it was signed for cookies by whoever knows the secret,
/// and is not too old; and what was signed so is read as what it is.
pub(super) fn check(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let clock = FakeClock::default();
    let settings = Settings::default();
    let age = input.choose(&[0, 1, 1_209_600, 1_209_601, 100_000_000]);
    let stamp = clock.now().as_secs() - age;
    let own_expiry = input.choose(&[false, true]);
    let mut builder = SignedCookies::builder(KeyRing::new(SECRET).expect("it is not empty"))
        .with_settings(settings.clone())
        .with_clock(clock.clone());
    if own_expiry {
        builder = builder.with_own_expiry();
    }
    let engine = Arc::new(builder.build().expect("the settings can work"));
    let how = input.choose(b"rsp");
    let cookie = match how {
        b'r' => input.rest().to_vec(),
        b's' => sign(&input.text(), COOKIE).into_bytes(),
        _ => sign(&body(input.rest(), &base62(stamp)), COOKIE).into_bytes(),
    };
    let opened = load(&engine, &cookie);
    let live = match &opened {
        Opened::Live { dict, .. } => {
            let text = std::str::from_utf8(&cookie).expect("a session is text");
            assert!(is_signed(text, COOKIE), "nobody signed it");
            Some(dict)
        }
        Opened::Fresh => None,
        _ => panic!("a cookie is a session, or none"),
    };
    if how == b'p' && cookie.len() <= settings.limits.cookie_value {
        let text: String = input.rest().iter().copied().map(char::from).collect();
        let dict = SessionDict::parse(text, settings.limits.json_depth).ok();
        let age = (clock.now() - Timestamp::from_secs(stamp)).as_micros();
        let is_young = |dict: &SessionDict| {
            age <= settings.cookie_age.as_micros() && (!own_expiry || lives(dict, age, clock.now()))
        };
        assert_eq!(live, dict.filter(is_young).as_ref());
    }
}

/// Whether the expiry that a session of this age has of its own is still to come.
fn lives(dict: &SessionDict, age: i64, now: Timestamp) -> bool {
    match StoredExpiry::of(dict, &Settings::default().date_storage) {
        StoredExpiry::At(at) => now < at,
        StoredExpiry::Sliding(span) if span.as_micros() != 0 => age <= span.as_micros(),
        _ => true,
    }
}

fn load(engine: &Arc<SignedCookies>, cookie: &[u8]) -> Opened {
    let work = Arc::clone(engine).load(CookieValue::new(cookie));
    match pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(opened) => opened.expect("nothing can fail without a store"),
        Poll::Pending => panic!("without a store there is nothing to wait for"),
    }
}

/// A number as Django writes stamps.
fn base62(mut number: i64) -> String {
    const DIGITS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut digits = Vec::new();
    while number > 0 {
        digits.push(char::from(DIGITS[usize::try_from(number % 62).expect("a remainder")]));
        number /= 62;
    }
    digits.into_iter().rev().collect()
}
