//! What the files are called.

use lodger_core::StoredKey;

/// The longest name that file systems take, in bytes.
const LONGEST: usize = 255;
/// What stands between a session's name and the random end of a temporary file's.
const STAGED: &str = "_out_";
/// How many random characters end the name of a temporary file, as in Django.
pub(super) const RANDOM: usize = 8;

/// How files are named: the cookie's name, then the key.
#[derive(Debug)]
pub(super) struct FileNames {
    prefix: String,
    longest_key: usize,
}

/// What a name in the folder says of its file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// The session under this key.
    Session(StoredKey),
    /// A save in progress, or what is left of one.
    Staged,
}

impl FileNames {
    /// For keys of at most so many bytes, as far as file names have room for them.
    pub(super) fn new(cookie_name: &str, longest_key: usize) -> Self {
        let room = LONGEST.saturating_sub(cookie_name.len() + STAGED.len() + RANDOM);
        Self { prefix: cookie_name.to_owned(), longest_key: longest_key.min(room) }
    }

    /// The name of a session's file; `None` for a key that no file is named by.
    ///
    /// # Django
    ///
    /// `_key_to_file`, which raises `InvalidSessionKey` instead.
    pub(super) fn of(&self, key: &StoredKey) -> Option<String> {
        let key = key.expose();
        self.is_key(key).then(|| format!("{}{key}", self.prefix))
    }

    /// The name of a temporary file for a session's file.
    pub(super) fn staged(name: &str, random: [u8; RANDOM / 2]) -> String {
        format!("{name}{STAGED}{:08x}", u32::from_ne_bytes(random))
    }

    /// What a name found in the folder stands for; `None` for what is none of ours.
    pub(super) fn read(&self, name: &[u8]) -> Option<Named> {
        let rest = std::str::from_utf8(name).ok()?.strip_prefix(&self.prefix)?;
        match rest.split_once(STAGED) {
            Some((key, _)) => self.is_key(key).then_some(Named::Staged),
            None => self.is_key(rest).then(|| Named::Session(StoredKey::from(rest.to_owned()))),
        }
    }

    fn is_key(&self, text: &str) -> bool {
        (1..=self.longest_key).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> StoredKey {
        StoredKey::from(text.to_owned())
    }

    /// Django: FileSessionTests.test_invalid_key_backslash
    /// Django: FileSessionTests.test_invalid_key_forwardslash
    #[test]
    fn only_small_letters_and_digits_name_a_file() {
        let names = FileNames::new("sessionid", 128);
        assert_eq!(names.of(&key("abc123")).as_deref(), Some("sessionidabc123"));
        for text in
            ["", "a/b/c", "a\\b\\c", "..", ".", "../x", "ABC", "a b", "a\0", "é", "a_out_x", "a\n"]
        {
            assert_eq!(names.of(&key(text)), None, "{text:?}");
        }
    }

    #[test]
    fn no_name_is_longer_than_a_file_system_takes() {
        assert!(FileNames::new("sessionid", 128).of(&key(&"k".repeat(128))).is_some());
        assert!(FileNames::new("sessionid", 128).of(&key(&"k".repeat(129))).is_none());
        let names = FileNames::new(&"c".repeat(150), 128);
        let name = names.of(&key(&"k".repeat(92))).expect("there is room");
        assert_eq!(FileNames::staged(&name, [0xFF; 4]).len(), 255);
        assert!(names.of(&key(&"k".repeat(93))).is_none());
        assert!(FileNames::new(&"c".repeat(300), 128).of(&key("k")).is_none());
    }

    #[test]
    fn names_are_read_back() {
        let names = FileNames::new("sessionid", 128);
        assert_eq!(names.read(b"sessionidabc"), Some(Named::Session(key("abc"))));
        let staged = FileNames::staged("sessionidabc", [1, 2, 3, 4]);
        assert_eq!(names.read(staged.as_bytes()), Some(Named::Staged));
        assert_eq!(names.read(b"sessionidabc_out_x7_b2"), Some(Named::Staged));
        for other in [
            b"otherfile" as &[u8],
            b"sessionid",
            b"sessionid_out_x",
            b".",
            b"sessionid\xFF",
            b"SESSIONIDabc",
        ] {
            assert_eq!(names.read(other), None);
        }
    }
}
