//! What an error of the file system means for a session.
//!
//! The names of the files contain the keys, so no text here names a file.

use std::io;

use lodger_core::StoreError;
use rustix::io::Errno;

/// What was attempted with a file, as the texts say it.
#[derive(Clone, Copy)]
pub(super) enum Attempt {
    Read,
    Lock,
    Write,
    Remove,
    List,
}

impl Attempt {
    fn as_str(self) -> &'static str {
        match self {
            Self::Read => "a session's file cannot be read",
            Self::Lock => "a session's file cannot be locked",
            Self::Write => "a session's file cannot be written",
            Self::Remove => "a session's file cannot be removed",
            Self::List => "the folder of session files cannot be listed",
        }
    }
}

/// Surely nothing was applied.
pub(super) fn unavailable(attempt: Attempt, error: &io::Error) -> StoreError {
    StoreError::unavailable(format!("{}: {}", attempt.as_str(), reason(error)))
}

/// Of the one step that applies: an error of the disk itself leaves open what became of it.
pub(super) fn unapplied(attempt: Attempt, error: &io::Error) -> StoreError {
    let text = format!("{}: {}", attempt.as_str(), reason(error));
    match Errno::from_io_error(error) {
        Some(Errno::IO) => StoreError::unknown(text),
        _ => StoreError::unavailable(text),
    }
}

/// It was applied, and may not survive a loss of power.
pub(super) fn unsettled(error: &io::Error) -> StoreError {
    StoreError::unknown(format!(
        "a change was made, and it may not be on the disk: {}",
        reason(error)
    ))
}

/// It is there, and may not be on the disk.
pub(super) fn unsettled_key() -> StoreError {
    StoreError::unavailable("a new session's file may not be on the disk yet")
}

/// A clearing has come to its end, and left some.
pub(super) fn passed_over(files: u64, last: &io::Error) -> StoreError {
    let files = if files == 1 { "1 file was".to_owned() } else { format!("{files} files were") };
    StoreError::unavailable(format!(
        "expired sessions were cleared, but {files} passed over, the last for this reason: {}",
        reason(last)
    ))
}

/// All the calls that may do their work at once do it still.
pub(super) fn crowded() -> StoreError {
    StoreError::unavailable("too many calls to the session files are under way: the disk is slow")
}

/// The place that a clearing had come to was given up for others.
pub(super) fn broken_off() -> StoreError {
    StoreError::unavailable(
        "too many clearings are under way at once, and this one was broken off: let the others end",
    )
}

/// Another process or request holds the file.
pub(super) fn busy() -> StoreError {
    StoreError::unavailable("a session's file stayed locked by others until the deadline")
}

/// No file, but a link, a folder, a pipe, a socket or a device.
pub(super) fn no_file() -> StoreError {
    StoreError::unavailable(
        "something else lies where a session's file goes: look in the folder for what is no regular \
         file, and who put it there",
    )
}

/// The folder itself is no more.
pub(super) fn no_folder() -> StoreError {
    StoreError::unavailable(
        "the folder of session files was removed: make it again and restart this program",
    )
}

/// Whether an attempt to open met what is no file and cannot be opened as one.
pub(super) fn is_no_file(error: &io::Error) -> bool {
    matches!(
        Errno::from_io_error(error),
        Some(Errno::LOOP | Errno::ISDIR | Errno::NXIO | Errno::NODEV)
    )
}

/// Whether it is about one file only, so that a clearing may pass it over.
pub(super) fn is_foreign(error: &io::Error) -> bool {
    is_no_file(error) || matches!(Errno::from_io_error(error), Some(Errno::ACCESS | Errno::PERM))
}

fn reason(error: &io::Error) -> String {
    let reason = match Errno::from_io_error(error) {
        Some(Errno::NOSPC) => "its file system is full: make room there",
        Some(Errno::DQUOT) => "the disk quota is used up: raise it, or make room",
        Some(Errno::FBIG) => "files may not get so large: raise the limit (ulimit -f)",
        Some(Errno::ROFS) => "its file system is mounted read-only",
        Some(Errno::ACCESS | Errno::PERM) => {
            "this user may not: let it own the folder and the files in it"
        }
        Some(Errno::MFILE | Errno::NFILE) => "too many files are open: raise the limit (ulimit -n)",
        Some(Errno::IO) => "the disk reports an error: look at the log of the system",
        Some(errno) => return format!("the system's error {}", errno.raw_os_error()),
        None => return error.kind().to_string(),
    };
    reason.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Promise 9
    #[test]
    fn only_an_error_of_the_disk_leaves_open_what_was_applied() {
        for errno in [Errno::NOSPC, Errno::DQUOT, Errno::ROFS, Errno::ACCESS, Errno::MFILE] {
            let error = unapplied(Attempt::Write, &errno.into());
            assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
        }
        let error = unapplied(Attempt::Write, &Errno::IO.into());
        assert!(matches!(error, StoreError::Unknown { .. }), "{error}");
        let error = unavailable(Attempt::Write, &Errno::IO.into());
        assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
    }

    #[test]
    fn the_texts_tell_what_to_do() {
        let text = |errno: Errno| unavailable(Attempt::Write, &errno.into()).to_string();
        assert!(text(Errno::NOSPC).contains("make room"));
        assert!(text(Errno::ACCESS).contains("own the folder"));
        assert!(text(Errno::NFILE).contains("raise the limit"));
        assert!(text(Errno::XDEV).ends_with("the system's error 18"));
    }
}
