//! The real `pickle` of Python: it reads what we write, and we read what it writes.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::{env, fs, thread};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lodger_core::{DecodeError, SessionDict};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;

use super::{codec, json};
use crate::context::{dict, encode};
use crate::properties::dicts;

/// Reads lines of JSON text and, in base64, our pickle of it. Checks that the pickle is of protocol
/// 2, without byte strings and objects, and that it loads as what the JSON text means. Prints what
/// the JSON module makes of it, and pickles of protocols 2 and up.
const READ_AND_WRITE: &str = r"
import base64, json, pickle, pickletools, signal, sys
signal.alarm(60)
sys.setrecursionlimit(20000)
dumps = lambda value: json.dumps(value, separators=(',', ':'))
for line in sys.stdin:
    text, ours = line.rstrip('\n').split('\t')
    ours = base64.b64decode(ours)
    for opcode, _, _ in pickletools.genops(ours):
        assert opcode.proto <= 2, opcode.name
        assert not any(word in opcode.name for word in ('STRING', 'BYTES', 'GLOBAL', 'REDUCE'))
    loaded = pickle.loads(ours)
    assert type(loaded) is dict
    meant = json.loads(text)
    assert dumps(loaded) == dumps(meant), text
    protocols = range(2, pickle.HIGHEST_PROTOCOL + 1)
    theirs = [pickle.dumps(meant, protocol) for protocol in protocols]
    print(dumps(meant), *(base64.b64encode(each).decode() for each in theirs), sep='\t')
";

/// Prints pickles of what JSON has no form for, and the text that it is to be read as.
const WRITE: &str = r#"
import base64, datetime, pickle, signal, sys
signal.alarm(60)
if hasattr(sys, 'set_int_max_str_digits'):
    sys.set_int_max_str_digits(0)
at = datetime.datetime(2023, 11, 15, 22, 13, 25, 123456)
utc = datetime.timezone.utc
shared = [{'x': 1}]
cases = [
    ({'_session_expiry': date}, '{"_session_expiry":"%s"}' % date.isoformat())
    for date in (at, at.replace(tzinfo=utc), at.replace(microsecond=0, tzinfo=utc), at.replace(fold=1))
] + [
    ({1: 2, 2.5: 3, True: 4, None: 5, -1: 6}, '{"1":4,"2.5":3,"null":5,"-1":6}'),
    ({'t': (1, (), (2, 3))}, '{"t":[1,[],[2,3]]}'),
    ({'a': shared, 'b': shared}, '{"a":[{"x":1}],"b":[{"x":1}]}'),
    ({'n': -2 ** 20000}, '{"n":%d}' % (-2 ** 20000)),
    ({'s': '\ud83d', '\ude00': 1}, r'{"s":"\ud83d","\ude00":1}'),
    ({'b': b'bytes'}, ''),
    ({'d': at}, ''),
    ({'d': datetime.date(2023, 11, 15)}, ''),
    ({'_session_expiry': datetime.timedelta(days=1)}, ''),
    ({'_session_expiry': at.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=1)))}, ''),
    ({(1, 2): 3}, ''),
    ({'e': Exception('x')}, ''),
]
for value, text in cases:
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        print(text, base64.b64encode(pickle.dumps(value, protocol)).decode(), sep='\t')
for value, text in (({'s': {1}}, '{"s":[1]}'), ({'s': frozenset([1])}, '{"s":[1]}')):
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        expected = text if protocol >= 4 else ''
        print(expected, base64.b64encode(pickle.dumps(value, protocol)).decode(), sep='\t')
"#;

/// Runs a script and gives the lines it prints; `None`, which is made known, without a Python.
fn python(script: &str, input: String) -> Option<Vec<String>> {
    let child = Command::new("python3")
        .args(["-c", script])
        .env("PYTHONIOENCODING", "utf-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        skip("there is no python3");
        return None;
    };
    let mut stdin = child.stdin.take().expect("the input is piped");
    // Beside reading, so that neither side waits for the other.
    let writer = thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("python3 ends");
    assert!(output.status.success(), "python3: {}", output.status);
    let written = writer.join().expect("the writer does not panic");
    written.expect("python3 reads all that it is given");
    let text = String::from_utf8(output.stdout).expect("python3 prints UTF-8");
    Some(text.lines().map(str::to_owned).collect())
}

