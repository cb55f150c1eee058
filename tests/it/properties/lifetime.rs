//! The limits, for any settings, data and time.

use lodger_core::{Lifetime, SessionDict, Settings, Span, Timestamp};
use proptest::prelude::*;

use super::runner;

/// What the data hold: the own expiry as JSON, the beginning and the limit of the session's own.
type Data = (Option<String>, Option<i64>, Option<i64>);

fn data() -> impl Strategy<Value = Data> {
    let expiry = prop_oneof![
        Just("0".to_owned()),
        (-10_000..10_000_i64).prop_map(|seconds| seconds.to_string()),
        any::<i64>().prop_map(|seconds| seconds.to_string()),
        Just("1e400".to_owned()),
        Just("\"2023-11-14T22:13:20+00:00\"".to_owned()),
        Just("\"9999-12-31T23:59:59+00:00\"".to_owned()),
    ];
    (prop::option::of(expiry), prop::option::of(seconds()), prop::option::of(seconds()))
}

/// Seconds, mostly of our days.
fn seconds() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => 1_699_990_000..1_700_010_000_i64,
        2 => 1..100_000_i64,
        1 => any::<i64>(),
    ]
}

fn micros() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => 1_699_990_000_000_000..1_700_010_000_000_000_i64,
        1 => any::<i64>(),
    ]
}

/// Microseconds of a limit that the settings would take.
fn limit() -> impl Strategy<Value = Option<i64>> {
    prop::option::of(prop_oneof![4 => 1_000_000..10_000_000_000_i64, 1 => 1_000_000..i64::MAX])
}

fn dict(data: &Data) -> SessionDict {
    let (expiry, began, absolute) = data;
    let member = |name: &str, value: &Option<i64>| value.map(|value| format!("\"{name}\":{value}"));
    let reserved: Vec<_> =
        [member("began", began), member("absolute", absolute)].into_iter().flatten().collect();
    let mut text = format!("{{\"_lodger\":{{{}}}", reserved.join(","));
    if let Some(expiry) = expiry {
        text.push_str(&format!(",\"_session_expiry\":{expiry}"));
    }
    text.push('}');
    SessionDict::parse(text, 10).unwrap()
}

fn settings(cookie_age: i64, idle: Option<i64>, absolute: Option<i64>) -> Settings {
    let mut settings = Settings::default();
    settings.cookie_age = Span::from_micros(cookie_age);
    settings.idle_age = idle.map(Span::from_micros);
    settings.absolute_age = absolute.map(Span::from_micros);
    settings
}

/// Promise 8
#[test]
fn no_settings_data_or_time_panic() {
    let any = any::<i64>();
    let spans = (any, prop::option::of(any), prop::option::of(any));
    let cases = (data(), spans, micros(), micros(), prop::option::of(micros()));
    let result = runner(1).run(&cases, |(data, (cookie, idle, absolute), now, end, saved)| {
        let settings = settings(cookie, idle, absolute);
        let _ = settings.check();
        let lifetime = Lifetime::of(&dict(&data), &settings, Timestamp::from_micros(now));
        let saved = saved.map(Timestamp::from_micros);
        let _ = (lifetime.is_over(), lifetime.date(), lifetime.age(), lifetime.touched(saved));
        let _ = lifetime.is_due(Timestamp::from_micros(end), saved);
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
}

/// Promise 8
#[test]
fn no_end_is_beyond_a_limit() {
    let cases = (data(), limit(), limit(), micros(), prop::option::of(micros()));
    let result = runner(1).run(&cases, |(data, idle, absolute, now, saved)| {
        let settings = settings(1_209_600_000_000, idle, absolute);
        let now = Timestamp::from_micros(now);
        let lifetime = Lifetime::of(&dict(&data), &settings, now);
        let saved = saved.map(Timestamp::from_micros);
        for end in [lifetime.date(), lifetime.touched(saved)] {
            if let Some(idle) = idle {
                prop_assert!(end <= now + Span::from_micros(idle));
            }
            let limits = [absolute.map(Span::from_micros), data.1.and(data.2).map(Span::from_secs)];
            for limit in limits.into_iter().flatten() {
                prop_assert!(end <= now + limit, "from now at most");
                if let Some(began) = data.1 {
                    prop_assert!(
                        end <= Timestamp::from_secs(began) + limit
                            || Timestamp::from_secs(began) > now
                    );
                }
            }
        }
        // What was just touched is not due.
        prop_assert!(!lifetime.is_due(lifetime.touched(saved), saved));
        // A touch gives no more than a save.
        prop_assert!(lifetime.touched(saved) <= lifetime.date() || data.0.is_some());
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
}

/// Promise 8
#[test]
fn time_moves_an_end_forward_only_and_ends_are_ends() {
    let cases = (data(), limit(), limit(), micros(), 0..1_000_000_000_000_i64);
    let result = runner(1).run(&cases, |(data, idle, absolute, now, later)| {
        let settings = settings(1_209_600_000_000, idle, absolute);
        let dict = dict(&data);
        let now = Timestamp::from_micros(now);
        let then = now + Span::from_micros(later);
        let (first, second) =
            (Lifetime::of(&dict, &settings, now), Lifetime::of(&dict, &settings, then));
        prop_assert!(first.date() <= second.date());
        prop_assert!(!first.is_over() || second.is_over(), "over is over");
        // At the end of an absolute limit, and not before, it is over.
        if data.1.is_some_and(|began| Timestamp::from_secs(began) <= now) {
            prop_assert!(!first.is_over() || first.date() <= now);
        }
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
}
