//! Pickles made to harm whoever reads them.

use lodger_core::{DecodeError, JsonError};

use super::{bounded, codec, json};
use crate::warnings::warnings;

fn is_malformed(pickle: &[u8]) -> bool {
    matches!(json(&codec(), pickle), Err(DecodeError::Malformed { .. }))
}

/// Promise 15
#[test]
fn nothing_that_a_pickle_names_is_called() {
    let marker = std::env::temp_dir().join(format!("lodger-pickle-{}", std::process::id()));
    let command = format!("touch {}", marker.display());
    let length = u8::try_from(command.len()).unwrap();
    let binary = [&b"\x80\x02}U\x01acos\nsystem\nU"[..], &[length], command.as_bytes(), b"\x85Rs."];
    let stacked = [
        &b"\x80\x04}\x8c\x01a\x8c\x05posix\x8c\x06system\x93\x8c"[..],
        &[length],
        command.as_bytes(),
        b"\x85Rs.",
    ];
    let textual = format!("(dS'a'\ncos\nsystem\n(S'{command}'\ntRs.");
    for pickle in [binary.concat(), stacked.concat(), textual.into_bytes()] {
        let (malformed, heard) = warnings(|| is_malformed(&pickle));
        assert!(malformed && heard.is_empty());
    }
    assert!(!marker.exists());
}

/// Promise 15
#[test]
fn objects_that_take_their_values_from_elsewhere_are_refused() {
    for pickle in [
        &b"\x80\x02c__builtin__\nset\n]K\x01a\x85R."[..],
        b"\x80\x02}U\x01acdecimal\nDecimal\nU\x0519.90\x85Rs.",
        b"\x80\x02ccollections\nOrderedDict\n)R.",
        b"\x80\x02ccopy_reg\n_reconstructor\nc__builtin__\nobject\n\x87R.",
        b"\x80\x02cdjango.contrib.sessions.backends.db\nSessionStore\n)\x81}b.",
        b"\x80\x02cdatetime\ndatetime\nU\x0a\x07\xe7\x0b\x0f\x16\x0d\x19\0\0\0c__main__\nzone\n\x86R.",
        b"\x80\x02}U\x01aPspam\ns.",
        b"\x80\x02}U\x01a\x82\x01s.",
        b"\x80\x05\x96\x01\0\0\0\0\0\0\0a.",
        b"\x80\x05\x97.",
    ] {
        assert!(is_malformed(pickle), "{pickle:?}");
    }
}

/// Promise 10
#[test]
fn lengths_that_are_not_there_take_no_memory() {
    let ten_megabytes = 10_000_000_u32.to_le_bytes();
    let most = [0xff; 8];
    for opcode in [b'X', b'T', b'B', 0x8b] {
        for length in [&ten_megabytes[..], &most[..4]] {
            assert!(is_malformed(&[&b"}U\x01a"[..], &[opcode], length, b"abcs."].concat()));
        }
    }
    for opcode in [0x8d, 0x8e, 0x95, 0x96] {
        for length in [&[&ten_megabytes[..], &[0; 4]].concat()[..], &most] {
            assert!(is_malformed(&[&b"}U\x01a"[..], &[opcode], length, b"abcs."].concat()));
        }
    }
    for place in [&b"\xff\xff\xff\xff"[..], b"\xff\xff\xff\x7f", b"\0\0\0\x01"] {
        assert!(is_malformed(&[b"}r", place, b"."].concat()));
        assert!(is_malformed(&[b"}j", place, b"."].concat()));
    }
}

/// Promise 10
#[test]
fn references_of_references_are_bounded() {
    // A list that holds ten times the one before it, forty times over: 10^40 texts in 1 KB.
    let mut bomb = b"\x80\x04]\x8c\x03lola\x94".to_vec();
    for place in 0..40 {
        bomb.extend([b']', b'(']);
        bomb.extend([b'h', place].repeat(10));
        bomb.extend([b'e', 0x94]);
    }
    bomb.extend(b"}\x8c\x01ah\x28s.");
    assert_eq!(json(&codec(), &bomb), Err(DecodeError::TooLarge { limit: 8 << 20 }));
    // Tuples and dicts multiply as well.
    let mut bomb = b"\x80\x04)\x94".to_vec();
    for place in 0..60 {
        bomb.extend([b'h', place, b'h', place, 0x86, 0x94]);
        bomb.extend([b'0']);
    }
    bomb.extend(b"}\x8c\x01ah\x3cs.");
    assert_eq!(json(&codec(), &bomb), Err(DecodeError::TooLarge { limit: 8 << 20 }));
    // One long text, many times.
    let text = "x".repeat(100_000);
    let mut bomb = [&b"\x80\x04}\x8c\x01a](X\xa0\x86\x01\0"[..], text.as_bytes(), b"\x94"].concat();
    bomb.extend(b"h\0".repeat(100_000));
    bomb.extend(b"es.");
    assert_eq!(json(&codec(), &bomb), Err(DecodeError::TooLarge { limit: 8 << 20 }));
}

/// Promise 15
#[test]
fn what_contains_itself_is_refused_even_without_a_limit() {
    let unlimited = bounded(|limits| {
        limits.json_depth = usize::MAX;
        limits.inflated = usize::MAX;
    });
    for pickle in
        [&b"}\x94\x8c\x01ah\0s."[..], b"}\x8c\x01a]\x94h\0as.", b"}\x8c\x01a]\x94(h\0tas."]
    {
        assert!(matches!(json(&unlimited, pickle), Err(DecodeError::Malformed { .. })));
    }
}

/// Promise 15
#[test]
fn deep_nesting_costs_no_stack() {
    const DEPTH: usize = 1_000_000;
    let deep = bounded(|limits| limits.session_data = usize::MAX);
    for (open, close) in [(&b"]"[..], &b"a"[..]), (b"}U\x01a", b"s"), (b"(", b"t"), (b"](", b"e")] {
        let core = if open == b"]" { &b"]"[..] } else { b"N" };
        let pickle = [&b"}U\x01a"[..], &open.repeat(DEPTH), core, &close.repeat(DEPTH), b"s."];
        let error = json(&deep, &pickle.concat()).unwrap_err();
        assert_eq!(error, DecodeError::Content(JsonError::TooDeep));
    }
    // Without a limit of depth either it is read to its end.
    let unlimited = bounded(|limits| {
        limits.session_data = usize::MAX;
        limits.json_depth = usize::MAX;
    });
    let pickle = [&b"}U\x01a"[..], &b"(".repeat(DEPTH), b"N", &b"t".repeat(DEPTH), b"s."].concat();
    assert_eq!(json(&unlimited, &pickle).unwrap().len(), 2 * DEPTH + 10);
}

/// Promise 10
#[test]
fn integers_take_bounded_time() {
    let long = |bytes: usize| {
        let length = u32::try_from(bytes).unwrap().to_le_bytes();
        [&b"}U\x01a\x8b"[..], &length, &vec![0x77; bytes], b"s."].concat()
    };
    assert!(json(&codec(), &long(30_000)).is_ok());
    assert!(is_malformed(&long(1_000_000)));
    // Many that are short enough each.
    let mut many = b"}U\x01a](".to_vec();
    for _ in 0..30 {
        many.extend([&b"\x8b\x30\x75\0\0"[..], &[0x77; 30_000]].concat());
    }
    many.extend(b"es.");
    assert!(is_malformed(&many));
}