/// Makes it known, in the file that `LODGER_SKIPS` names, that this test cannot run here.
fn skip(reason: &str) {
    let Some(path) = env::var_os("LODGER_SKIPS") else { return };
    let thread = thread::current();
    let line = format!("{}: {reason}\n", thread.name().unwrap_or("unknown test"));
    let file = fs::OpenOptions::new().append(true).create(true).open(path);
    let written = file.and_then(|mut file| file.write_all(line.as_bytes()));
    written.expect("the file of skips can be written");
}

fn base64(text: &str) -> Vec<u8> {
    STANDARD.decode(text).expect("pickles are given in base64")
}

/// Floats whose shortest texts are hard to find: powers of two, where the gaps change, and eighths,
/// where two texts may be equally near.
fn floats() -> SessionDict {
    let powers = (-1074..1024).map(|power| 2f64.powi(power));
    let eighths = (0..2000_u32).map(|n| 7e13 + f64::from(n) * 123_456_789.125);
    let noise = (1..3000_u64).map(|n| f64::from_bits(n.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
    let floats: Vec<f64> =
        powers.chain(eighths).chain(noise).filter(|float| float.is_finite()).collect();
    let mut dict = SessionDict::new();
    dict.insert("f", &floats).expect("finite floats have a JSON form");
    dict
}

/// Dicts of all kinds, some of which no chance would bring.
fn samples() -> Vec<SessionDict> {
    let mut samples: Vec<SessionDict> = [
        "{}",
        r#"{"":""}"#,
        r#"{"n":[0,255,256,65535,65536,2147483647,2147483648,-2147483648,-2147483649]}"#,
        r#"{"n":[9223372036854775807,9223372036854775808,-9223372036854775808,-0]}"#,
        r#"{"f":[1.5,-0.0,1e16,1e15,1e-5,5e-324,1e400,-1e400,NaN,1.10,123456789.123456789e3]}"#,
        r#"{"s":"\ud83d","p":"\ud83d\ude00","r":"\ude00\ud83d","\ud800":1,"e":"\u007f\/\u0000"}"#,
        r#"{"a":[[],{},[{}],{"a":[]}],"a":1}"#,
    ]
    .map(dict)
    .into();
    samples.push(dict(&format!(r#"{{"n":[{}, -{}]}}"#, "7".repeat(612), "8".repeat(4300))));
    samples.push(dict(&format!(r#"{{"s":"{}"}}"#, "\\u20ac".repeat(70_000))));
    samples.push(dict(&format!(r#"{{"l":[{}1]}}"#, "1,".repeat(5000))));
    samples.push(floats());
    let mut runner = TestRunner::deterministic();
    let strategy = dicts();
    let mut sample = || strategy.new_tree(&mut runner).expect("few dicts are too deep").current();
    samples.extend((0..300).map(|_| sample()));
    samples
}

/// Promise 15
#[test]
fn python_reads_what_we_write_and_we_read_what_it_writes() {
    let samples = samples();
    let line = |written: &SessionDict| {
        let pickle = encode(&codec(), written).unwrap();
        format!("{}\t{}\n", written.to_json(), STANDARD.encode(pickle.as_bytes()))
    };
    let Some(lines) = python(READ_AND_WRITE, samples.iter().map(line).collect()) else { return };
    assert_eq!(lines.len(), samples.len());
    for (line, written) in lines.iter().zip(&samples) {
        let (meant, theirs) = line.split_once('\t').unwrap();
        let theirs: Vec<&str> = theirs.split('\t').collect();
        assert!(theirs.len() >= 3);
        for pickle in theirs {
            assert_eq!(json(&codec(), &base64(pickle)).unwrap(), meant);
        }
        assert_eq!(dict(meant).len(), written.len());
    }
}

#[test]
fn what_json_has_no_form_for_is_read_or_refused_in_every_protocol() {
    let Some(lines) = python(WRITE, String::new()) else { return };
    assert!(lines.len() >= 18 * 3);
    let (mut read, mut refused) = (0, 0);
    for line in &lines {
        let (text, pickle) = line.split_once('\t').unwrap();
        let answer = json(&codec(), &base64(pickle));
        match text {
            "" => {
                assert!(matches!(answer, Err(DecodeError::Malformed { .. })), "{answer:?}");
                refused += 1;
            }
            text => {
                assert_eq!(answer.as_deref(), Ok(text));
                read += 1;
            }
        }
    }
    assert!(read > 0 && refused > 0);
}
