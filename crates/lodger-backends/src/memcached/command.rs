//! What is said to a server: meta commands.
//!
//! Names are checked before they get here, so that none ends a command and begins another; values are
//! sent with their length.

/// When a value is to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Whatever is there.
    Always,
    /// Where nothing is.
    IfAbsent,
    /// In the place of the value of this number.
    Replacing(u64),
}

/// What is written.
#[derive(Clone, Debug)]
pub(super) struct Put {
    pub(super) value: Vec<u8>,
    pub(super) flags: u32,
    /// In the server's terms.
    pub(super) exptime: i64,
}

/// Reads value, number, flags and how long it is kept.
pub(super) fn get(name: &str) -> Vec<u8> {
    format!("mg {name} v c t f\r\n").into_bytes()
}

/// Writes, and asks for the new number.
pub(super) fn set(name: &str, mode: Mode, put: &Put) -> Vec<u8> {
    let Put { value, flags, exptime } = put;
    let mode = match mode {
        Mode::Always => String::new(),
        Mode::IfAbsent => " ME".to_owned(),
        Mode::Replacing(cas) => format!(" C{cas}"),
    };
    let line = format!("ms {name} {} c F{flags} T{exptime}{mode}\r\n", value.len());
    [line.as_bytes(), value, b"\r\n"].concat()
}

/// Deletes, if a number is stated only the value of that one.
pub(super) fn delete(name: &str, cas: Option<u64>) -> Vec<u8> {
    let condition = cas.map(|cas| format!(" C{cas}")).unwrap_or_default();
    format!("md {name}{condition}\r\n").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_as_memcached_reads_them() {
        let put = Put { value: b"a\r\nb".to_vec(), flags: 1, exptime: -1 };
        for (command, text) in [
            (get("name"), "mg name v c t f\r\n"),
            (set("name", Mode::Always, &put), "ms name 4 c F1 T-1\r\na\r\nb\r\n"),
            (set("name", Mode::IfAbsent, &put), "ms name 4 c F1 T-1 ME\r\na\r\nb\r\n"),
            (set("name", Mode::Replacing(7), &put), "ms name 4 c F1 T-1 C7\r\na\r\nb\r\n"),
            (delete("name", None), "md name\r\n"),
            (delete("name", Some(7)), "md name C7\r\n"),
        ] {
            assert_eq!(String::from_utf8(command).unwrap(), text);
        }
    }
}
