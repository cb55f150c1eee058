//! The `Cookie` headers of a request.

use lodger_core::{Presented, Settings};
use lodger_http::cookie;

use crate::canary::KEY;
use crate::input::Input;
use crate::memory;

/// Choices: limits. Lines of the rest are headers.
///
/// Limits are kept, in memory too, and only ever take away. Where headers are broken does not
/// matter. Whatever stands before, the last cookie of our name is ours.
pub(super) fn check(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let mut settings = Settings::default();
    settings.limits.cookie_header = input.choose(&[64 << 10, 42, 100, 1000]);
    settings.limits.cookie_value = input.choose(&[4096, 32, 60]);
    let headers: Vec<&[u8]> = input.rest().split(|byte| *byte == b'\n').collect();
    let read = |headers: &[&[u8]], settings: &Settings| {
        let memory = 4 * settings.limits.cookie_value + 1024;
        memory::at_most(memory, || cookie::read(headers.iter().copied(), settings))
    };

    let presented = read(&headers, &settings);
    let total: usize = headers.iter().map(|header| header.len()).sum();
    let mut free = settings.clone();
    free.limits.cookie_header = usize::MAX;
    free.limits.cookie_value = bytes.len();
    let unlimited = read(&headers, &free);
    match (&presented, &unlimited) {
        (Presented::Absent, found) => {
            assert!(*found == Presented::Absent || total > settings.limits.cookie_header);
        }
        (Presented::Value(value), Presented::Value(found)) => {
            assert!(total <= settings.limits.cookie_header);
            let fits = found.expose().len() <= settings.limits.cookie_value;
            assert_eq!(value.expose(), if fits { found.expose() } else { &[] });
            assert!(format!("{value:?}").len() < 60, "only the length is printed");
        }
        (Presented::Value(_), Presented::Absent) => panic!("a limit made a cookie"),
    }

    let parts: Vec<&[u8]> = input.rest().split(|byte| b"\n;".contains(byte)).collect();
    assert_eq!(read(&parts, &free), unlimited, "headers count as one list");

    let ours = format!("sessionid={KEY}");
    let appended = [&headers[..], &[ours.as_bytes()]].concat();
    free.limits.cookie_value = 4096;
    let found = read(&appended, &free);
    assert_eq!(found.value().map(|value| value.expose()), Some(KEY.as_bytes()));
}
